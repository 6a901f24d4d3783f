import { describe, expect, it } from 'vitest';
import { choosePrice } from '../../../src/ledger/choose-price.ts';
import type { Price } from '../../../src/terms/catalogue.ts';
import { areaPrice, ASKER, CLINIC, HOSPITAL } from './ledger-samples.ts';

function chosen(prices: readonly Price[], on = '2026-03-01'): number | undefined {
  const given = choosePrice({ catalogue: { prices }, priceItem: 'P', asker: ASKER, on });
  const turned = choosePrice({ catalogue: { prices: prices.toReversed() }, priceItem: 'P', asker: ASKER, on });
  expect(turned).toEqual(given);
  return given?.fen;
}

function own(fen: number, more: Partial<Price> = {}): Price {
  return { priceItem: 'P', facility: CLINIC, fen, validFrom: '2020-01-01', source: 's', ...more };
}

describe('choosePrice', () => {
  it('takes the facility’s own price before any table', () => {
    expect(chosen([areaPrice('P', 1, { area: '421281' }), own(2)])).toBe(2);
  });

  it('takes the price that is open on the day: from its first day to before its last', () => {
    const prices = [
      own(1, { validTo: '2026-03-01' }),
      own(2, { validFrom: '2026-03-01', validTo: '2026-04-01' }),
      own(3, { validFrom: '2026-04-01' }),
    ];
    expect(chosen(prices, '2026-02-28')).toBe(1);
    expect(chosen(prices, '2026-03-01')).toBe(2);
    expect(chosen(prices, '2026-03-31')).toBe(2);
    expect(chosen(prices, '2026-04-01')).toBe(3);
    expect(chosen(prices, '2019-12-31')).toBeUndefined();
    expect(chosen(prices.slice(0, 1), '2026-03-01')).toBeUndefined();
  });

  it('takes the area’s table when the own price is not open on the day', () => {
    expect(chosen([own(1, { validTo: '2026-01-01' }), areaPrice('P', 2)])).toBe(2);
  });

  it('takes the longest area that the facility lies in, at its level', () => {
    const prices = [
      areaPrice('P', 1, { area: '' }),
      areaPrice('P', 2, { area: '42' }),
      areaPrice('P', 3, { area: '4212' }),
      areaPrice('P', 4, { area: '4213' }),
      areaPrice('P', 5, { area: '421281', level: 3 }),
    ];
    expect(chosen(prices)).toBe(3);
    expect(chosen(prices.slice(0, 1))).toBe(1);
  });

  it('takes the later table of two that are open, and the lower amount of two alike', () => {
    expect(chosen([areaPrice('P', 1), areaPrice('P', 2, { validFrom: '2025-01-01' })])).toBe(2);
    expect(chosen([areaPrice('P', 9), areaPrice('P', 8)])).toBe(8);
  });

  it('knows no price of another facility, another level, another area or another price item', () => {
    expect(chosen([own(1, { facility: HOSPITAL })])).toBeUndefined();
    expect(
      chosen([areaPrice('P', 1, { level: 2 }), areaPrice('P', 1, { area: '43' }), areaPrice('Q', 1)]),
    ).toBeUndefined();
    expect(chosen([areaPrice('P', 1, { facility: HOSPITAL })])).toBeUndefined();
    expect(chosen([])).toBeUndefined();
  });
});
