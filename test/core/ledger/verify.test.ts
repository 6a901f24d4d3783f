import { describe, expect, it } from 'vitest';
import { base64url } from '../../../src/base/bytes.ts';
import { chainSeals, genesis, sealAfter } from '../../../src/ledger/seal.ts';
import { createVerifier, type VerifyContext, type VerifyReport } from '../../../src/ledger/verify.ts';
import type { Instant } from '../../../src/terms/instant.ts';
import type { LedgerEntry, Seal } from '../../../src/terms/ledger-entry.ts';
import { AT, CLINIC, entriesOf, HOSPITAL } from './ledger-samples.ts';

type Row = { entry: LedgerEntry | undefined; seal: Seal };

function rowsOf(count: number): Row[] {
  const entries = entriesOf(count);
  return chainSeals(undefined, CLINIC, entries).map((seal, index) => ({ entry: entries[index], seal }));
}

function verify(
  rows: readonly Row[],
  more: Partial<VerifyContext> = {},
  unsealed: readonly LedgerEntry[] = [],
): VerifyReport {
  const verifier = createVerifier(CLINIC, { gatewayRunning: true, now: AT, ...more });
  for (const { entry, seal } of rows) verifier.take(entry, seal);
  for (const entry of unsealed) verifier.takeUnsealed(entry);
  return verifier.report();
}

function at(rows: readonly Row[], index: number): Row & { entry: LedgerEntry } {
  const row = rows[index];
  if (row?.entry === undefined) throw new Error('no such row in the sample');
  return { entry: row.entry, seal: row.seal };
}

function replaced(rows: readonly Row[], index: number, change: (row: Row & { entry: LedgerEntry }) => Row): Row[] {
  return rows.toSpliced(index, 1, change(at(rows, index)));
}

const after = (seconds: number): Instant => new Date(Date.parse(AT) + seconds * 1000).toISOString() as Instant;

describe('chainSeals', () => {
  it('starts at the genesis of its facility and links each seal to the one before', () => {
    const [first, second] = rowsOf(2).map(({ seal }) => seal);
    const entries = entriesOf(2);
    expect([first?.seq, second?.seq, first?.entry, second?.entry]).toEqual([1, 2, 'entry-0', 'entry-1']);
    expect(base64url(genesis(CLINIC))).not.toBe(base64url(genesis(HOSPITAL)));
    expect(chainSeals(undefined, CLINIC, entries.slice(0, 1))[0]?.seal).toBe(first?.seal);
    expect(second?.seal).not.toBe(first?.seal);
    expect(base64url(sealAfter(genesis(CLINIC), genesis(CLINIC)))).toHaveLength(43);
  });

  it('makes the same chain in one go and in rounds', () => {
    const entries = entriesOf(5);
    const first = chainSeals(undefined, CLINIC, entries.slice(0, 2));
    const rest = chainSeals(first.at(-1), CLINIC, entries.slice(2));
    expect([...first, ...rest]).toEqual(chainSeals(undefined, CLINIC, entries));
    expect(chainSeals(first.at(-1), CLINIC, [])).toEqual([]);
  });

  it('throws on an entry of another chain and on a last seal that is none', () => {
    expect(() => chainSeals(undefined, HOSPITAL, entriesOf(1))).toThrow('another chain');
    const [last] = chainSeals(undefined, CLINIC, entriesOf(1));
    if (last === undefined) throw new Error('one entry makes one seal');
    expect(() => chainSeals({ ...last, seal: 'AAAA' }, CLINIC, entriesOf(1))).toThrow('not 32 bytes');
  });
});

