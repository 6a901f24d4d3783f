/** What a steward does about identity: link, un-link, opt out; each audited, each undone without loss. */
import { done, type Outcome, refuse } from '../base/outcome.ts';
import type { StoreTx } from '../ports/store-tx.ts';
import type { Instant } from '../terms/instant.ts';
import type { PatientRef } from '../terms/patient-link.ts';
import { refusalOf } from './answer.ts';
import { patientMac } from './pseudonyms.ts';
import type { Gateway } from './gateway.ts';
import { lookAgainAtPatient } from './look-again.ts';
import { sameHuman } from './same-human.ts';

/** Puts both Patients into one Person's set, on the steward's word. */
export async function linkPatients(
  gateway: Gateway,
  input: { readonly patient: PatientRef; readonly to: PatientRef; readonly steward: string },
): Promise<Outcome<{ person: string }>> {
  if (input.patient.patient === input.to.patient) return refuse(refusalOf('incorrect', 'gateway/same-patient', 'to'));
  const at = gateway.clock.now();
  return gateway.store.transaction(async (tx) => {
    const known = await tx.readResources(
      [input.patient, input.to].map(({ bucket, patient }) => ({ bucket, id: patient })),
    );
    if (known.length < 2) return refuse(refusalOf('not-found', 'gateway/unknown-patient', 'patient'));
    const [mine, theirs] = [await tx.linksOf(input.patient), await tx.linksOf(input.to)];
    const person = theirs[0]?.person ?? mine[0]?.person ?? gateway.random.uuid();
    for (const patient of [input.patient, input.to]) {
      const links = patient === input.patient ? mine : theirs;
      if (links.some((link) => link.person === person)) continue;
      for (const link of links) await tx.closeLink(patient, link.person, at, input.steward);
      if (links.length > 0) await lookAgainAtPatient(tx, patient, at);
      await tx.openLink({
        patient,
        person,
        certainty: 'certain',
        ground: 'steward',
        by: input.steward,
        from: at,
        to: null,
      });
    }
    await tx.closeIdentityItems(input.patient, at);
    await auditSteward(gateway, tx, { action: 'link', patient: input.patient, steward: input.steward });
    return done({ person });
  });
}

/** Takes a Patient out of its Person's set; its results stay where they are. */
export async function unlinkPatient(
  gateway: Gateway,
  input: { readonly patient: PatientRef; readonly steward: string },
): Promise<Outcome<{ closed: number }>> {
  const at = gateway.clock.now();
  return gateway.store.transaction(async (tx) => {
    if (!(await isKnown(tx, input.patient)))
      return refuse(refusalOf('not-found', 'gateway/unknown-patient', 'patient'));
    const links = await tx.linksOf(input.patient);
    for (const link of links) await tx.closeLink(input.patient, link.person, at, input.steward);
    await tx.closeIdentityItems(input.patient, at);
    if (links.length > 0) await lookAgainAtPatient(tx, input.patient, at);
    await auditSteward(gateway, tx, { action: 'unlink', patient: input.patient, steward: input.steward });
    return done({ closed: links.length });
  });
}

/**
 * A patient's word that results of other facilities stay closed: the legal basis fails from now on. It is kept with
 * every record that is the same human now, so that it outlives a link.
 */
export async function setOptOut(
  gateway: Gateway,
  input: { readonly patient: PatientRef; readonly optOut: boolean; readonly steward: string },
): Promise<Outcome<{ optOut: boolean }>> {
  const at = gateway.clock.now();
  return gateway.store.transaction(async (tx) => {
    if (!(await isKnown(tx, input.patient)))
      return refuse(refusalOf('not-found', 'gateway/unknown-patient', 'patient'));
    await optOutEverywhere(tx, input.patient, input.optOut, at);
    await auditSteward(gateway, tx, { action: 'opt-out', patient: input.patient, steward: input.steward });
    return done({ optOut: input.optOut });
  });
}

/** On every record that is the same human now, so that the patient's word outlives a link. */
export async function optOutEverywhere(tx: StoreTx, patient: PatientRef, optOut: boolean, at: Instant): Promise<void> {
  for (const record of await sameHuman(tx, patient)) await tx.setOptOut(record, optOut, at);
}

async function isKnown(tx: StoreTx, { bucket, patient }: PatientRef): Promise<boolean> {
  return (await tx.readResources([{ bucket, id: patient }])).length > 0;
}

async function auditSteward(
  gateway: Gateway,
  tx: StoreTx,
  act: { readonly action: 'link' | 'unlink' | 'opt-out'; readonly patient: PatientRef; readonly steward: string },
): Promise<void> {
  await tx.insertAudit([
    {
      id: gateway.random.uuid(),
      at: gateway.clock.now(),
      facility: null,
      actor: act.steward,
      action: act.action,
      patientMac: patientMac(gateway, act.patient),
      encounterMac: '',
      purpose: '',
      outcome: 'success',
      detail: '',
    },
  ]);
}
