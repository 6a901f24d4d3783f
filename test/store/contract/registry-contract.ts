/** Contract: the registry's entries, the mapping queue and re-indexing. */
import { expect, it } from 'vitest';
import type { Decimal } from '../../../src/base/decimal.ts';
import type { Instant } from '../../../src/terms/instant.ts';
import type { PatientRef } from '../../../src/terms/patient-link.ts';
import type { ResultEntry } from '../../../src/terms/result-entry.ts';
import { entry, facilityId, fresh, offer, patientRef, type UseSubject } from './kit.ts';

const EVER = '1970-01-01T00:00:00.000Z' as Instant;

export function registryContract(use: UseSubject): void {
  const insert = (entries: readonly ResultEntry[]) => use().store.transaction((tx) => tx.insertEntries(entries));
  const find = (pairs: readonly PatientRef[], items: readonly string[], since = EVER, limit = 100) =>
    use().store.read.candidates({ pairs, items, since, limit });

  it('gives back an entry with every fact that it was given, and nothing that was absent', async () => {
    const { clock } = use();
    const patient = patientRef();
    const full = entry(patient, clock.now(), {
      performer: 'Organization/x',
      loinc: '1742-6',
      effectiveEnd: clock.pass(60_000),
      basis: 'performed',
      value: { kind: 'quantity', comparator: '<', value: '0.010' as Decimal, unit: '×10⁹/L', ucum: '10*9/L' },
      referenceText: '3.5-9.5',
      interpretation: ['H', 'HH'],
      method: '比色法 "A"\\n',
      specimen: 'serum',
      bodySite: 'arm',
      qualityFlags: ['haemolysed'],
      production: false,
    });
    const bare = entry(patient, full.effectiveStart, { value: { kind: 'none' }, item: 'AST' });
    const text = entry(patient, full.effectiveStart, { value: { kind: 'text', text: '阴性' }, item: 'HBsAg' });
    await insert([full, bare, text]);
    const found = await find([patient], ['ALT', 'AST', 'HBsAg']);
    expect(found).toHaveLength(3);
    for (const one of [full, bare, text]) expect(found.find(({ element }) => element === one.element)).toEqual(one);
  });

  it('finds the open entries of the pairs and items asked for, newest first, since a time, up to a limit', async () => {
    const { clock } = use();
    const [mine, theirs, stranger] = [patientRef(), patientRef(), patientRef()];
    const days = [0, 1, 2].map(() => clock.pass(86_400_000));
    await insert([
      ...days.map((at) => entry(mine, at)),
      entry(theirs, days[1] as Instant, { item: 'AST' }),
      entry(mine, days[2] as Instant, { item: 'GLU' }),
      entry(mine, days[2] as Instant, { item: null }),
      entry(stranger, days[2] as Instant),
    ]);
    const found = await find([mine, theirs], ['ALT', 'AST']);
    expect(found.map(({ effectiveStart, patient }) => [effectiveStart, patient])).toEqual([
      [days[2], mine.patient],
      ...found.slice(1, 3).map(({ effectiveStart, patient }) => [effectiveStart, patient]),
      [days[0], mine.patient],
    ]);
    expect(
      found
        .slice(1, 3)
        .map(({ item }) => String(item))
        .toSorted((a, b) => (a < b ? -1 : 1)),
    ).toEqual(['ALT', 'AST']);
    expect(await find([mine], ['ALT'], days[1])).toHaveLength(2);
    expect(await find([mine], ['ALT'], EVER, 1)).toMatchObject([{ effectiveStart: days[2] }]);
    expect(await find([], ['ALT'])).toEqual([]);
    expect(await find([mine], [])).toEqual([]);
    expect(await find([mine, mine], ['ALT', 'ALT'])).toHaveLength(3);
  });

  it('closes retired entries and keeps them readable as what was known then', async () => {
    const { store, clock, sql } = use();
    const patient = patientRef();
    const old = entry(patient, clock.now());
    await insert([old]);
    const at = clock.pass(5000);
    const corrected = { ...old, version: 2, value: { kind: 'text', text: '溶血' } as const, knownFrom: at };
    await store.transaction(async (tx) => {
      await tx.retireEntries([old], at);
      await tx.insertEntries([corrected]);
    });
    expect(await find([patient], ['ALT'])).toEqual([corrected]);
    const rows =
      await sql`select version, known_from, known_to from result_entry where element = ${old.element} order by version`;
    expect(rows.map((row) => [row['version'], (row['known_to'] as Date | null)?.toISOString() ?? null])).toEqual([
      [1, at],
      [2, null],
    ]);
  });

  it('never holds two open entries of one element', async () => {
    const { clock } = use();
    const one = entry(patientRef(), clock.now());
    await insert([one]);
    await expect(insert([{ ...one, version: 2 }])).rejects.toThrow(/result_entry_open/);
  });

  it('enters an element again under its version when only the status of its report changed', async () => {
    const { store, clock } = use();
    const patient = patientRef();
    const preliminary = entry(patient, clock.now(), { status: 'preliminary' });
    await insert([preliminary]);
    await store.transaction(async (tx) => {
      await tx.retireEntries([preliminary], clock.pass(1));
      await tx.insertEntries([{ ...preliminary, status: 'final' }]);
    });
    expect(await find([patient], ['ALT'])).toMatchObject([{ status: 'final', version: 1 }]);
  });

  it('re-indexes the open entries of a code and keeps what was known before', async () => {
    const { store, clock, sql } = use();
    const patient = patientRef();
    const unmapped = entry(patient, clock.now(), { item: null, code: fresh('local-') });
    const other = entry(patient, clock.now(), { item: null, code: fresh('local-') });
    await insert([unmapped, other]);
    const { facility, system, code } = unmapped;
    const change = { facility, system, code, item: 'CREA' };
    clock.pass(1000);
    expect(await store.transaction((tx) => tx.reindex([change]))).toBe(1);
    expect(await find([patient], ['CREA'])).toEqual([{ ...unmapped, item: 'CREA', knownFrom: clock.now() }]);
    expect(await store.transaction((tx) => tx.reindex([change]))).toBe(0);
    expect(await store.transaction((tx) => tx.reindex([{ ...change, item: null }]))).toBe(1);
    expect(await find([patient], ['CREA'])).toEqual([]);
    const rows = await sql`select generation, item, known_to is null as open from result_entry
      where element = ${unmapped.element} order by generation`;
    expect(rows.map((row) => [row['generation'], row['item'], row['open']])).toEqual([
      [0, null, false],
      [1, 'CREA', false],
      [2, null, true],
    ]);
  });

  it('re-indexes exactly the codes that are named: system and LOINC part them', async () => {
    const { store, clock } = use();
    const patient = patientRef();
    const code = fresh('local-');
    const plain = entry(patient, clock.now(), { item: null, code });
    const stated = entry(patient, clock.now(), { item: null, code, loinc: '2823-3' });
    const elsewhere = entry(patient, clock.now(), { item: null, code, system: 'urn:example:other' });
    await insert([plain, stated, elsewhere]);
    expect(await store.transaction((tx) => tx.reindex([{ ...stated, item: 'K' }]))).toBe(1);
    expect((await find([patient], ['K'])).map(({ element }) => element)).toEqual([stated.element]);
    const changes = [
      { ...plain, item: 'NA' },
      { ...elsewhere, item: 'CL' },
    ];
    expect(await store.transaction((tx) => tx.reindex(changes))).toBe(2);
    expect((await find([patient], ['NA'])).map(({ element }) => element)).toEqual([plain.element]);
    expect((await find([patient], ['CL'])).map(({ element }) => element)).toEqual([elsewhere.element]);
  });

  it('tells the codes of the open entries with their items, of all or of those asked for', async () => {
    const { store, clock } = use();
    const patient = patientRef();
    const { facility } = patient;
    const codes = [fresh('local-'), fresh('local-'), fresh('local-')] as const;
    const [one, two, three] = codes.map((code, place) =>
      entry(patient, clock.now(), { item: null, code, ...(place === 1 ? { loinc: '2951-2' } : {}) }),
    );
    if (one === undefined || two === undefined || three === undefined) throw new Error('three were made');
    await insert([one, entry(patient, clock.now(), { item: null, code: codes[0] }), two, three]);
    await store.transaction((tx) => tx.retireEntries([three], clock.pass(1)));
    const told = ({ system, code, display }: typeof one) => ({ facility, system, code, item: null, display });
    const all = (await store.read.entryCodes()).filter((row) => row.facility === facility);
    expect(new Set(all)).toEqual(new Set([told(one), { ...told(two), loinc: '2951-2' }]));
    expect(all).toHaveLength(2);
    const of = async (...asked: string[]) =>
      (await store.read.entryCodes(asked.map((code) => ({ facility, code })))).map(({ code }) => code);
    expect(await of(codes[0])).toEqual([codes[0]]);
    expect(await of('2951-2')).toEqual([codes[1]]);
    expect(await of(codes[2], 'unheard-of')).toEqual([]);
    expect(await of()).toEqual([]);
  });

  it('tells which offers relied on a result that left the registry since, and not those merely re-indexed', async () => {
    const { store, clock } = use();
    const patient = patientRef();
    const [gone, stays, withdrawn] = [
      entry(patient, clock.now()),
      entry(patient, clock.now()),
      entry(patient, clock.now()),
    ];
    await insert([gone, stays, withdrawn]);
    const relying = [gone, stays, withdrawn].map((one) =>
      offer(patient, clock.now(), {
        decision: {
          key: 'a',
          verdict: 'recognise',
          coverage: 'full',
          missing: [],
          items: [{ item: 'ALT', verdict: 'recognise', entry: one, checks: [] }],
        },
      }),
    );
    await store.recordAnswer({ audit: [], offers: relying, entries: [] });
    const ours = async () =>
      (await store.read.reliedOnRetracted(1000)).filter((row) => relying.some(({ id }) => id === row.offer));
    expect(await ours()).toEqual([]);
    const at = clock.pass(1000);
    await store.transaction(async (tx) => {
      await tx.retireEntries([gone, withdrawn], at);
      await tx.insertEntries([{ ...withdrawn, version: 2, status: 'entered-in-error', knownFrom: at }]);
      await tx.reindex([{ ...stays, item: 'ALT2' }]);
    });
    const retracted = await ours();
    expect(retracted.map(({ element }) => element).toSorted()).toEqual([gone.element, withdrawn.element].toSorted());
    expect(retracted.find(({ element }) => element === gone.element)).toEqual({
      offer: relying[0]?.id,
      at: relying[0]?.at,
      facility: patient.facility,
      item: 'ALT',
      container: gone.container,
      element: gone.element,
    });
  });

  it('queues a code that no map knows once, with how often it is met, until a map says that it is nothing', async () => {
    const { store, clock } = use();
    const facility = facilityId();
    const code = { facility, kind: 'result', system: 'urn:l', code: 'GPT', display: '谷丙' } as const;
    await store.transaction((tx) => tx.noteUnmapped([code, code, { ...code, code: 'GOT' }]));
    await store.transaction((tx) => tx.noteUnmapped([code]));
    const patient = { ...patientRef(), facility };
    const met = [1, 2].map(() => entry(patient, clock.now(), { item: null, facility, system: 'urn:l', code: 'GPT' }));
    await insert([...met, entry(patient, clock.now(), { item: 'ALT', facility, system: 'urn:l', code: 'GPT' })]);
    expect(await store.reference.unmapped(facility)).toEqual([
      { ...code, seen: 2 },
      { ...code, code: 'GOT', seen: 0 },
    ]);
    expect((await store.reference.unmapped(null)).filter((row) => row.facility === facility)).toHaveLength(2);
    await store.reference.putCodeMap([{ ...code, target: '' }]);
    expect((await store.reference.unmapped(facility)).map((row) => row.code)).toEqual(['GOT']);
  });

  it('lets messages of one facility note the same codes at once', async () => {
    const { store } = use();
    const facility = facilityId();
    const codes = ['C', 'A', 'B'].map((code) => ({ facility, kind: 'result', system: '', code, display: '' }) as const);
    const note = (list: typeof codes) => store.transaction((tx) => tx.noteUnmapped(list));
    await Promise.all(Array.from({ length: 12 }, (_, place) => note(place % 2 === 0 ? codes : codes.toReversed())));
    expect((await store.reference.unmapped(facility)).map(({ code }) => code)).toEqual(['A', 'B', 'C']);
  });

  it('finds what was done for a person within a time, at every facility that it is certainly linked to', async () => {
    const { store, clock } = use();
    const [here, there, stranger] = [patientRef(), patientRef(), patientRef()];
    const person = fresh('person-');
    const at = (minutes: number): Instant =>
      new Date(Date.parse(clock.now()) + minutes * 60_000).toISOString() as Instant;
    const link = (patient: PatientRef, certainty: 'certain' | 'possible') =>
      ({ patient, person, certainty, ground: 'national-id', by: 'identity', from: clock.now(), to: null }) as const;
    const taken = (patient: PatientRef, minutes: number, over: Partial<ResultEntry> = {}) =>
      entry(patient, at(minutes), { container: `c-${minutes}-${patient.patient}`, ...over });
    await store.transaction(async (tx) => {
      await tx.openLink(link(here, 'certain'));
      await tx.openLink(link(there, 'certain'));
      await tx.openLink(link(stranger, 'possible'));
      await tx.insertEntries([
        taken(here, 0),
        taken(here, 10),
        taken(there, 5, { item: 'AST' }),
        taken(there, 20),
        taken(there, 21),
        taken(there, 6, { item: 'TP' }),
        taken(there, 7, { production: false }),
        taken(there, 8, { status: 'entered-in-error' }),
        taken(there, 9, { status: 'cancelled' }),
        taken(stranger, 5),
      ]);
    });
    const found = await store.transaction((tx) =>
      tx.performed({ patient: here, items: ['ALT', 'AST'], after: at(0), until: at(20) }),
    );
    expect(found.map(({ item, facility, effectiveStart }) => [item, facility, effectiveStart])).toEqual([
      ['AST', there.facility, at(5)],
      ['ALT', here.facility, at(10)],
      ['ALT', there.facility, at(20)],
    ]);
    const alone = await store.transaction((tx) =>
      tx.performed({ patient: stranger, items: ['ALT'], after: at(0), until: at(20) }),
    );
    expect(alone).toHaveLength(1);
  });
}
