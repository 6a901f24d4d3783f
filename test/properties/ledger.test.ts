/** Properties of the ledger: no tampering passes, no reply counts twice, whatever the order of replies. */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { base64url } from '../../src/base/bytes.ts';
import { entryHash } from '../../src/ledger/entry-hash.ts';
import { entryOf, offeredEntry } from '../../src/ledger/offered-entry.ts';
import { replyEntry } from '../../src/ledger/reply-entry.ts';
import { savedFen, savedSum } from '../../src/ledger/saved-sum.ts';
import { chainSeals } from '../../src/ledger/seal.ts';
import { type Performed, settlement } from '../../src/ledger/settle.ts';
import { createVerifier, type VerifyReport } from '../../src/ledger/verify.ts';
import type { FacilityId } from '../../src/terms/facility.ts';
import type { Instant } from '../../src/terms/instant.ts';
import type { LedgerEntry, LedgerKind, LedgerVisit, Saving, Seal } from '../../src/terms/ledger-entry.ts';
import {
  areaPrice,
  ASKER,
  AT,
  catalogueOf,
  CLINIC,
  decisionOf,
  offerOf,
  openMac,
  priceItemOf,
} from '../core/ledger/ledger-samples.ts';

interface Row {
  readonly entry: LedgerEntry;
  readonly seal: Seal;
}

const saving: fc.Arbitrary<Saving> = fc.record({
  priceItem: fc.string(),
  fen: fc.option(fc.nat(), { nil: null }),
  source: fc.string(),
  key: fc.string(),
});

const visit: fc.Arbitrary<LedgerVisit> = fc.record({
  class: fc.constantFrom('', 'outpatient', 'inpatient'),
  drg: fc.boolean(),
  payer: fc.string(),
  split: fc.option(fc.record({ patient: fc.nat(1000), fund: fc.nat(1000), deductible: fc.nat(1000) }), { nil: null }),
});

const entry: fc.Arbitrary<LedgerEntry> = fc.record({
  id: fc.uuid(),
  form: fc.constant(2 as const),
  chain: fc.constant(CLINIC),
  kind: fc.constantFrom<LedgerKind>('offered', 'accepted', 'refused', 'revoked', 'settled', 'reversed'),
  at: fc.constant(AT),
  offer: fc.uuid(),
  patientMac: fc.string(),
  encounterMac: fc.string(),
  orderMac: fc.string(),
  target: fc.string({ unit: 'binary' }),
  savings: fc.array(saving, { maxLength: 3 }),
  catalogueDigest: fc.string(),
  results: fc.array(fc.string(), { maxLength: 3 }),
  crossFacility: fc.boolean(),
  reason: fc.string(),
  countsAsRefusal: fc.boolean(),
  visit,
});

const chain: fc.Arbitrary<readonly Row[]> = fc
  .uniqueArray(entry, { minLength: 3, maxLength: 8, selector: ({ id }) => id })
  .map((entries) => rowsOf(entries));

function rowsOf(entries: readonly LedgerEntry[]): readonly Row[] {
  const byId = new Map(entries.map((one) => [one.id, one]));
  return chainSeals(undefined, CLINIC, entries).map((seal) => ({ entry: byId.get(seal.entry) as LedgerEntry, seal }));
}

/** As an auditor verifies who has the last seal from elsewhere. */
function verify(rows: readonly Row[], honest: readonly Row[] = rows): VerifyReport {
  const last = honest.at(-1)?.seal;
  const known = last === undefined ? {} : { known: { seq: last.seq, seal: last.seal } };
  const verifier = createVerifier(CLINIC, { gatewayRunning: true, now: AT, ...known });
  for (const row of rows) verifier.take(row.entry, row.seal);
  return verifier.report();
}

function renumbered(rows: readonly Row[]): readonly Row[] {
  return rows.map((row, index) => ({ ...row, seal: { ...row.seal, seq: index + 1 } }));
}

