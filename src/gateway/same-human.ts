/** Who is certainly the same human now. */
import type { StoreTx } from '../ports/store-tx.ts';
import type { PatientRef } from '../terms/patient-link.ts';

/** The Patient first, then all others that are the same human now. */
export async function sameHuman(tx: StoreTx, patient: PatientRef): Promise<readonly PatientRef[]> {
  const records = new Map([[patient.patient, patient]]);
  for (const { person } of await tx.linksOf(patient)) {
    for (const { patient: other } of await tx.membersOf(person)) records.set(other.patient, other);
  }
  return [...records.values()];
}
