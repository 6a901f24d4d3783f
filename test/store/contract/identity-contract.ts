/** Contract: the identifier index, links with history, the steward's queue, opt-outs. */
import { expect, it } from 'vitest';
import type { PatientLink, PatientRef } from '../../../src/terms/patient-link.ts';
import type { Asked } from '../../../src/ports/store-reads.ts';
import type { Instant } from '../../../src/terms/instant.ts';
import { directoryClaim, entry, fresh, patientRef, type UseSubject } from './kit.ts';

const EVER = '1970-01-01T00:00:00.000Z' as Instant;

export function identityContract(use: UseSubject): void {
  const link = (patient: PatientRef, person: string, over: Partial<PatientLink> = {}): PatientLink => ({
    patient,
    person,
    certainty: 'certain',
    ground: 'national-id',
    by: 'identity',
    from: use().clock.now(),
    to: null,
    ...over,
  });
  const open = (...links: PatientLink[]) =>
    use().store.transaction(async (tx) => {
      for (const one of links) await tx.openLink(one);
    });
  /** What a question reads of a patient; its directory row and text are made when it has none. */
  const asked = async (patient: PatientRef, items: readonly string[] = []): Promise<Asked> => {
    const { store, clock } = use();
    const mac = `mac-of-${patient.patient}`;
    const query = { facility: patient.facility, mac, items, since: EVER, limit: 100 };
    await store.transaction(async (tx) => {
      await tx.claim([
        { facility: patient.facility, kind: 'patient', mac, bucket: patient.bucket, id: patient.patient },
      ]);
      await tx.writeResources(
        [{ bucket: patient.bucket, resource: { resourceType: 'Patient', id: patient.patient } }],
        { facility: patient.facility, at: clock.now() },
      );
    });
    const found = await store.read.asked(query);
    if (found === undefined) throw new Error('a patient that was just made is not found');
    return found;
  };
  const standingSet = async (patient: PatientRef): Promise<readonly PatientRef[]> => (await asked(patient)).set;
  const byPatient = (left: PatientRef, right: PatientRef): number => (left.patient < right.patient ? -1 : 1);

  it('finds the Patients of all facilities that hold an identifier, and forgets what one no longer states', async () => {
    const { store } = use();
    const [a, b] = [patientRef(), patientRef()];
    const mac = fresh('identifier-');
    const number = { mac, keyId: 'index-1', kind: 'national-id' } as const;
    const card = { mac: fresh('identifier-'), keyId: 'index-1', kind: 'local' } as const;
    await store.transaction(async (tx) => {
      await tx.writeIdentifiers(a, [number, card, number]);
      await tx.writeIdentifiers(b, [number]);
    });
    const holders = await store.transaction((tx) => tx.patientsByIdentifier(mac));
    expect(holders.toSorted(byPatient)).toEqual([a, b].toSorted(byPatient));
    await store.transaction((tx) => tx.writeIdentifiers(a, [card]));
    expect(await store.transaction((tx) => tx.patientsByIdentifier(mac))).toEqual([b]);
    expect(await store.transaction((tx) => tx.patientsByIdentifier(card.mac))).toEqual([a]);
    await store.transaction((tx) => tx.writeIdentifiers(a, []));
    expect(await store.transaction((tx) => tx.patientsByIdentifier(card.mac))).toEqual([]);
    expect(await store.transaction((tx) => tx.patientsByIdentifier('unknown'))).toEqual([]);
  });

  it('answers the certain set of a Person through any of its Patients, possible links left out', async () => {
    const { store } = use();
    const [a, b, maybe, alone] = [patientRef(), patientRef(), patientRef(), patientRef()];
    const person = fresh('person-');
    await open(link(a, person), link(b, person), link(maybe, person, { certainty: 'possible' }));
    expect((await standingSet(b)).toSorted(byPatient)).toEqual([a, b].toSorted(byPatient));
    expect((await standingSet(b))[0]).toEqual(b);
    expect(await standingSet(alone)).toEqual([alone]);
    expect(await standingSet(maybe)).toEqual([maybe]);
    const members = await store.transaction((tx) => tx.membersOf(person));
    expect(members.map(({ patient }) => patient).toSorted(byPatient)).toEqual([a, b].toSorted(byPatient));
  });

  it('ends a link without losing it, and opens it again', async () => {
    const { store, clock, sql } = use();
    const [a, b] = [patientRef(), patientRef()];
    const person = fresh('person-');
    await open(link(a, person), link(b, person));
    const to = clock.pass(1000);
    await store.transaction((tx) => tx.closeLink(a, person, to, 'steward-1'));
    expect(await standingSet(b)).toEqual([b]);
    expect(await store.transaction((tx) => tx.linksOf(a))).toEqual([]);
    const again = link(a, person, { ground: 'steward', by: 'steward-2' });
    await open(again);
    expect(await store.transaction((tx) => tx.linksOf(a))).toEqual([again]);
    const rows = await sql`select ground, closed_by from patient_link where patient = ${a.patient} order by ordinal`;
    expect(rows.map((row) => [row['ground'], row['closed_by']])).toEqual([
      ['national-id', 'steward-1'],
      ['steward', null],
    ]);
  });

  it('refuses a second certain Person for one Patient', async () => {
    const a = patientRef();
    await open(link(a, fresh('person-')));
    await expect(open(link(a, fresh('person-')))).rejects.toThrow(/patient_link_certain/);
    await open(link(a, fresh('person-'), { certainty: 'possible' }));
  });

  it('shows the steward what is open and remembers who ended a link', async () => {
    const { store, clock } = use();
    const a = patientRef();
    const person = fresh('person-');
    const item = {
      id: fresh('item-'),
      patient: a,
      kind: 'conflict',
      others: ['x', 'y'],
      reason: 'other-name',
      at: clock.now(),
    } as const;
    const history = () => store.transaction((tx) => tx.identityHistory(a));
    expect(await history()).toEqual({ openReasons: [], unlinkedBySteward: false });
    await open(link(a, person));
    await store.transaction((tx) => tx.queueIdentity(item));
    expect(await history()).toEqual({ openReasons: ['other-name'], unlinkedBySteward: false });
    expect((await store.read.identityQueue(1000)).filter(({ id }) => id === item.id)).toEqual([item]);
    await store.transaction(async (tx) => {
      await tx.closeLink(a, person, clock.now(), 'identity');
      await tx.closeIdentityItems(a, clock.now());
    });
    expect(await history()).toEqual({ openReasons: [], unlinkedBySteward: false });
    expect((await store.read.identityQueue(1000)).some(({ id }) => id === item.id)).toBe(false);
    await open(link(a, person));
    await store.transaction((tx) => tx.closeLink(a, person, clock.now(), 'steward-1'));
    expect((await history()).unlinkedBySteward).toBe(true);
    await open(link(a, person));
    expect((await history()).unlinkedBySteward).toBe(false);
  });

  it('knows an opt-out of any Patient of a set, until it is taken back', async () => {
    const { store, clock } = use();
    const [a, b, alone] = [patientRef(), patientRef(), patientRef()];
    const person = fresh('person-');
    await open(link(a, person), link(b, person));
    const all = async () => Promise.all([a, b, alone].map(async (one) => (await asked(one)).optedOut));
    expect(await all()).toEqual([false, false, false]);
    await store.transaction((tx) => tx.setOptOut(b, true, clock.now()));
    expect(await all()).toEqual([true, true, false]);
    await store.transaction((tx) => tx.setOptOut(b, false, clock.now()));
    expect(await all()).toEqual([false, false, false]);
  });

  it('holds one open item per patient and reason, brought up to date, and a new one once it was closed', async () => {
    const { store, clock } = use();
    const [a, b] = [patientRef(), patientRef()];
    const item = (patient: typeof a, reason: string, others: readonly string[]) =>
      ({ id: fresh('item-'), patient, kind: 'conflict', others, reason, at: clock.now() }) as const;
    const first = item(a, 'other-name', ['x']);
    const rest = [item(a, 'other-name', ['x', 'y']), item(a, 'other-sex', []), item(b, 'other-name', [])];
    for (const one of [first, ...rest]) await store.transaction((tx) => tx.queueIdentity(one));
    const open = async () =>
      (await store.read.identityQueue(1000)).filter(({ patient }) => [a.patient, b.patient].includes(patient.patient));
    expect(new Set(await open())).toEqual(new Set([{ ...first, others: ['x', 'y'] }, rest[1], rest[2]]));
    await store.transaction((tx) => tx.closeIdentityItems(a, clock.now()));
    const again = item(a, 'other-name', []);
    await store.transaction((tx) => tx.queueIdentity(again));
    expect(new Set(await open())).toEqual(new Set([again, rest[2]]));
  });

  it('lists conflicts before suspended links before possible matches, each oldest first, or one kind alone', async () => {
    const { store, clock } = use();
    const kinds = ['possible', 'conflict', 'suspended', 'conflict'] as const;
    const items = kinds.map((kind) => {
      const made = {
        id: fresh('item-'),
        patient: patientRef(),
        kind,
        others: [],
        reason: 'name-changed',
        at: clock.now(),
      };
      clock.pass(1000);
      return made;
    });
    for (const item of items) await store.transaction((tx) => tx.queueIdentity(item));
    const ours = async (kind?: (typeof kinds)[number]) =>
      (await store.read.identityQueue(1000, kind)).map(({ id }) => items.findIndex((item) => item.id === id));
    expect((await ours()).filter((place) => place >= 0)).toEqual([1, 3, 2, 0]);
    expect((await ours('possible')).filter((place) => place >= 0)).toEqual([0]);
    expect((await ours('conflict')).filter((place) => place >= 0)).toEqual([1, 3]);
  });

  it('tells what of a patient waits for a steward beside its set', async () => {
    const { store, clock } = use();
    const [a, other] = [patientRef(), patientRef()];
    expect((await asked(a)).openReasons).toEqual([]);
    const item = {
      id: fresh('item-'),
      patient: a,
      kind: 'suspended',
      others: [],
      reason: 'name-changed',
      at: clock.now(),
    } as const;
    await store.transaction((tx) => tx.queueIdentity(item));
    expect((await asked(a)).openReasons).toEqual(['name-changed']);
    expect((await asked(other)).openReasons).toEqual([]);
    await store.transaction((tx) => tx.closeIdentityItems(a, clock.now()));
    expect((await asked(a)).openReasons).toEqual([]);
  });

  it('finds a Patient by its directory key and reads what it states', async () => {
    const { store, clock } = use();
    const claim = directoryClaim(patientRef().facility, 'patient');
    const ref = { bucket: claim.bucket, patient: claim.id, facility: claim.facility };
    const key = { facility: claim.facility, mac: claim.mac, items: ['ALT'], since: EVER, limit: 10 };
    expect(await store.read.asked(key)).toBeUndefined();
    const resource = { resourceType: 'Patient', id: claim.id, name: [{ text: '例一' }] } as const;
    await store.transaction(async (tx) => {
      await tx.claim([claim]);
      await tx.writeResources([{ bucket: claim.bucket, resource }], { facility: claim.facility, at: clock.now() });
    });
    const nothing = { set: [ref], openReasons: [], optedOut: false, entries: [] };
    expect(await store.read.asked(key)).toEqual({ ref, resource, ...nothing });
    expect(await store.read.asked({ ...key, facility: patientRef().facility })).toBeUndefined();
  });

  it('reads the open entries of a whole set with the question, newest first, and of nobody else', async () => {
    const { store, clock } = use();
    const [mine, theirs, stranger] = [patientRef(), patientRef(), patientRef()];
    const person = fresh('person-');
    await open(link(mine, person), link(theirs, person));
    const [older, newer] = [clock.pass(86_400_000), clock.pass(86_400_000)];
    const entries = [
      entry(mine, older),
      entry(theirs, newer, { item: 'AST' }),
      entry(mine, newer, { item: 'GLU' }),
      entry(stranger, newer),
    ];
    await store.transaction((tx) => tx.insertEntries(entries));
    const found = await asked(mine, ['ALT', 'AST']);
    expect(found.entries).toEqual([entries[1], entries[0]]);
    expect(found.set.toSorted(byPatient)).toEqual([mine, theirs].toSorted(byPatient));
    expect((await asked(mine)).entries).toEqual([]);
  });
}
