/** Synthetic messages for the HL7 v2 tests. */
import { type Charset } from '../../../../src/formats/hl7v2/charset.ts';
import { encode } from '../../../../src/formats/hl7v2/encode.ts';

export interface SampleOptions {
  readonly label?: string;
  readonly name?: string;
  readonly application?: string;
  readonly version?: string;
  readonly value?: string;
  readonly conditions?: readonly [string, string];
}

/** A small ORU^R01 as text, segments ended by CR. */
export function sample(options: SampleOptions = {}): string {
  const [accept, application] = options.conditions ?? ['', ''];
  return [
    `MSH|^~\\&|${options.application ?? 'LIS'}|H01|GW|REGION|20260301101530||ORU^R01^ORU_R01|MSG1|P|${options.version ?? '2.5.1'}|||${accept}|${application}||${options.label ?? ''}`,
    `PID|1||P1^^^H01^MR||${options.name ?? 'DOE^JANE'}`,
    'OBR|1|O1|L1|CBC^Blood count^L',
    `OBX|1|NM|WBC^Leukocytes^L||${options.value ?? '6.31'}|10*9/L|3.5-9.5|N|||F`,
    'OBX|2|NM|HGB^Haemoglobin^L||142|g/L|130-175|N|||F',
    '',
  ].join('\r');
}

export function bytesOf(text: string, charset: Charset = 'utf-8'): Uint8Array {
  const { value, problems } = encode(text, charset);
  if (value === undefined || problems.length > 0) throw new Error('the sample does not fit the character set');
  return value;
}

export function codesOf({ problems }: { readonly problems: readonly { readonly code: string }[] }): readonly string[] {
  return problems.map((problem) => problem.code);
}
