/**
 * Identity on the path: gathers what is known of a message's Patients, lets `identity/` judge, and
 * records links and queue items. A Patient whose identity facts did not change costs one read.
 */
import { base32 } from '../base/bytes.ts';
import { joinKey } from '../base/digest.ts';
import type { Problem } from '../base/problem.ts';
import { factsOfPatient } from '../identity/facts-of-patient.ts';
import { identityKeys } from '../identity/identity-keys.ts';
import { layOver, layOverFacts } from '../identity/lay-over.ts';
import { judgeIdentity } from '../identity/judge-identity.ts';
import type { Judgement, PreviousRecord, StandingRecord } from '../identity/judgement.ts';
import { sameFacts } from '../identity/same-facts.ts';
import type { DirectoryRow, IdentifierRow, StoreTx } from '../ports/store-tx.ts';
import type { Facility, FacilityId } from '../terms/facility.ts';
import type { Patient } from '../terms/fhir.ts';
import type { Instant } from '../terms/instant.ts';
import type { IdentityFacts, Mapped } from '../terms/mapped.ts';
import type { PatientLink, PatientRef } from '../terms/patient-link.ts';
import type { Gateway } from './gateway.ts';
import { lookAgainAtPatient } from './look-again.ts';
import { bucketOfText, bucketText, businessMac } from './id-source.ts';
import type { Sighting } from './arrival.ts';

/** The directory's owner of what belongs to the whole region: persons (SETTLED 10). */
export const REGION = 'region' as FacilityId;

export interface SettledPatients {
  readonly problems: readonly Problem[];
}

export async function settlePatients(
  gateway: Gateway,
  tx: StoreTx,
  input: {
    readonly mapped: Mapped;
    readonly rows: ReadonlyMap<string, DirectoryRow>;
    readonly production: boolean;
    readonly arrival: Sighting;
    readonly facilities: ReadonlyMap<FacilityId, Facility>;
  },
): Promise<SettledPatients> {
  const { facility, receivedAt } = input.arrival;
  const problems: Problem[] = [];
  for (const { patient } of input.mapped.patients) {
    if (patient === undefined) continue;
    const fresh = input.rows.get(patient.resource.id)?.fresh ?? true;
    problems.push(
      ...(await settlePatient(gateway, tx, {
        patient: { bucket: patient.bucket, patient: patient.resource.id, facility: facility.id },
        resource: patient.resource,
        facts: patient.facts,
        fresh,
        production: input.production,
        facility,
        facilities: input.facilities,
        at: receivedAt,
      })),
    );
  }
  return { problems };
}

export interface PatientSight {
  readonly patient: PatientRef;
  readonly resource: Patient & { id: string };
  readonly facts: IdentityFacts;
  /** First sight: the directory row was just written. */
  readonly fresh: boolean;
  /** Test patients are stored and never linked. */
  readonly production: boolean;
  readonly facility: Facility;
  readonly facilities: ReadonlyMap<FacilityId, Facility>;
  readonly at: Instant;
}

/** Stores one Patient as seen now, and judges its link when it is new or its facts changed (SETTLED 8). */
export async function settlePatient(gateway: Gateway, tx: StoreTx, sight: PatientSight): Promise<readonly Problem[]> {
  const { patient } = sight;
  const [stored] = sight.fresh ? [] : await tx.readResources([{ bucket: patient.bucket, id: patient.patient }]);
  const known = stored?.resource as unknown as (Patient & { id: string }) | undefined;
  const before = known === undefined ? undefined : factsOfPatient(known);
  const { profile } = sight.facility;
  const resource = layOver(known, sight.resource);
  await tx.writeResources([{ bucket: patient.bucket, resource }], { facility: patient.facility, at: sight.at });
  if (!sight.production || (before !== undefined && sameFacts(before, sight.facts, profile))) return [];

  const facts = layOverFacts(before, sight.facts);
  const keys = identityKeys(facts, { facility: patient.facility, profile });
  const rows = keys.map(
    (key): IdentifierRow => ({ mac: gateway.ids.index.text(key.text), keyId: gateway.keys.indexId, kind: key.kind }),
  );
  await tx.writeIdentifiers(patient, rows);

  // The person's directory row is taken before its members are read: two first sights meet there.
  const number = keys.find((key) => key.kind === 'national-id');
  const person = number === undefined ? undefined : await claimPerson(gateway, tx, number.text);
  const [standing, links] = await Promise.all([
    standingRecords(tx, { self: patient, rows, person, facilities: sight.facilities }),
    sight.fresh ? [] : tx.linksOf(patient),
  ]);
  const judged = judgeIdentity({
    newcomer: facts,
    profile,
    standing,
    ...(person === undefined ? {} : { person }),
    ...(before === undefined ? {} : { previous: await previousRecord(tx, { patient, facts: before, links, person }) }),
  });
  await applyJudgement(gateway, tx, { sight, judged, links, person });
  return judged.problems;
}

