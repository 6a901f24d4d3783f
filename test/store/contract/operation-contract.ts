/** Contract: transactions, reference tables, counts. */
import { randomUUID } from 'node:crypto';
import { expect, it } from 'vitest';
import type { Catalogue } from '../../../src/terms/catalogue.ts';
import type { ChannelId } from '../../../src/terms/channel.ts';
import type { Instant } from '../../../src/terms/instant.ts';
import {
  claimOne,
  container,
  directoryClaim,
  envelope,
  facilityId,
  fresh,
  ledgerEntry,
  offer,
  patientRef,
  type UseSubject,
} from './kit.ts';

export function operationContract(use: UseSubject): void {
  it('tries a transaction again from its start when it lost a race, and gives up in the end', async () => {
    const { store, clock } = use();
    const standing = envelope(facilityId(), clock.now());
    await store.transaction((tx) => tx.insertEnvelope(standing));
    let attempts = 0;
    const fails = store.transaction(async (tx) => {
      attempts++;
      await tx.insertEnvelope({ ...standing, id: fresh('envelope-') });
    });
    await expect(fails).rejects.toThrow(/23505, envelope_resend/);
    expect(attempts).toBe(6);
  });

  it('tells no value of a refused statement, in no part of the error', async () => {
    const { store, clock } = use();
    const secret = '甄机密000000199001011234';
    const one = envelope(facilityId(), clock.now(), { controlMac: secret, id: secret });
    await store.transaction((tx) => tx.insertEnvelope(one));
    const error = await store.transaction((tx) => tx.insertEnvelope(one)).catch((caught: unknown) => caught);
    const told = [
      String(error),
      JSON.stringify(error, Object.getOwnPropertyNames(error)),
      (error as Error).stack,
    ].join();
    expect(told).toContain('23505');
    expect(told).not.toContain('000000199001011234');
    expect((error as Error).cause).toBeUndefined();
  });

  it('refuses the use of a transaction after its end', async () => {
    const { store } = use();
    const kept = await store.transaction((tx) => Promise.resolve(tx));
    await expect(kept.claim([directoryClaim(facilityId(), 'report')])).rejects.toThrow(/after its end/);
  });

  it('keeps facilities and channels whole, and raises the version with every change', async () => {
    const { store, clock } = use();
    const id = facilityId();
    const facility = {
      id,
      name: '示例县人民医院',
      parent: facilityId(),
      level: 2,
      area: '621124',
      alliances: ['县域医共体'],
      zone: 'Asia/Shanghai',
      profile: { update: 'snapshot', reportKey: ['filler', 'collected-date'], conflictHours: 12 },
    } as const;
    const channel = {
      id: fresh('channel-') as ChannelId,
      facility: id,
      kind: 'mllp',
      test: true,
      port: 2575,
      from: '10.0.0.1',
      secretHash: null,
      revokedAt: null,
    } as const;
    const client = {
      id: fresh('channel-') as ChannelId,
      facility: id,
      kind: 'client',
      test: false,
      secretHash: 'h',
      revokedAt: clock.now(),
    } as const;
    const start = await store.reference.version();
    await store.reference.putFacility(facility);
    await store.reference.putFacility({ ...facility, name: '改名' });
    expect(await store.reference.changeChannel(() => channel)).toEqual(channel);
    expect(await store.reference.changeChannel(() => client)).toEqual(client);
    expect(await store.reference.version()).toBe(start + 4);
    expect((await store.reference.facilities()).filter((one) => one.id === id)).toEqual([
      { ...facility, name: '改名' },
    ]);
    const channels = (await store.reference.channels()).filter((one) => one.facility === id);
    expect(channels.toSorted((a, b) => (a.id < b.id ? -1 : 1))).toEqual(
      [channel, client].toSorted((a, b) => (a.id < b.id ? -1 : 1)),
    );
  });

  it('lets changes of channels take turns, each seeing those before it', async () => {
    const { store } = use();
    const facility = facilityId();
    const start = await store.reference.version();
    const id = fresh('channel-') as ChannelId;
    const made = { id, facility, kind: 'client', test: false, secretHash: 'h', revokedAt: null } as const;
    const takers = Array.from({ length: 4 }, () =>
      store.reference.changeChannel((channels) => (channels.some((one) => one.id === id) ? undefined : made)),
    );
    const answers = await Promise.all(takers);
    expect(answers.filter((answer) => answer !== undefined)).toEqual([made]);
    expect(await store.reference.version()).toBe(start + 1);
  });

  it('raises the version by one for each of many changes at once', async () => {
    const { store } = use();
    const start = await store.reference.version();
    const row = { facility: facilityId(), kind: 'order', system: '', display: '', target: 'ALT' } as const;
    await Promise.all(
      Array.from({ length: 8 }, (_, place) => store.reference.putCodeMap([{ ...row, code: `c${place}` }])),
    );
    expect(await store.reference.version()).toBe(start + 8);
  });

  it('keeps the last row of a code, kinds apart', async () => {
    const { store } = use();
    const facility = facilityId();
    const row = { facility, kind: 'result', code: 'GPT', system: 'a', display: '谷丙', target: 'ALT' } as const;
    const order = { ...row, kind: 'order', target: 'LIVER' } as const;
    await store.reference.putCodeMap([row, order, { ...row, target: '' }]);
    await store.reference.putCodeMap([{ ...order, system: 'b' }]);
    const rows = (await store.reference.codeMap()).filter((one) => one.facility === facility);
    expect(rows).toEqual([
      { ...order, system: 'b' },
      { ...row, target: '' },
    ]);
  });

  it('answers the catalogue that was put last, and an earlier one when it is put again', async () => {
    const { store, clock } = use();
    const item = {
      id: 'ALT',
      category: 'chemistry',
      nameZh: '丙氨酸氨基转移酶',
      nameEn: 'ALT',
      loinc: '1742-6',
      specimen: 'serum',
      ucum: 'U/L',
      windowHours: 168,
      suggest: 'yes',
      checks: ['window'],
    } as const;
    const catalogue = (digest: string): Catalogue => ({
      digest,
      sample: true,
      items: new Map([['ALT', item]]),
      panels: new Map(),
      priceItems: new Map([['p', { id: 'p', nameZh: '谷丙', nationalCode: '250305007', covers: ['ALT'] }]]),
      prices: [{ priceItem: 'p', level: 2, area: '62', fen: 500, validFrom: '2026-01-01', source: 'sample' }],
      marks: [],
      refusalReasons: [{ code: '01', zh: '病情变化', en: 'condition changed', countsAsRefusal: true }],
      containment: [{ outer: 'ALT', inner: 'AST' }],
      windows: [],
      acceptance: [],
      situations: [],
      consequences: [{ check: 'window', item: '*', failed: 'do-not', unknown: 'review' }],
    });
    const [one, two] = [catalogue(fresh('digest-')), catalogue(fresh('digest-'))];
    for (const version of [one, two]) await store.reference.putCatalogue(version, clock.now());
    expect(await store.reference.catalogue(one.digest)).toEqual(one);
    for (const version of [one, two, one]) {
      expect(await store.reference.activateCatalogue(version.digest)).toBe(true);
      expect(await store.reference.activeCatalogue()).toEqual(version);
    }
    expect(await store.reference.activateCatalogue('none')).toBe(false);
    expect(await store.reference.catalogue('none')).toBeUndefined();
    expect((await store.reference.activeCatalogue())?.digest).toBe(one.digest);
    const versions = await store.reference.catalogues();
    expect(versions.filter(({ digest }) => [one.digest, two.digest].includes(digest))).toEqual(
      [one, two].map(({ digest, sample }) => ({
        digest,
        sample,
        importedAt: clock.now(),
        active: digest === one.digest,
      })),
    );
  });

  it('counts messages, receipts, results and people', async () => {
    const { store, clock } = use();
    const before = await store.read.counts();
    const facility = facilityId();
    const [stored, quarantined, pending] = [0, 1, 2].map(() => envelope(facility, clock.now()));
    if (stored === undefined || quarantined === undefined || pending === undefined) return;
    await store.transaction(async (tx) => {
      for (const one of [stored, quarantined, pending]) await tx.insertEnvelope(one);
      await tx.finishEnvelope(stored.id, {
        outcome: 'stored',
        problems: [],
        ack: new Uint8Array(),
        resultsIn: 5,
        resultsStored: 5,
      });
      await tx.finishEnvelope(quarantined.id, {
        outcome: 'quarantined',
        // Three results by their own positions, one of them twice; what is told inside a result refuses none.
        problems: [
          { code: 'registry/other-patient', severity: 'error', at: 'OBX[1]' },
          { code: 'registry/other-patient', severity: 'error', at: 'OBX[2]' },
          { code: 'registry/other-patient', severity: 'error', at: 'OBX[3]' },
          { code: 'registry/collected-apart', severity: 'error', at: 'OBX[3]' },
          { code: 'mapping/unit-unknown', severity: 'warning', at: 'OBX[4]-6' },
          { code: 'mapping/date-impossible', severity: 'warning', at: 'OBX[4]' },
        ],
        ack: new Uint8Array(),
        resultsIn: 4,
        resultsStored: 1,
      });
      await tx.claim([
        directoryClaim(facility, 'patient'),
        directoryClaim(facility, 'person'),
        directoryClaim(patientRef().facility, 'patient'),
      ]);
    });
    await store.transaction((tx) => tx.seenBefore(stored));
    const after = await store.read.counts();
    const grown = Object.fromEntries(
      (['receipts', 'resultsIn', 'resultsStored', 'resultProblems', 'patients', 'persons'] as const).map((name) => [
        name,
        after[name] - before[name],
      ]),
    );
    expect(grown).toEqual({ receipts: 4, resultsIn: 9, resultsStored: 6, resultProblems: 3, patients: 2, persons: 1 });
    expect(after.envelopes.quarantined - before.envelopes.quarantined).toBe(1);
    expect(after.envelopes.pending - before.envelopes.pending).toBe(1);
  });

  it('tells what is due, what is not sealed and what waits for a person', async () => {
    const { store, sql, clock } = use();
    await sql`delete from job`;
    const before = await store.read.backlog(clock.now());
    expect(before.jobs).toEqual([]);
    const since = clock.now();
    const later = new Date(Date.parse(since) + 60_000).toISOString() as Instant;
    const facility = facilityId();
    const [quarantined, pending] = [envelope(facility, since), envelope(facility, since)];
    const of = offer(patientRef(), since);
    const dead = randomUUID();
    await store.recordAnswer({ audit: [], offers: [of], entries: [ledgerEntry(of, 'offered')] });
    await store.transaction(async (tx) => {
      for (const one of [quarantined, pending]) await tx.insertEnvelope(one);
      const answer = { problems: [], ack: new Uint8Array(), resultsIn: 0, resultsStored: 0 };
      await tx.finishEnvelope(quarantined.id, { ...answer, outcome: 'quarantined' });
      const { patient, bucket } = of.patient;
      await tx.insertDelivery({
        id: dead,
        subscription: fresh('subscription-'),
        bucket,
        patient,
        focus: [],
        at: since,
      });
      for (const [orderingKey, due] of [
        [fresh('key-'), since],
        [fresh('key-'), clock.now()],
        [fresh('key-'), later],
      ] as const)
        await tx.enqueue({ kind: 'map-envelope', orderingKey, due, reference: '' });
    });
    await store.deliveries.note(dead, { state: 'dead', fault: 'outbound/timed-out', at: since });
    const after = await store.read.backlog(clock.now());
    const grown = Object.fromEntries(
      (['deliveriesDead', 'identitiesOpen', 'glassesOpen', 'quarantined', 'pending'] as const).map((name) => [
        name,
        after[name] - before[name],
      ]),
    );
    expect(grown).toEqual({ deliveriesDead: 1, identitiesOpen: 0, glassesOpen: 0, quarantined: 1, pending: 1 });
    expect(after.jobs).toEqual([{ kind: 'map-envelope', due: 2, oldestDue: since }]);
    expect((await store.read.backlog(later)).jobs).toEqual([{ kind: 'map-envelope', due: 3, oldestDue: since }]);
    expect(after.unsealed.count - before.unsealed.count).toBe(1);
    expect(after.unsealed.oldest).toBe(before.unsealed.oldest ?? since);
    await sql`delete from job`;
  });

  it('tells when a result of each facility was last stored, and of a silent one that it never was', async () => {
    const { store, clock } = use();
    const [row, silent] = [directoryClaim(facilityId(), 'report'), facilityId()];
    for (const id of [row.facility, silent])
      await store.reference.putFacility({
        id,
        name: '示例',
        level: 2,
        area: '621124',
        alliances: [],
        zone: 'Asia/Shanghai',
        profile: { update: 'snapshot', reportKey: [], conflictHours: 12 },
      });
    for (const version of [1, 2]) {
      clock.pass(1_000);
      await store.transaction(async (tx) => {
        const claimed = await claimOne(tx, row);
        await tx.writeContainers([container(claimed, 'p', clock.now(), { version })]);
      });
    }
    const stored = new Map((await store.read.lastStored()).map(({ facility, at }) => [facility, at]));
    expect([stored.get(row.facility), stored.get(silent)]).toEqual([clock.now(), null]);
  });

  it('says how it stands', async () => {
    await expect(use().store.standing()).resolves.toEqual({ readOnly: false, full: false, schemaOfNow: true });
  });
}
