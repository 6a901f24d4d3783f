import { describe, expect, it } from 'vitest';
import { base64url } from '../../../src/base/bytes.ts';
import { entryHash, hashedText } from '../../../src/ledger/entry-hash.ts';
import { chainSeals } from '../../../src/ledger/seal.ts';
import type { FacilityId } from '../../../src/terms/facility.ts';
import type { Instant } from '../../../src/terms/instant.ts';
import { type LedgerEntry, NO_VISIT } from '../../../src/terms/ledger-entry.ts';

const ENTRY: LedgerEntry = {
  id: '00000000-0000-4000-8000-000000000001',
  form: 1,
  chain: '甲镇卫生院' as FacilityId,
  kind: 'accepted',
  at: '2026-03-01T02:15:30.000Z' as Instant,
  offer: '00000000-0000-4000-8000-000000000002',
  patientMac: 'p',
  encounterMac: '',
  orderMac: 'o',
  target: 'LIVER',
  savings: [
    { priceItem: 'P-ALB', fen: 510, source: 'a "quoted" source', key: 'k1' },
    { priceItem: 'P-TP', fen: null, source: '', key: 'k2' },
  ],
  catalogueDigest: 'c',
  results: ['r1@2', 'r2@1'],
  crossFacility: true,
  reason: '',
  countsAsRefusal: false,
  visit: NO_VISIT,
};

describe('entryHash', () => {
  it('hashes the listed fields in the listed order, as an auditor can write them elsewhere', () => {
    expect(hashedText(ENTRY)).toBe(
      '["concord-ledger-entry",1,"00000000-0000-4000-8000-000000000001","甲镇卫生院","accepted",' +
        '"2026-03-01T02:15:30.000Z","00000000-0000-4000-8000-000000000002","p","","o","LIVER",' +
        '[["P-ALB",510,"a \\"quoted\\" source","k1"],["P-TP","","","k2"]],"c",["r1@2","r2@1"],1,"",0]',
    );
  });

  it('has not changed since the first entry was written (golden vector of form 1)', () => {
    expect(base64url(entryHash(ENTRY))).toBe('a2HEDP0EQ02rspWokLB8FCr6CwAmVNzNlVkn-Pz-cXE');
  });

  it('gives seals that have not changed either (golden vector, computed with another language)', () => {
    const [first, second] = chainSeals(undefined, ENTRY.chain, [ENTRY, ENTRY]);
    expect(first?.seal).toBe('NNW_BZ7lGjtwkfUCtE1ASuC6iDzfPP3vMz_rhEsICzw');
    expect(second?.seal).toBe('KG51Me8SdXw-syFoRRX506XW8GxCphWATJ7tZXufAMI');
  });

  it('does not depend on the order in which the fields were set', () => {
    const turned = Object.fromEntries(Object.entries(ENTRY).toReversed()) as unknown as LedgerEntry;
    expect(base64url(entryHash(turned))).toBe(base64url(entryHash(ENTRY)));
  });

  it('covers every field of an entry and of a saving', () => {
    const entry: LedgerEntry = { ...ENTRY, form: 2 };
    const [first, second] = ENTRY.savings;
    if (first === undefined || second === undefined) throw new Error('the sample has two savings');
    const changes: Partial<Record<keyof LedgerEntry, unknown>> = {
      id: 'x',
      form: 1,
      chain: 'x',
      kind: 'refused',
      at: '2026-03-01T02:15:30.001Z',
      offer: 'x',
      patientMac: 'x',
      encounterMac: 'x',
      orderMac: 'x',
      target: 'x',
      savings: [],
      catalogueDigest: 'x',
      results: ['r1@2'],
      crossFacility: false,
      reason: '01',
      countsAsRefusal: true,
      visit: { ...NO_VISIT, payer: 'x' },
    };
    expect(Object.keys(changes).toSorted()).toEqual(Object.keys(ENTRY).toSorted());
    const changed = [
      ...Object.entries(changes).map(([field, value]) => ({ ...entry, [field]: value })),
      ...Object.entries({ priceItem: 'x', fen: 511, source: 'x', key: 'x' }).map(([field, value]) => ({
        ...entry,
        savings: [{ ...first, [field]: value }, second],
      })),
      ...[{ class: 'inpatient' as const }, { drg: true }, { split: { patient: 300, fund: 600, deductible: 100 } }].map(
        (more) => ({ ...entry, visit: { ...NO_VISIT, ...more } }),
      ),
      { ...entry, savings: [second, first] },
      { ...entry, savings: [first, { ...second, fen: 0 }] },
      { ...entry, results: ['r1@2r2@1'] },
    ] as LedgerEntry[];
    const hashes = [entry, ...changed].map((one) => base64url(entryHash(one)));
    expect(new Set(hashes).size).toBe(hashes.length);
  });

  it.each([1.5, -1, Number.NaN, 2 ** 53])('refuses an amount that is no whole number of fen (%s)', (fen) => {
    expect(() => entryHash({ ...ENTRY, savings: [{ priceItem: 'P', fen, source: '', key: '' }] })).toThrow(
      'whole number of fen',
    );
  });
});
