/** Contract: offers, replies, the ledger, its seals and what guards them. */
import { expect, it } from 'vitest';
import type { LedgerEntry, Saving, Seal } from '../../../src/terms/ledger-entry.ts';
import type { FacilityId } from '../../../src/terms/facility.ts';
import type { Offer } from '../../../src/terms/offer.ts';
import { auditEvent, fresh, ledgerEntry, offer, patientRef, type Subject, type UseSubject } from './kit.ts';

/** A chain of seals as the ledger stage makes it, with texts instead of hashes. */
function sealAll(last: Seal | undefined, entries: readonly LedgerEntry[], chain: FacilityId): readonly Seal[] {
  return entries.map((entry, place) => {
    const seq = (last?.seq ?? 0) + place + 1;
    return { chain, seq, entry: entry.id, entryHash: `hash-${entry.id}`, seal: `seal-${seq}` };
  });
}

const saving = (fen: number | null, over: Partial<Saving> = {}): Saving => ({
  priceItem: 'ALT-price',
  fen,
  source: 'sample prices',
  key: fresh('saving-'),
  ...over,
});

export function ledgerContract(use: UseSubject, kind: Subject['kind']): void {
  const made = async (): Promise<Offer> => {
    const { store, clock } = use();
    const one = offer(patientRef(), clock.now());
    await store.recordAnswer({ audit: [], offers: [one], entries: [ledgerEntry(one, 'offered')] });
    return one;
  };
  const append = (...entries: LedgerEntry[]) => use().store.transaction((tx) => tx.appendLedger(entries));

  it('keeps an offer, its replies and its entries as they were given, oldest first', async () => {
    const { store, clock } = use();
    const one = await made();
    const accepted = ledgerEntry(one, 'accepted', {
      savings: [saving(1250), saving(null, { priceItem: 'AST-price' })],
      results: ['a@1', 'b@2'],
    });
    const refused = ledgerEntry(one, 'refused', { reason: '02', countsAsRefusal: true });
    const said = {
      offer: one.id,
      outcome: 'accepted',
      comment: '可用',
      patientInformed: false,
      practitioner: 'd1',
      at: clock.now(),
    } as const;
    const bare = { offer: one.id, outcome: 'refused', reason: '02', at: clock.now() } as const;
    await store.transaction(async (tx) => {
      await tx.appendLedger([accepted, refused]);
      await tx.insertReply(said);
      await tx.insertReply(bare);
    });
    await store.transaction(async (tx) => {
      expect(await tx.readOffer(one.id)).toEqual(one);
      expect(await tx.readOffer('unknown')).toBeUndefined();
      expect(await tx.repliesOf(one.id)).toEqual([said, bare]);
      expect((await tx.entriesOf(one.id)).slice(1)).toEqual([accepted, refused]);
    });
  });

  it('counts one saving once, also when two acceptances race, and again after the first was revoked', async () => {
    const { store } = use();
    const key = fresh('saving-');
    const accept = async (): Promise<LedgerEntry> => {
      const one = await made();
      return store.transaction(async (tx) => {
        const held = await tx.savedKeys([key, 'unknown']);
        const entry = ledgerEntry(one, 'accepted', { savings: held.length > 0 ? [] : [saving(900, { key })] });
        await tx.appendLedger([entry]);
        return entry;
      });
    };
    const raced = await Promise.all([accept(), accept(), accept()]);
    const [winner, ...more] = raced.filter(({ savings }) => savings.length > 0);
    expect(more).toEqual([]);
    expect((await accept()).savings).toEqual([]);
    await append({ ...(winner as LedgerEntry), id: fresh('entry-'), kind: 'revoked', savings: [] });
    expect((await accept()).savings).toHaveLength(1);
  });

  it('sums what is saved: accepted and not revoked later, unknown amounts counted apart', async () => {
    const { store } = use();
    const before = await store.read.counts();
    const [kept, revoked, again, unpriced] = [await made(), await made(), await made(), await made()];
    await append(ledgerEntry(kept, 'accepted', { savings: [saving(1000), saving(250)] }));
    await append(ledgerEntry(revoked, 'accepted', { savings: [saving(7777)] }));
    await append(ledgerEntry(revoked, 'revoked'));
    await append(ledgerEntry(again, 'accepted', { savings: [saving(5555)] }));
    await append(ledgerEntry(again, 'revoked'));
    await append(ledgerEntry(again, 'accepted', { savings: [saving(30)] }));
    await append(ledgerEntry(unpriced, 'accepted', { savings: [saving(null)] }));
    await append(ledgerEntry(unpriced, 'refused', { reason: '01', countsAsRefusal: true }));
    const after = await store.read.counts();
    expect(after.savedFen - before.savedFen).toBe(1280);
    expect(after.acceptedWithoutAmount - before.acceptedWithoutAmount).toBe(1);
    expect([after.accepted - before.accepted, after.refused - before.refused, after.revoked - before.revoked]).toEqual([
      5, 1, 2,
    ]);
    expect([after.offers - before.offers, after.ledgerEntries - before.ledgerEntries]).toEqual([4, 12]);
  });

  it('lists the latest offers of all facilities, the newest first, each with the last reply to it', async () => {
    const { store, clock } = use();
    const later = (): string => clock.pass(1000);
    later();
    const unmapped = offer(patientRef(), clock.now(), {
      decision: { key: 'b', verdict: 'review', coverage: 'partial', missing: ['AST'], items: [] },
    });
    await store.recordAnswer({ audit: [], offers: [unmapped], entries: [] });
    later();
    const [refused, untouched] = [await made(), (later(), await made())];
    const reply = (outcome: 'accepted' | 'revoked') =>
      store.transaction((tx) => tx.insertReply({ offer: refused.id, outcome, at: clock.now() }));
    await reply('accepted');
    await reply('revoked');
    expect(await store.read.latestOffers(3)).toEqual([
      {
        id: untouched.id,
        at: untouched.at,
        facility: untouched.facility,
        target: 'ALT',
        verdict: 'recognise',
        coverage: 'full',
        lastReply: null,
      },
      {
        id: refused.id,
        at: refused.at,
        facility: refused.facility,
        target: 'ALT',
        verdict: 'recognise',
        coverage: 'full',
        lastReply: 'revoked',
      },
      {
        id: unmapped.id,
        at: unmapped.at,
        facility: unmapped.facility,
        target: '',
        verdict: 'review',
        coverage: 'partial',
        lastReply: null,
      },
    ]);
    expect((await store.read.latestOffers(1)).map(({ id }) => id)).toEqual([untouched.id]);
  });

  it('lists the latest entries of all chains, the newest first, with their amounts and their places once sealed', async () => {
    const { store } = use();
    const [one, other] = [await made(), await made()];
    await append(ledgerEntry(one, 'accepted', { savings: [saving(1200), saving(null)] }));
    await append(ledgerEntry(other, 'refused', { reason: '01', countsAsRefusal: true }));
    await store.ledger.seal(one.facility, 10, (last, entries) => sealAll(last, entries, one.facility));
    const lines = await store.read.latestLedger(4);
    expect(lines.map(({ entry, seal }) => [entry.chain, entry.kind, seal?.seq])).toEqual([
      [other.facility, 'refused', undefined],
      [one.facility, 'accepted', 2],
      [other.facility, 'offered', undefined],
      [one.facility, 'offered', 1],
    ]);
    expect(lines[1]?.entry.savings.map(({ fen }) => fen)).toEqual([1200, null]);
    expect(lines[1]?.seal?.entryHash).toBe(`hash-${lines[1]?.entry.id}`);
    expect(await store.read.latestLedger(2)).toEqual(lines.slice(0, 2));
  });

  it('refuses to change or delete what was entered, whatever the statement', async () => {
    const { sql } = use();
    const one = await made();
    await append(ledgerEntry(one, 'accepted', { savings: [saving(100)] }));
    for (const table of ['ledger_entry', 'ledger_saving', 'ledger_seal', 'audit_event']) {
      const column = { ledger_entry: 'target', ledger_saving: 'source', ledger_seal: 'seal', audit_event: 'detail' }[
        table
      ];
      for (const statement of [
        `update ${table} set ${column} = 'x'`,
        `delete from ${table}`,
        `truncate ${table}`,
        `delete from ${table} where false`,
      ]) {
        await expect(sql.unsafe(statement), statement).rejects.toThrow(/append-only/);
      }
    }
  });

  it('seals unsealed entries in order, hands over the last seal, and has nothing to do the second time', async () => {
    const { store } = use();
    const one = await made();
    await append(ledgerEntry(one, 'accepted'), ledgerEntry(one, 'revoked'));
    const chain = one.facility;
    expect(await store.ledger.chains()).toContain(chain);
    const first = await store.ledger.seal(chain, 2, (last, entries) => {
      expect(last).toBeUndefined();
      expect(entries.map(({ kind }) => kind)).toEqual(['offered', 'accepted']);
      return sealAll(last, entries, chain);
    });
    expect(first).toEqual({ sealed: 2 });
    expect((await store.ledger.unsealed(chain)).map(({ kind }) => kind)).toEqual(['revoked']);
    const second = await store.ledger.seal(chain, 2, (last, entries) => {
      expect(last?.seq).toBe(2);
      return sealAll(last, entries, chain);
    });
    expect(second).toEqual({ sealed: 1 });
    expect(await store.ledger.seal(chain, 2, () => expect.unreachable('nothing is left'))).toEqual({ sealed: 0 });
    expect(await store.ledger.unsealed(chain)).toEqual([]);
    const pages = [
      await store.ledger.page(chain, 0, 2),
      await store.ledger.page(chain, 2, 2),
      await store.ledger.page(chain, 3, 2),
    ];
    expect(pages.map((page) => page.map(({ entry, seal }) => [entry?.kind, seal.seq]))).toEqual([
      [
        ['offered', 1],
        ['accepted', 2],
      ],
      [['revoked', 3]],
      [],
    ]);
  });

  it('lets one sealer at a time have a chain, so that no entry is sealed twice and none is left out', async () => {
    const { store, another } = use();
    const second = await another();
    const one = await made();
    await append(...Array.from({ length: 30 }, () => ledgerEntry(one, 'refused')));
    const chain = one.facility;
    const work = async (sealer: typeof store): Promise<void> => {
      for (let round = 0; round < 200; round++) {
        const done = await sealer.ledger.seal(chain, 3, (last, entries) => sealAll(last, entries, chain));
        if (done !== false && done.sealed === 0) return;
      }
      expect.unreachable('the chain never came to its end');
    };
    await Promise.all([work(store), work(second), work(store)]);
    await second.close();
    const seals = (await store.ledger.page(chain, 0, 100)).map(({ seal }) => seal);
    expect(seals.map(({ seq }) => seq)).toEqual(Array.from({ length: 31 }, (_, place) => place + 1));
    expect(new Set(seals.map(({ entry }) => entry)).size).toBe(31);
  });

  // The embedded database runs one transaction at a time: no second one ever meets a held lease.
  if (kind === 'postgres')
    it('leaves a chain to the sealer that holds it', async () => {
      const { store, sql } = use();
      const { facility: chain } = await made();
      await sql.begin(async (tx) => {
        await tx`select chain from ledger_chain where chain = ${chain} for update`;
        expect(await store.ledger.seal(chain, 10, () => expect.unreachable('the lease is taken'))).toBe(false);
      });
      expect(await store.ledger.seal(chain, 10, (last, entries) => sealAll(last, entries, chain))).toEqual({
        sealed: 1,
      });
    });

  it('finds an entry that was slipped in behind the store, and a seal whose entry is missing', async () => {
    const { store, sql } = use();
    const one = await made();
    const chain = one.facility;
    await store.ledger.seal(chain, 10, (last, entries) => sealAll(last, entries, chain));
    await sql`insert into ledger_seal (chain, seq, entry, entry_hash, seal) values (${chain}, 2, ${fresh('ghost-')}, 'h', 's')`;
    await sql`insert into ledger_entry (id, form, chain, kind, at, offer, patient_mac, encounter_mac, order_mac, target,
      catalogue_digest, results, cross_facility, reason, counts_as_refusal)
      select ${fresh('forged-')}, form, chain, 'accepted', at, offer, patient_mac, encounter_mac, order_mac, target,
      catalogue_digest, results, cross_facility, reason, counts_as_refusal from ledger_entry where offer = ${one.id}`;
    expect((await store.ledger.page(chain, 1, 10)).map(({ entry }) => entry)).toEqual([undefined]);
    expect((await store.ledger.unsealed(chain)).map(({ kind }) => kind)).toEqual(['accepted']);
  });

  it('makes many answers durable together and tells each caller its own fate', async () => {
    const { store, clock, sql } = use();
    const patient = patientRef();
    const answers = Array.from({ length: 60 }, () => {
      const one = offer(patient, clock.now());
      return { audit: [auditEvent(clock.now())], offers: [one], entries: [ledgerEntry(one, 'offered')] };
    });
    const bad = { ...answers[7], audit: answers[3]?.audit ?? [] } as (typeof answers)[number];
    answers[7] = bad;
    const fates = await Promise.allSettled(answers.map((one) => store.recordAnswer(one)));
    // Two answers bring the same audit event: exactly one of them fails, all of it, and no other.
    expect(fates.filter(({ status }) => status === 'rejected')).toHaveLength(1);
    const lost = fates.findIndex(({ status }) => status === 'rejected');
    expect([3, 7]).toContain(lost);
    const [stored] = await sql`select count(*)::int as offers from offer where patient = ${patient.patient}`;
    expect(stored?.['offers']).toBe(59);
    const [sealed] = await sql`select count(*)::int as entries from ledger_entry where chain = ${patient.facility}`;
    expect(sealed?.['entries']).toBe(59);
  });

  it('refuses an answer with an unstorable text alone', async () => {
    const { store, clock } = use();
    const good = store.recordAnswer({ audit: [auditEvent(clock.now())], offers: [], entries: [] });
    const bad = store.recordAnswer({ audit: [auditEvent(clock.now(), { detail: '\u0000' })], offers: [], entries: [] });
    const fates = await Promise.allSettled([good, bad]);
    expect(fates.map(({ status }) => status)).toEqual(['fulfilled', 'rejected']);
  });

  it('lets replies to one offer take turns', async () => {
    const { store } = use();
    const once = (one: Offer) =>
      store.transaction(async (tx) => {
        await tx.readOffer(one.id);
        const earlier = await tx.entriesOf(one.id);
        if (earlier.some(({ kind }) => kind === 'accepted')) return 'known';
        await tx.appendLedger([ledgerEntry(one, 'accepted')]);
        return 'entered';
      });
    // The first rounds find the connections in different states; the later ones run in step.
    for (let round = 0; round < 10; round++) {
      const one = await made();
      const outcomes = await Promise.all([once(one), once(one), once(one), once(one)]);
      expect(outcomes.toSorted()).toEqual(['entered', 'known', 'known', 'known']);
    }
  });

  it('finds the offers of an encounter, the newest first, with what was said last', async () => {
    const { store, clock } = use();
    const patient = patientRef();
    const encounterMac = fresh('encounter-');
    const since = clock.now();
    const make = async (over: Partial<Offer> = {}): Promise<Offer> => {
      clock.pass(1_000);
      const one = offer(patient, clock.now(), { encounterMac, ...over });
      await store.recordAnswer({ audit: [], offers: [one], entries: [] });
      return one;
    };
    const [older, newer] = [await make(), await make()];
    await make({ encounterMac: fresh('encounter-') });
    await make({ encounterMac: '' });
    await make({ facility: patientRef().facility });
    for (const outcome of ['accepted', 'revoked'] as const)
      await store.transaction((tx) => tx.insertReply({ offer: older.id, outcome, at: clock.now() }));
    const within = (facility: FacilityId, mac: string, from = since, limit = 10) =>
      store.read.offersWithin({ facility, encounterMac: mac, since: from, limit });
    expect(await within(patient.facility, encounterMac)).toEqual([
      { id: newer.id, patient, decision: newer.decision, lastReply: null },
      { id: older.id, patient, decision: older.decision, lastReply: 'revoked' },
    ]);
    expect((await within(patient.facility, encounterMac, newer.at)).map(({ id }) => id)).toEqual([newer.id]);
    expect(await within(patient.facility, encounterMac, since, 1)).toHaveLength(1);
    expect(await within(patient.facility, '')).toEqual([]);
  });
}
