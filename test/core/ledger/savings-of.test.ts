import { describe, expect, it } from 'vitest';
import { savingsOf } from '../../../src/ledger/savings-of.ts';
import type { Decision } from '../../../src/terms/decision.ts';
import type { Offer } from '../../../src/terms/offer.ts';
import { areaPrice, ASKER, catalogueOf, decisionOf, offerOf, openMac, panelOf, priceItemOf } from './ledger-samples.ts';

type Parts = Parameters<typeof catalogueOf>[0];

function savings(decision: Decision, parts: Parts, more: { offer?: Partial<Offer>; localDay?: string } = {}) {
  return savingsOf({
    offer: offerOf(decision, more.offer),
    catalogue: catalogueOf(parts),
    asker: ASKER,
    localDay: more.localDay ?? '2026-03-01',
    mac: openMac,
  });
}

function amounts(decision: Decision, parts: Parts): readonly (readonly [string, number | null])[] {
  return savings(decision, parts).map(({ priceItem, fen }) => [priceItem, fen]);
}

const CBC = panelOf('CBC', ['WBC', 'RBC', 'HGB']);
const LIVER = panelOf('LIVER', ['TP', 'ALB', 'TBIL'], ['GLO', 'IBIL']);
const KIDNEY = panelOf('KIDNEY', ['UREA', 'CREA', 'UA']);
const CBC_FULL = decisionOf('CBC', ['WBC', 'RBC', 'HGB']);
const LIVER_FULL = decisionOf('LIVER', ['TP', 'ALB', 'TBIL']);

