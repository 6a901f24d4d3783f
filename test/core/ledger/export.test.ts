/** An export verified without a database: alone, with an anchor, with receipts; every changed byte is found where it is. */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { base64url } from '../../../src/base/bytes.ts';
import { type Anchor, readAnchor, signAnchor } from '../../../src/ledger/anchor.ts';
import { entryHash } from '../../../src/ledger/entry-hash.ts';
import { printLine, readLine } from '../../../src/ledger/export-form.ts';
import { entryOf } from '../../../src/ledger/offered-entry.ts';
import { chainSeals } from '../../../src/ledger/seal.ts';
import { createExportVerifier, type ExportReport, type Kept } from '../../../src/ledger/verify-export.ts';
import type { FacilityId } from '../../../src/terms/facility.ts';
import type { LedgerEntry, LedgerKind, Seal } from '../../../src/terms/ledger-entry.ts';
import { AT, CLINIC, decisionOf, offerOf } from './ledger-samples.ts';

const CITY = 'city' as FacilityId;
const KINDS: readonly LedgerKind[] = ['offered', 'accepted', 'settled', 'offered', 'refused'];

function entries(chain: FacilityId, from = 0): readonly LedgerEntry[] {
  return KINDS.map((kind, index) => ({
    ...entryOf({
      offer: { ...offerOf(decisionOf('CBC', ['WBC'])), facility: chain, id: `offer-${chain}-${index}` },
      entryId: `entry-${chain}-${from + index}`,
      patientMac: '化名',
      kind,
      at: AT,
      catalogueDigest: 'c',
    }),
    savings:
      kind === 'accepted'
        ? [
            { priceItem: 'P', fen: 2000, source: '价目', key: 'k' },
            { priceItem: 'Q', fen: null, source: '', key: 'q' },
          ]
        : [],
  }));
}

interface Chain {
  readonly chain: FacilityId;
  readonly entries: readonly LedgerEntry[];
  readonly seals: readonly Seal[];
  readonly waiting: readonly LedgerEntry[];
}

function chainOf(chain: FacilityId, waiting = 1): Chain {
  const all = entries(chain);
  const sealed = all.slice(0, all.length - waiting);
  return { chain, entries: sealed, seals: chainSeals(undefined, chain, sealed), waiting: all.slice(sealed.length) };
}

function linesOf(...chains: readonly Chain[]): readonly string[] {
  return [
    printLine({ kind: 'head', head: { form: 1, issuer: 'https://concord.example', at: AT } }),
    ...chains.flatMap(({ entries: sealed, seals, waiting }) => [
      ...seals.map((seal, index) => printLine({ kind: 'place', entry: sealed[index], seal })),
      ...waiting.map((entry) => printLine({ kind: 'unsealed', entry })),
    ]),
    printLine({
      kind: 'end',
      chains: chains.map(({ chain, seals, waiting }) => ({ chain, sealed: seals.length, unsealed: waiting.length })),
    }),
  ];
}

function verify(lines: readonly string[], kept: Kept = {}): ExportReport {
  const verifier = createExportVerifier(kept);
  for (const line of lines) verifier.take(line);
  return verifier.report();
}

const WORLD = [chainOf(CITY), chainOf(CLINIC)] as const;
const LINES = linesOf(...WORLD);
const anchorOf = (...chains: readonly Chain[]): Anchor => ({
  form: 1,
  issuer: 'https://concord.example',
  day: '2026-03-01',
  at: AT,
  chains: chains.map(({ chain, seals }) => ({ chain, seq: seals.length, seal: seals.at(-1)?.seal ?? '' })),
});
const ANCHOR = anchorOf(...WORLD);
const faults = (report: ExportReport) => report.faults.map(({ code, line, chain, seq }) => [code, line, chain, seq]);