function at(rows: readonly Row[], index: number): Row {
  return rows[index % rows.length] as Row;
}

describe('the chain', () => {
  it('is verified as it was written', () => {
    fc.assert(
      fc.property(chain, (rows) => {
        expect(verify(rows)).toMatchObject({ ok: true, sealed: rows.length });
      }),
    );
  });

  it('shows any edit of any field of an entry, at its place', () => {
    const edits: fc.Arbitrary<(one: LedgerEntry, other: LedgerEntry) => LedgerEntry> = fc.constantFrom(
      (one, other) => ({ ...one, offer: other.offer }),
      (one, other) => ({ ...one, target: `${other.target}x` }),
      (one) => ({ ...one, crossFacility: !one.crossFacility }),
      (one) => ({ ...one, countsAsRefusal: !one.countsAsRefusal }),
      (one) => ({ ...one, at: '2026-03-01T00:00:00.000Z' as Instant }),
      (one) => ({ ...one, kind: one.kind === 'accepted' ? 'refused' : 'accepted' }),
      (one) => ({ ...one, results: [...one.results, ''] }),
      (one) => ({ ...one, savings: [...one.savings, { priceItem: '', fen: null, source: '', key: '' }] }),
      (one) => ({
        ...one,
        savings: one.savings.map((line) => ({ ...line, fen: (line.fen ?? 0) + 1 })),
        reason: `${one.reason} `,
      }),
    );
    fc.assert(
      fc.property(chain, fc.nat(), edits, (rows, where, edit) => {
        const index = where % rows.length;
        const row = at(rows, index);
        const edited = edit(row.entry, at(rows, index + 1).entry);
        const found = verify(rows.with(index, { ...row, entry: edited }), rows);
        expect(found.broken).toEqual({ seq: index + 1, entry: row.entry.id, code: 'ledger/edited-entry' });
      }),
    );
  });

  it('shows an edited entry whose own hash and seal were made to fit, at the next place or at the end', () => {
    fc.assert(
      fc.property(chain, fc.nat(), (rows, where) => {
        const index = where % rows.length;
        const row = at(rows, index);
        const edited = { ...row.entry, target: `${row.entry.target}x` };
        const [seal] = chainSeals(rows[index - 1]?.seal, CLINIC, [edited]);
        const found = verify(rows.with(index, { entry: edited, seal: seal as Seal }), rows);
        expect(found.ok).toBe(false);
        expect(found.broken?.seq).toBe(Math.min(index + 2, rows.length));
      }),
    );
  });

  it('shows an edited seal at its place, whichever of its fields was edited', () => {
    fc.assert(
      fc.property(
        chain,
        fc.nat(),
        fc.constantFrom('entry', 'entryHash', 'seal', 'chain', 'seq'),
        (rows, where, field) => {
          const index = where % rows.length;
          const row = at(rows, index);
          const value = field === 'seq' ? row.seal.seq + 100 : 'A'.repeat(43);
          const found = verify(rows.with(index, { ...row, seal: { ...row.seal, [field]: value } }), rows);
          expect(found.broken?.seq).toBe(index + 1);
        },
      ),
    );
  });

  it('shows a deletion anywhere, be the places numbered anew or not', () => {
    fc.assert(
      fc.property(chain, fc.nat(), fc.boolean(), (rows, where, numberAnew) => {
        const index = where % rows.length;
        const cut = rows.toSpliced(index, 1);
        expect(verify(numberAnew ? renumbered(cut) : cut, rows).broken?.seq).toBe(index + 1);
      }),
    );
  });

  it('shows a swap, a duplicate and a cut end, be the places numbered anew or not', () => {
    fc.assert(
      fc.property(chain, fc.nat(), fc.nat(), fc.boolean(), (rows, one, two, numberAnew) => {
        const [left, right] = [one % rows.length, two % rows.length].toSorted((a, b) => a - b) as [number, number];
        const shown = (tampered: readonly Row[]) => verify(numberAnew ? renumbered(tampered) : tampered, rows).ok;
        if (left !== right) expect(shown(rows.with(left, at(rows, right)).with(right, at(rows, left)))).toBe(false);
        expect(shown(rows.toSpliced(right + 1, 0, at(rows, left)))).toBe(false);
        expect(shown(rows.slice(0, left))).toBe(false);
        expect(shown(rows.toSpliced(left, right - left + 1))).toBe(false);
      }),
    );
  });

  it('does not depend on how the sealer’s rounds were cut', () => {
    fc.assert(
      fc.property(fc.array(entry, { maxLength: 8 }), fc.nat(), (entries, where) => {
        const cut = entries.length === 0 ? 0 : where % entries.length;
        const first = chainSeals(undefined, CLINIC, entries.slice(0, cut));
        const rounds = [...first, ...chainSeals(first.at(-1), CLINIC, entries.slice(cut))];
        expect(rounds).toEqual(chainSeals(undefined, CLINIC, entries));
      }),
    );
  });
});

