/** Settling: the term of a saving, what takes it back, and that nothing is said twice. */
import { describe, expect, it } from 'vitest';
import { savedSum } from '../../../src/ledger/saved-sum.ts';
import { type Performed, settlement, termEnd } from '../../../src/ledger/settle.ts';
import type { FacilityId } from '../../../src/terms/facility.ts';
import type { Instant } from '../../../src/terms/instant.ts';
import type { LedgerEntry, LedgerKind } from '../../../src/terms/ledger-entry.ts';
import { AT, CLINIC, decisionOf, offerOf, panelOf, priceItemOf } from './ledger-samples.ts';
import { entryOf } from '../../../src/ledger/offered-entry.ts';

const CBC = panelOf('CBC', ['WBC', 'RBC', 'HGB'], ['MCV']);
const CATALOGUE = {
  panels: new Map([['CBC', CBC]]),
  priceItems: new Map(
    [priceItemOf('P-CBC', 'CBC'), priceItemOf('P-K', 'K'), priceItemOf('P-CRP', 'CRP')].map((one) => [one.id, one]),
  ),
};
const OFFER = offerOf(decisionOf('CBC', ['WBC']));
const CITY = 'city' as FacilityId;
let made = 0;

const line = (priceItem: string, fen: number | null) => ({ priceItem, fen, source: 's', key: `key ${priceItem}` });
const LINES = [line('P-CBC', 2000), line('P-K', 850), line('P-CRP', null)];

function entry(kind: LedgerKind, savings: LedgerEntry['savings'] = []): LedgerEntry {
  const common = { offer: OFFER, patientMac: 'p', at: AT, catalogueDigest: 'c' };
  return { ...entryOf({ ...common, kind, entryId: `entry-${++made}` }), savings };
}

const result = (item: string, facility = CITY, container = `report-${item}`): Performed => ({
  item,
  facility,
  container,
  version: 1,
});

function settle(entries: readonly LedgerEntry[], performed: readonly Performed[]): readonly LedgerEntry[] {
  return settlement({
    entries,
    performed,
    catalogue: CATALOGUE,
    answering: (item) => (item === 'CRP' ? ['CRP', 'HSCRP'] : [item]),
    at: '2026-04-01T00:00:00.000Z' as Instant,
    entryId: () => `made-${++made}`,
  });
}

const told = (entries: readonly LedgerEntry[]) =>
  entries.map(({ kind, savings }) => [kind, savings.map(({ priceItem }) => priceItem)]);
const standing = (): readonly LedgerEntry[] => [entry('offered'), entry('accepted', LINES)];

describe('termEnd', () => {
  it.each([
    ['a day', 24, '2026-03-08'],
    ['72 hours', 72, '2026-03-08'],
    ['fourteen days', 336, '2026-03-15'],
    ['thirty days', 720, '2026-03-31'],
    ['a year', 8760, '2026-03-31'],
    ['nothing', 0, '2026-03-08'],
  ])('with a window of %s ends by the rule', (_, hours, day) => {
    expect(termEnd('2026-03-01T00:00:00.000Z' as Instant, hours).slice(0, 10)).toBe(day);
  });
});

describe('settlement', () => {
  it('settles all that was not done again', () => {
    expect(told(settle(standing(), []))).toEqual([['settled', ['P-CBC', 'P-K', 'P-CRP']]]);
    expect(told(settle(standing(), [result('NA'), result('MCV')]))).toEqual([['settled', ['P-CBC', 'P-K', 'P-CRP']]]);
  });

  it('reverses a charge by any of its items, and names the repeats', () => {
    const [reversed, settled] = settle(standing(), [result('HGB'), result('WBC', CLINIC, 'own'), result('HGB')]);
    expect(reversed).toMatchObject({
      kind: 'reversed',
      savings: [LINES[0]],
      results: ['own@1', 'report-HGB@1'],
      reason: 'repeated-here',
      crossFacility: true,
      chain: CLINIC,
      offer: OFFER.id,
    });
    expect(told([settled as LedgerEntry])).toEqual([['settled', ['P-K', 'P-CRP']]]);
  });

  it('reverses by what contains the item, elsewhere, and a charge without amount too', () => {
    const [reversed] = settle(standing(), [result('HSCRP')]);
    expect(reversed).toMatchObject({ savings: [LINES[2]], reason: 'repeated-elsewhere', crossFacility: true });
  });

  it('says nothing of what was revoked, refused or never accepted', () => {
    const accepted = entry('accepted', LINES);
    expect(settle([entry('offered')], [result('K')])).toEqual([]);
    expect(settle([entry('offered'), accepted, entry('revoked')], [result('K')])).toEqual([]);
    expect(settle([entry('offered'), entry('refused')], [result('K')])).toEqual([]);
    expect(settle([accepted, entry('revoked'), entry('refused')], [result('K')])).toEqual([]);
  });

  it('says nothing twice, and restates a settlement when a repeat comes late', () => {
    const first = standing();
    const settled = [...first, ...settle(first, [result('K')])];
    expect(settle(settled, [result('K')])).toEqual([]);
    const late = settle(settled, [result('K'), result('RBC')]);
    expect(told(late)).toEqual([['reversed', ['P-CBC']]]);
    expect(settle([...settled, ...late], [result('K'), result('RBC')])).toEqual([]);
    expect(savedSum([...settled, ...late])).toEqual({
      fen: 2850,
      reversedFen: 2850,
      settledFen: 0,
      priced: 2,
      unpriced: 1,
    });
  });

  it('begins anew with an acceptance that was given again', () => {
    const first = standing();
    const again = [...first, ...settle(first, [result('K')]), entry('revoked'), entry('accepted', [line('P-K', 850)])];
    expect(told(settle(again, []))).toEqual([['settled', ['P-K']]]);
    expect(savedSum(again)).toMatchObject({ fen: 850, reversedFen: 0, settledFen: 0 });
  });
});

describe('savedSum', () => {
  it('is gross, of it reversed, of it settled, and the rest provisional', () => {
    const first = standing();
    expect(savedSum(first)).toEqual({ fen: 2850, reversedFen: 0, settledFen: 0, priced: 2, unpriced: 1 });
    expect(savedSum([...first, ...settle(first, [result('K')])])).toEqual({
      fen: 2850,
      reversedFen: 850,
      settledFen: 2000,
      priced: 2,
      unpriced: 1,
    });
  });
});