describe('an export', () => {
  it('that is whole holds, alone and against its anchor and receipts', () => {
    expect(verify(LINES)).toMatchObject({ ok: true, at: AT, lines: 12, faults: [], anchor: undefined });
    const receipts = [...WORLD[0].entries, ...WORLD[1].waiting].map((entry) => ({
      entry: entry.id,
      hash: base64url(entryHash(entry)),
    }));
    expect(verify(LINES, { anchor: ANCHOR, receipts })).toMatchObject({ ok: true, anchor: '2026-03-01', receipts: 5 });
  });

  it('reads every line back as it was printed', () => {
    for (const line of LINES) expect(printLine(readLine(line) as NonNullable<ReturnType<typeof readLine>>)).toBe(line);
  });

  it('of which any byte was changed is found, on its line', () => {
    const text = new TextEncoder().encode(LINES.join('\n'));
    const lineAt = (place: number): number => text.slice(0, place).filter((byte) => byte === 0x0a).length + 1;
    fc.assert(
      fc.property(fc.nat({ max: text.length - 1 }), fc.integer({ min: 1, max: 255 }), (place, by) => {
        const changed = Uint8Array.from(text);
        changed[place] = ((changed[place] ?? 0) + by) % 256;
        const report = verify(new TextDecoder().decode(changed).split('\n'), { anchor: ANCHOR });
        expect(report.ok).toBe(false);
        // A broken line break joins two lines, and a new one parts one: the first of the two is named.
        expect(report.faults.some(({ line }) => line === lineAt(place) || line === lineAt(place) + 1)).toBe(true);
      }),
      { numRuns: 1500 },
    );
  });

  it.each<[string, (lines: string[]) => string[], readonly unknown[]]>([
    ['its end cut off', (lines) => lines.slice(0, -1), ['ledger/export-cut', undefined, undefined, undefined]],
    [
      'the last entries of a chain cut off',
      (lines) => lines.filter((_, index) => index < 8),
      ['ledger/export-cut', undefined, undefined, undefined],
    ],
    ['a place left out', (lines) => lines.filter((_, index) => index !== 2), ['ledger/missing', 3, CITY, 2]],
    [
      'a place twice',
      (lines) => [...lines.slice(0, 3), lines[2] as string, ...lines.slice(3)],
      ['ledger/duplicated', 4, CITY, 2],
    ],
    [
      'two places exchanged',
      (lines) => [...lines.slice(0, 2), lines[3] as string, lines[2] as string, ...lines.slice(4)],
      ['ledger/missing', 3, CITY, 2],
    ],
    [
      'a line behind its end',
      (lines) => [...lines, lines[2] as string],
      ['ledger/export-altered', 13, undefined, undefined],
    ],
    ['no head', (lines) => lines.slice(1), ['ledger/export-altered', 1, undefined, undefined]],
    [
      'blanks in a line',
      (lines) => lines.map((line, index) => (index === 1 ? line.replace('{', '{ ') : line)),
      ['ledger/export-altered', 2, undefined, undefined],
    ],
  ])('with %s does not hold', (_, spoil, expected) => {
    const report = verify(spoil([...LINES]));
    expect(report.ok).toBe(false);
    expect(faults(report)).toContainEqual(expected);
  });

  it('that was written anew as a whole agrees with itself, and not with what was kept', () => {
    const dearer = entries(CITY).map((entry) => ({
      ...entry,
      savings: entry.savings.map((one) => ({ ...one, fen: 9_900 })),
    }));
    const forged = { ...WORLD[0], entries: dearer.slice(0, 4), seals: chainSeals(undefined, CITY, dearer.slice(0, 4)) };
    const lines = linesOf(forged, WORLD[1]);
    expect(verify(lines).ok).toBe(true);
    expect(faults(verify(lines, { anchor: ANCHOR }))).toEqual([['ledger/truncated', 5, CITY, 4]]);
    const [, accepted] = WORLD[0].entries;
    const receipt = { entry: accepted?.id ?? '', hash: base64url(entryHash(accepted as LedgerEntry)) };
    expect(verify(lines, { receipts: [receipt] }).faults).toEqual([
      { code: 'ledger/edited-entry', line: 3, chain: CITY, entry: receipt.entry },
    ]);
  });

  it('from which an end was cut, with a new end written, falls short of its anchor', () => {
    const short = {
      ...WORLD[1],
      entries: WORLD[1].entries.slice(0, 2),
      seals: WORLD[1].seals.slice(0, 2),
      waiting: [],
    };
    const lines = linesOf(WORLD[0], short);
    expect(verify(lines).ok).toBe(true);
    expect(faults(verify(lines, { anchor: ANCHOR }))).toEqual([['ledger/truncated', undefined, CLINIC, 3]]);
  });

  it('without a chain that was anchored, or an entry that was receipted, lacks it', () => {
    const lines = linesOf(WORLD[0]);
    expect(verify(lines).ok).toBe(true);
    expect(faults(verify(lines, { anchor: ANCHOR }))).toEqual([['ledger/truncated', undefined, CLINIC, 1]]);
    const receipt = { entry: 'gone', hash: 'h' };
    expect(verify(lines, { receipts: [receipt] }).faults).toEqual([{ code: 'ledger/missing', entry: 'gone' }]);
  });

  it('that has grown since its anchor holds', () => {
    const early = { ...WORLD[0], seals: WORLD[0].seals.slice(0, 2) };
    expect(verify(LINES, { anchor: anchorOf(early) }).ok).toBe(true);
  });
});

describe('an anchor', () => {
  const seed = new Uint8Array(32).fill(7);

  it('is read as it was signed, by the same key every time', async () => {
    const [one, two] = await Promise.all([
      signAnchor(ANCHOR, seed),
      signAnchor({ ...ANCHOR, day: '2026-03-02' }, seed),
    ]);
    const [first, second] = await Promise.all([readAnchor(one), readAnchor(two)]);
    expect(first?.anchor).toEqual(ANCHOR);
    expect(second?.key).toBe(first?.key);
    const other = await readAnchor(await signAnchor(ANCHOR, new Uint8Array(32).fill(8)));
    expect(other?.key).not.toBe(first?.key);
  });

  it('that was changed is none', async () => {
    const jws = await signAnchor(ANCHOR, seed);
    const [head = '', body = '', signature = ''] = jws.split('.');
    const forged = base64url(new TextEncoder().encode(JSON.stringify({ ...ANCHOR, day: '2027-01-01' })));
    for (const text of [`${head}.${forged}.${signature}`, `${head}.${body}.`, body, '', `${jws}x`])
      expect(await readAnchor(text)).toBeUndefined();
  });
});