async function previousRecord(
  tx: StoreTx,
  known: {
    readonly patient: PatientRef;
    readonly facts: IdentityFacts;
    readonly links: readonly PatientLink[];
    readonly person: string | undefined;
  },
): Promise<PreviousRecord> {
  const [link] = known.links;
  return {
    facts: known.facts,
    linked: link !== undefined,
    ...(link === undefined ? {} : { ground: link.ground }),
    otherPerson: link !== undefined && known.person !== undefined && link.person !== known.person,
    ...(await tx.identityHistory(known.patient)),
  };
}

/** Certain with a number: its Person's link. Certain without one: the link that stands. Else: no link stays open. */
async function applyJudgement(
  gateway: Gateway,
  tx: StoreTx,
  input: {
    readonly sight: PatientSight;
    readonly judged: Judgement;
    readonly links: readonly PatientLink[];
    readonly person: string | undefined;
  },
): Promise<void> {
  const { judged, links, person } = input;
  const { patient, at } = input.sight;
  const keeps = (link: PatientLink): boolean =>
    judged.certainty === 'certain' && (judged.nationalNumber === undefined || link.person === person);
  const ended = links.filter((link) => !keeps(link));
  for (const link of ended) await tx.closeLink(patient, link.person, at, IDENTITY);
  if (ended.length > 0) await lookAgainAtPatient(tx, patient, at);
  if (
    judged.certainty === 'certain' &&
    judged.nationalNumber !== undefined &&
    person !== undefined &&
    !links.some(keeps)
  ) {
    await tx.openLink({
      patient,
      person,
      certainty: 'certain',
      ground: judged.ground,
      by: IDENTITY,
      from: at,
      to: null,
    });
  }
  // What is certain again needs no steward; what he must see stays until he closes it.
  if (judged.certainty === 'certain' && judged.queue === undefined) await tx.closeIdentityItems(patient, at);
  if (judged.queue !== undefined) await tx.queueIdentity({ id: gateway.random.uuid(), patient, at, ...judged.queue });
}

/** Who ends and makes links on the path, beside stewards. */
const IDENTITY = 'identity';

async function claimPerson(gateway: Gateway, tx: StoreTx, numberText: string): Promise<string> {
  const mac = businessMac(gateway.ids, { facility: REGION, kind: 'person', businessKey: numberText });
  const bucket = bucketOfText(gateway.ids.index, joinKey('person', numberText));
  const id = bucketText(bucket) + base32(gateway.ids.id.bytes(mac), 20);
  const [row] = await tx.claim([{ facility: REGION, kind: 'person', mac, bucket, id }]);
  return row?.id ?? id;
}

/** Other Patients that hold one of these identifiers, with the facts that they now state and their Person. */
async function standingRecords(
  tx: StoreTx,
  input: {
    readonly self: PatientRef;
    readonly rows: readonly IdentifierRow[];
    readonly person: string | undefined;
    readonly facilities: ReadonlyMap<FacilityId, Facility>;
  },
): Promise<readonly StandingRecord[]> {
  const { self } = input;
  const shared = input.rows.filter((row) => row.kind !== 'local');
  // Who is linked to the number's Person stands under it, whatever the index still says.
  const [members, ...sharing] = await Promise.all([
    input.person === undefined ? [] : tx.membersOf(input.person),
    ...shared.map((row) => tx.patientsByIdentifier(row.mac)),
  ]);
  const found = new Map<string, PatientRef>();
  for (const other of [...members.map(({ patient }) => patient), ...sharing.flat()]) {
    if (other.patient !== self.patient) found.set(other.patient, other);
  }
  const others = [...found.values()];
  if (others.length === 0) return [];
  const resources = await tx.readResources(others.map(({ bucket, patient }) => ({ bucket, id: patient })));
  const facts = new Map(resources.map(({ resource }) => [resource.id, factsOfPatient(resource as unknown as Patient)]));
  const records = await Promise.all(
    others.map(async (patient) => ({ patient, facts: facts.get(patient.patient), links: await tx.linksOf(patient) })),
  );
  return records.flatMap(({ patient, facts, links }): StandingRecord[] => {
    if (facts === undefined) return [];
    const person = links.find((link) => link.certainty === 'certain')?.person;
    const profile = input.facilities.get(patient.facility)?.profile;
    return [{ patient, facts, person, ...(profile === undefined ? {} : { profile }) }];
  });
}
