/** Small synthetic messages for tests of the mapping: segments in, what was mapped out. */
import { parse } from '../../src/formats/hl7v2/parse.ts';
import { DEFAULT_PROFILE, type FacilityProfile } from '../../src/terms/facility.ts';
import type { Observation } from '../../src/terms/fhir.ts';
import type { Mapped } from '../../src/terms/mapped.ts';
import { mapText } from './map-fixture.ts';

export const PID = 'PID|1||P0001^^^LIS^MR||张^三||19900101|M';
export const OBR = 'OBR|1|O1|L1|CBC^血常规^L|||20260301090500+0800|||||||||||||||20260301101500+0800||LAB|F';
export const OBX = 'OBX|1|NM|WBC^白细胞^L||6.31|10*9/L|3.5-9.5|N|||F';

export function msh(trigger = 'ORU^R01', controlId = 'M1', processing = 'P'): string {
  return `MSH|^~\\&|LIS|H1|GW|R|20260301101530+0800||${trigger}|${controlId}|${processing}|2.5.1`;
}

/** Maps the segments; a message without MSH gets one. */
export function mapSegments(segments: readonly string[], profile: FacilityProfile = DEFAULT_PROFILE): Mapped {
  const lines = segments[0]?.startsWith('MSH') === true ? segments : [msh(), ...segments];
  const message = parse(lines.join('\r')).value;
  if (message === undefined) throw new Error('the test message is not read');
  return mapText(message, profile);
}

export function observationsOf(mapped: Mapped): readonly (Observation & { id: string })[] {
  return mapped.patients
    .flatMap(({ reports }) => reports.flatMap(({ elements }) => elements.map(({ resource }) => resource)))
    .filter((resource) => resource.resourceType === 'Observation') as unknown as (Observation & { id: string })[];
}

export function problemsOf(mapped: Mapped): readonly string[] {
  return mapped.problems.map(({ code, at }) => `${code} ${at}`);
}