describe('the entry hash', () => {
  it('is equal for equal entries only', () => {
    fc.assert(
      fc.property(entry, entry, (one, other) => {
        const same = base64url(entryHash(one)) === base64url(entryHash(other));
        expect(same).toBe(JSON.stringify(one) === JSON.stringify(other));
        expect(base64url(entryHash(structuredClone(one)))).toBe(base64url(entryHash(one)));
      }),
    );
  });
});

describe('replies', () => {
  const catalogue = catalogueOf({
    priceItems: [priceItemOf('P-TSH', 'TSH')],
    prices: [areaPrice('P-TSH', 3000)],
  });

  /** Three offers of one visit for one item: at most one of them saves its price. */
  function play(
    said: readonly { offer: number; outcome: 'accepted' | 'refused' | 'revoked'; reason: string }[],
  ): LedgerEntry[] {
    const offers = [0, 1, 2].map((index) => offerOf(decisionOf('TSH', ['TSH']), { id: `offer-${index}` }));
    const entries = offers.map((offer, index) => offeredEntry({ offer, entryId: `offered-${index}`, patientMac: 'm' }));
    for (const [index, { offer: number, outcome, reason }] of said.entries()) {
      const offer = offers[number] as (typeof offers)[number];
      const answered = replyEntry({
        offer,
        reply: { offer: offer.id, outcome, reason, at: AT },
        earlier: entries.filter((one) => one.offer === offer.id),
        catalogue,
        asker: ASKER,
        regionZone: 'Asia/Shanghai',
        at: AT,
        mac: openMac,
        patientMac: 'm',
        entryId: `reply-${index}`,
        alreadySaved: openKeys(entries),
      });
      if (answered.ok && answered.value.kind === 'new') entries.push(answered.value.entry);
      if (answered.ok && answered.value.kind === 'known') expect(entries).toContain(answered.value.entry);
    }
    return entries;
  }

  function openKeys(entries: readonly LedgerEntry[]): ReadonlySet<string> {
    const open = new Map<string, readonly Saving[]>();
    for (const one of entries) {
      if (one.kind === 'accepted') open.set(one.offer, one.savings);
      if (one.kind === 'revoked') open.delete(one.offer);
    }
    return new Set([...open.values()].flat().map(({ key }) => key));
  }

  const saying = fc.array(
    fc.record({
      offer: fc.nat({ max: 2 }),
      outcome: fc.constantFrom('accepted' as const, 'refused' as const, 'revoked' as const),
      reason: fc.constantFrom('', '01', '98', '77'),
    }),
    { maxLength: 20 },
  );

  it('never save a price twice, and save it only while an acceptance stands', () => {
    fc.assert(
      fc.property(saying, (said) => {
        const entries = play(said);
        expect([0, 3000]).toContain(savedFen(entries));
        if (!entries.some(({ kind }) => kind === 'accepted')) expect(savedFen(entries)).toBe(0);
      }),
    );
  });

  it('leave each offer with answers that take turns: one answer, one revocation', () => {
    fc.assert(
      fc.property(saying, (said) => {
        for (const offer of ['offer-0', 'offer-1', 'offer-2']) {
          const kinds = play(said).flatMap((one) => (one.offer === offer && one.kind !== 'offered' ? [one.kind] : []));
          for (const [index, kind] of kinds.entries()) expect(kind === 'revoked').toBe(index % 2 === 1);
        }
      }),
    );
  });

  it('change nothing when each is sent twice', () => {
    fc.assert(
      fc.property(saying, (said) => {
        const once = play(said);
        const twice = play(said.flatMap((one) => [one, one]));
        const told = (entries: readonly LedgerEntry[]) =>
          entries.map(({ kind, offer, reason, savings }) => ({ kind, offer, reason, savings }));
        expect(told(twice)).toEqual(told(once));
      }),
    );
  });
});