describe('savingsOf', () => {
  it('counts one amount for an item that is recognised', () => {
    const parts = {
      priceItems: [priceItemOf('P-TSH', 'TSH'), priceItemOf('P-FT4', 'FT4')],
      prices: [areaPrice('P-TSH', 3000)],
    };
    expect(savings(decisionOf('TSH', ['TSH']), parts)).toEqual([
      { priceItem: 'P-TSH', fen: 3000, source: 'table P-TSH', key: expect.stringContaining('P-TSH') },
    ]);
  });

  it('counts a panel’s own price item once, never its analytes', () => {
    const parts = {
      panels: [CBC],
      priceItems: [priceItemOf('P-WBC', 'WBC'), priceItemOf('P-CBC', 'CBC')],
      prices: [areaPrice('P-CBC', 2000), areaPrice('P-WBC', 500)],
    };
    expect(amounts(CBC_FULL, parts)).toEqual([['P-CBC', 2000]]);
  });

  it('counts the price items of a panel’s items where the panel itself has none, each once', () => {
    const parts = {
      panels: [LIVER],
      priceItems: [
        priceItemOf('P-TP', 'TP'),
        priceItemOf('P-ALB', 'ALB'),
        priceItemOf('P-TBIL', 'TBIL'),
        priceItemOf('P-ALT', 'ALT'),
      ],
      prices: [areaPrice('P-TP', 425), areaPrice('P-ALB', 510), areaPrice('P-TBIL', 425), areaPrice('P-ALT', 425)],
    };
    expect(amounts(LIVER_FULL, parts)).toEqual([
      ['P-ALB', 510],
      ['P-TBIL', 425],
      ['P-TP', 425],
    ]);
  });

  it('pays for no item twice where price items overlap', () => {
    const parts = {
      panels: [LIVER],
      priceItems: [priceItemOf('P-TP', 'TP'), priceItemOf('P-PROTEINS', 'TP', 'ALB'), priceItemOf('P-TBIL', 'TBIL')],
      prices: [areaPrice('P-TP', 425), areaPrice('P-PROTEINS', 800), areaPrice('P-TBIL', 425)],
    };
    expect(amounts(LIVER_FULL, parts)).toEqual([
      ['P-PROTEINS', 800],
      ['P-TBIL', 425],
    ]);
  });

  it('counts nothing for an item that is calculated from the others', () => {
    const parts = { panels: [LIVER], priceItems: [priceItemOf('P-IBIL', 'IBIL'), priceItemOf('P-TP', 'TP')] };
    expect(amounts(LIVER_FULL, parts)).toEqual([['P-TP', null]]);
  });

  it('claims no price item that pays for more than was ordered', () => {
    const parts = { panels: [CBC], priceItems: [priceItemOf('P-CBC', 'CBC'), priceItemOf('P-BOTH', 'WBC', 'CRP')] };
    expect(amounts(decisionOf('WBC', ['WBC']), parts)).toEqual([]);
  });

  it('counts a smaller panel’s price item within a larger panel', () => {
    const parts = {
      panels: [panelOf('LARGE', ['WBC', 'RBC', 'HGB', 'CRP']), CBC],
      priceItems: [priceItemOf('P-CBC', 'CBC'), priceItemOf('P-CRP', 'CRP'), priceItemOf('P-WBC', 'WBC')],
      prices: [areaPrice('P-CBC', 2000), areaPrice('P-CRP', 1000)],
    };
    expect(amounts(decisionOf('LARGE', ['WBC', 'RBC', 'HGB', 'CRP']), parts)).toEqual([
      ['P-CBC', 2000],
      ['P-CRP', 1000],
    ]);
  });

  it('takes the price item that the asker has a price for, and the lower of two', () => {
    const priceItems = [priceItemOf('P-A', 'TSH'), priceItemOf('P-B', 'TSH'), priceItemOf('P-C', 'TSH')];
    expect(
      amounts(decisionOf('TSH', ['TSH']), { priceItems, prices: [areaPrice('P-B', 900), areaPrice('P-C', 800)] }),
    ).toEqual([['P-C', 800]]);
    expect(amounts(decisionOf('TSH', ['TSH']), { priceItems })).toEqual([['P-A', null]]);
  });

  it('counts without amount where no price is known', () => {
    const parts = { priceItems: [priceItemOf('P-TSH', 'TSH')] };
    expect(savings(decisionOf('TSH', ['TSH']), parts)).toMatchObject([{ priceItem: 'P-TSH', fen: null, source: '' }]);
  });

  it.each([
    ['a part of a panel that is one charge', { ...CBC_FULL, coverage: 'partial', missing: ['HGB'] }],
    ['a review card', { ...CBC_FULL, verdict: 'review' }],
    ['a decision not to recognise', { ...CBC_FULL, verdict: 'do-not' }],
    [
      'an order without target',
      { key: 'o', verdict: 'recognise', coverage: 'full', missing: [], items: [], abnormal: [] },
    ],
    ['a target that the catalogue no longer has', decisionOf('GONE', ['WBC'])],
  ] satisfies [string, Decision][])('saves nothing for %s', (_what, decision) => {
    const parts = { panels: [CBC], priceItems: [priceItemOf('P-CBC', 'CBC')], prices: [areaPrice('P-CBC', 2000)] };
    expect(savings(decision, parts)).toEqual([]);
  });

  it('saves of a panel recognised in part what is dropped whole, and nothing that is still to be ordered', () => {
    const parts = {
      panels: [KIDNEY],
      priceItems: [priceItemOf('P-UREA', 'UREA'), priceItemOf('P-CREA-UA', 'CREA', 'UA')],
      prices: [areaPrice('P-UREA', 300), areaPrice('P-CREA-UA', 700)],
    };
    const part = (missing: readonly string[]) =>
      amounts(decisionOf('KIDNEY', KIDNEY.required, { coverage: 'partial', missing }), parts);
    expect(part(['CREA'])).toEqual([['P-UREA', 300]]);
    expect(part(['UREA'])).toEqual([['P-CREA-UA', 700]]);
    expect(part(['UREA', 'UA'])).toEqual([]);
  });

  it('keys a saving by facility, patient, encounter and price item, whatever the draft and the day', () => {
    const parts = { priceItems: [priceItemOf('P-TSH', 'TSH')] };
    const decision = decisionOf('TSH', ['TSH']);
    const key = (offer: Partial<Offer>, localDay = '2026-03-01') =>
      savings(decision, parts, { offer, localDay })[0]?.key;
    const same = key({});
    expect(key({ id: 'offer-2', orderMac: 'other-draft' }, '2026-03-02')).toBe(same);
    expect(key({ encounterMac: 'e2' })).not.toBe(same);
    expect(key({ patient: { ...offerOf(decision).patient, patient: 'p2' } })).not.toBe(same);
    expect(key({ facility: ASKER.id })).toBe(same);
  });

  it('keys a saving by the day where no encounter is told', () => {
    const parts = { priceItems: [priceItemOf('P-TSH', 'TSH')] };
    const key = (encounterMac: string, localDay: string) =>
      savings(decisionOf('TSH', ['TSH']), parts, { offer: { encounterMac }, localDay })[0]?.key;
    expect(key('', '2026-03-01')).toBe(key('', '2026-03-01'));
    expect(key('', '2026-03-01')).not.toBe(key('', '2026-03-02'));
    expect(key('', '2026-03-01')).not.toBe(key('2026-03-01', '2026-03-01'));
  });
});