describe('createVerifier', () => {
  it('finds nothing in a true chain and says how far it goes', () => {
    const rows = rowsOf(6);
    const last = at(rows, 5).seal;
    expect(verify(rows)).toEqual({
      chain: CLINIC,
      ok: true,
      sealed: 6,
      last: { seq: 6, seal: last.seal },
      broken: undefined,
      unsealed: 0,
      longUnsealed: 0,
      firstLongUnsealed: undefined,
    });
    expect(verify([])).toMatchObject({ ok: true, sealed: 0, last: undefined });
  });

  it('names the first edited entry', () => {
    const rows = replaced(rowsOf(6), 3, ({ entry, seal }) => ({ entry: { ...entry, target: 'HGB' }, seal }));
    expect(verify(rows)).toMatchObject({
      ok: false,
      broken: { seq: 4, entry: 'entry-3', code: 'ledger/edited-entry' },
    });
  });

  it('names an entry whose amount became no amount', () => {
    const rows = replaced(rowsOf(6), 3, ({ entry, seal }) => ({
      entry: { ...entry, savings: [{ priceItem: 'P', fen: 0.5, source: '', key: '' }] },
      seal,
    }));
    expect(verify(rows).broken).toEqual({ seq: 4, entry: 'entry-3', code: 'ledger/edited-entry' });
  });

  it('names an edited seal, be it its hash, its entry or the seal itself', () => {
    const other = at(rowsOf(6), 5).seal;
    const edit = (change: Partial<Seal>): VerifyReport['broken'] =>
      verify(replaced(rowsOf(6), 2, ({ entry, seal }) => ({ entry, seal: { ...seal, ...change } }))).broken;
    expect(edit({ entryHash: other.entryHash })).toEqual({ seq: 3, entry: 'entry-2', code: 'ledger/edited-seal' });
    expect(edit({ entry: 'entry-9' })).toEqual({ seq: 3, entry: 'entry-9', code: 'ledger/edited-seal' });
    expect(edit({ seal: other.seal })).toEqual({ seq: 3, entry: 'entry-2', code: 'ledger/broken-link' });
  });

  it('names the place of a missing seal and of a missing entry', () => {
    const rows = rowsOf(6);
    expect(verify(rows.toSpliced(2, 1)).broken).toEqual({ seq: 3, entry: '', code: 'ledger/missing' });
    expect(verify(rows.toSpliced(0, 1)).broken).toEqual({ seq: 1, entry: '', code: 'ledger/missing' });
    expect(verify(replaced(rows, 2, ({ seal }) => ({ entry: undefined, seal }))).broken).toEqual({
      seq: 3,
      entry: 'entry-2',
      code: 'ledger/missing',
    });
  });

  it('names a left-out entry although the places were numbered anew', () => {
    const rows = rowsOf(6)
      .toSpliced(2, 1)
      .map(({ entry, seal }, index) => ({ entry, seal: { ...seal, seq: index + 1 } }));
    expect(verify(rows).broken).toEqual({ seq: 3, entry: 'entry-3', code: 'ledger/broken-link' });
  });

  it('names two entries that changed places', () => {
    const rows = rowsOf(6);
    const [one, two] = [at(rows, 2), at(rows, 3)];
    const swapped = rows.toSpliced(
      2,
      2,
      { entry: two.entry, seal: { ...two.seal, seq: 3 } },
      { entry: one.entry, seal: { ...one.seal, seq: 4 } },
    );
    expect(verify(swapped).broken).toEqual({ seq: 3, entry: 'entry-3', code: 'ledger/broken-link' });
    expect(verify(rows.toSpliced(2, 2, two, one)).broken).toEqual({ seq: 3, entry: '', code: 'ledger/missing' });
  });

  it('names a place that came twice, and one that came late', () => {
    const rows = rowsOf(6);
    expect(verify(rows.toSpliced(3, 0, at(rows, 2))).broken).toEqual({
      seq: 3,
      entry: 'entry-2',
      code: 'ledger/duplicated',
    });
    expect(verify(rows.toSpliced(4, 0, at(rows, 1))).broken).toEqual({
      seq: 2,
      entry: 'entry-1',
      code: 'ledger/reordered',
    });
  });

  it('names an entry that was sealed twice in a row with good seals', () => {
    const entries = entriesOf(4);
    const twice = entries.toSpliced(2, 0, ...entries.slice(1, 2));
    const rows = chainSeals(undefined, CLINIC, twice).map((seal, index) => ({ entry: twice[index], seal }));
    expect(verify(rows).broken).toEqual({ seq: 3, entry: 'entry-1', code: 'ledger/duplicated' });
  });

  it('names an entry or a seal of another chain', () => {
    const rows = rowsOf(3);
    const [foreign] = entriesOf(1, HOSPITAL);
    if (foreign === undefined) throw new Error('one entry was asked for');
    expect(
      verify(replaced(rows, 1, ({ seal }) => ({ entry: { ...foreign, id: seal.entry }, seal }))).broken?.code,
    ).toBe('ledger/wrong-chain');
    expect(
      verify(replaced(rows, 1, ({ entry, seal }) => ({ entry, seal: { ...seal, chain: HOSPITAL } }))).broken?.code,
    ).toBe('ledger/wrong-chain');
  });

  it('finds a cut end, and a chain written anew as a whole, by a seal that is known from elsewhere', () => {
    const rows = rowsOf(6);
    const known = { seq: 6, seal: at(rows, 5).seal.seal };
    expect(verify(rows, { known }).ok).toBe(true);
    expect(verify(rows, { known: { seq: 4, seal: at(rows, 3).seal.seal } }).ok).toBe(true);
    expect(verify(rows.slice(0, 4), { known }).broken).toEqual({ seq: 5, entry: '', code: 'ledger/truncated' });
    const others = entriesOf(6).map((entry) => ({ ...entry, target: 'HGB' }));
    const anew = chainSeals(undefined, CLINIC, others).map((seal, index) => ({ entry: others[index], seal }));
    expect(verify(anew).ok).toBe(true);
    expect(verify(anew, { known }).broken).toEqual({ seq: 6, entry: 'entry-5', code: 'ledger/truncated' });
  });

  it('fails on an entry unsealed for more than 60 seconds while a gateway runs, and only reports it otherwise', () => {
    const [, second, third] = entriesOf(3);
    if (second === undefined || third === undefined) throw new Error('three entries were asked for');
    const waiting = [third, second];
    expect(verify([], { now: after(61) }, waiting)).toMatchObject({ ok: true, unsealed: 2, longUnsealed: 0 });
    expect(verify([], { now: after(62) }, waiting)).toMatchObject({
      ok: false,
      longUnsealed: 1,
      firstLongUnsealed: { entry: 'entry-1', code: 'ledger/long-unsealed' },
    });
    expect(verify([], { now: after(3600) }, waiting).firstLongUnsealed?.entry).toBe('entry-1');
    expect(verify([], { now: after(3600), gatewayRunning: false }, waiting)).toMatchObject({
      ok: true,
      longUnsealed: 2,
    });
  });
});