describe('settling', () => {
  const charges = ['P-A', 'P-B', 'P-C'];
  const catalogue = catalogueOf({ priceItems: charges.map((id) => priceItemOf(id, id.slice(2), `${id.slice(2)}2`)) });
  const performed = fc.array(
    fc.record({
      item: fc.constantFrom('A', 'A2', 'B', 'C2', 'D'),
      facility: fc.constantFrom(CLINIC, 'city' as FacilityId),
      container: fc.constantFrom('r1', 'r2', 'r3'),
      version: fc.constant(1),
    }),
    { maxLength: 6 },
  );
  const accepted = (): readonly LedgerEntry[] => {
    const offer = offerOf(decisionOf('A', ['A']));
    const common = { offer, patientMac: 'm', at: AT, catalogueDigest: 'c' };
    const savings = charges.map((priceItem) => ({ priceItem, fen: 100, source: 's', key: priceItem }));
    return [
      offeredEntry({ offer, entryId: 'o', patientMac: 'm' }),
      { ...entryOf({ ...common, kind: 'accepted', entryId: 'a' }), savings },
    ];
  };
  let made = 0;
  const run = (entries: readonly LedgerEntry[], known: readonly Performed[]): readonly LedgerEntry[] => [
    ...entries,
    ...settlement({
      entries,
      performed: known,
      catalogue,
      answering: (item) => [item],
      at: AT,
      entryId: () => `s-${++made}`,
    }),
  ];
  const told = (entries: readonly LedgerEntry[]) =>
    entries.map(({ kind, reason, savings, results }) => ({
      kind,
      reason,
      results,
      keys: savings.map(({ key }) => key),
    }));

  it('again says nothing more, and the order in which results are read says nothing', () => {
    fc.assert(
      fc.property(performed, (known) => {
        const once = run(accepted(), known);
        expect(run(once, known)).toEqual(once);
        expect(told(run(accepted(), known.toReversed()))).toEqual(told(once));
      }),
    );
  });

  it('ends in the same sums whenever results become known, and each line is said once of each kind', () => {
    fc.assert(
      fc.property(performed, fc.array(fc.nat({ max: 6 }), { maxLength: 4 }), (known, looks) => {
        const all = run(accepted(), known);
        let entries = accepted();
        for (const upTo of [...looks.toSorted((a, b) => a - b), known.length])
          entries = run(entries, known.slice(0, upTo));
        expect(savedSum(entries)).toEqual(savedSum(all));
        for (const kind of ['settled', 'reversed'] as const) {
          const keys = entries.flatMap((one) => (one.kind === kind ? one.savings.map(({ key }) => key) : []));
          expect(new Set(keys).size).toBe(keys.length);
        }
        const { fen, reversedFen, settledFen } = savedSum(entries);
        expect(reversedFen + settledFen).toBe(fen);
      }),
    );
  });
});
