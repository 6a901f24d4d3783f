/** Pseudonyms in audit, ledger and exports: HMAC of what is a facility's own, under PSEUDONYM_KEY. */
import { joinKey } from '../base/digest.ts';
import type { FacilityId } from '../terms/facility.ts';
import type { PatientRef } from '../terms/patient-link.ts';
import type { Gateway } from './gateway.ts';

type Pseudonyms = Pick<Gateway, 'pseudonym'>;

export function patientMac({ pseudonym }: Pseudonyms, patient: PatientRef): string {
  return pseudonym.text(joinKey('patient', patient.facility, patient.patient));
}

/** '' without an encounter. */
export function encounterMacOf({ pseudonym }: Pseudonyms, facility: FacilityId, encounter: string | undefined): string {
  return encounter === undefined ? '' : pseudonym.text(joinKey('encounter', facility, encounter));
}

/** '' where nobody is named. */
export function practitionerMacOf({ pseudonym }: Pseudonyms, facility: FacilityId, practitioner = ''): string {
  return practitioner === '' ? '' : pseudonym.text(joinKey('practitioner', facility, practitioner));
}

/** Of the order's key, which is the asker's own. */
export function orderMacOf({ pseudonym }: Pseudonyms, facility: FacilityId, key: string): string {
  return pseudonym.text(joinKey('order', facility, key));
}
