/** Types that clients may write, and where the directory and the store keep them (DESIGN 4). */
import type { DirectoryKind } from '../../../terms/directory.ts';

const KINDS: Readonly<Record<string, DirectoryKind>> = {
  Observation: 'loose',
  DiagnosticReport: 'loose',
  Specimen: 'loose',
  Patient: 'patient',
  Encounter: 'encounter',
  ServiceRequest: 'service-request',
  Organization: 'organization',
  Practitioner: 'practitioner',
  PractitionerRole: 'practitioner-role',
  RelatedPerson: 'related-person',
  Location: 'location',
  Device: 'device',
  Consent: 'consent',
};

export const WRITTEN_TYPES: readonly string[] = Object.keys(KINDS);

/** Undefined: the type is not written here. */
export function kindOfType(type: string): DirectoryKind | undefined {
  return Object.hasOwn(KINDS, type) ? KINDS[type] : undefined;
}
