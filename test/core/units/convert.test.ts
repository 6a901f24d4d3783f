/** Conversions between units (src/units/convert.ts). */
import { describe, expect, test } from 'vitest';
import type { Decimal } from '../../../src/base/decimal.ts';
import { comparableUnit, convertUnit } from '../../../src/units/convert.ts';

const convert = (value: string, from: string, to: string, item?: string) =>
  convertUnit({ value: value as Decimal, from, to, ...(item === undefined ? {} : { molarMassOf: item }) });

describe('units of one dimension convert exactly', () => {
  test.each([
    ['5.50', 'g/L', 'g/dL', '0.55'],
    ['0.1', 'g/L', 'mg/L', '100'],
    ['135', 'umol/L', 'mmol/L', '0.135'],
    ['4.5', '10*9/L', '10*3/uL', '4.5'],
    ['4.5', '10*9/L', '/uL', '4500'],
    ['12', 'm[IU]/mL', '[IU]/L', '12'],
    ['0.45', 'L/L', '%', '45'],
    ['1.5', 'g/(24.h)', 'mg/(24.h)', '1500'],
    ['90', 's', 'min', '1.5'],
    ['40', 'mm[Hg]', 'kPa', '5.33288'],
    ['-2.50', 'mmol/L', 'mmol/L', '-2.50'],
  ])('%s %s → %s', (value, from, to, expected) => expect(convert(value, from, to)).toBe(expected));
});

describe('mass and substance convert for a known analyte', () => {
  test.each([
    ['180.156', 'mg/dL', 'mmol/L', 'GLU', '10'],
    ['5.5', 'mmol/L', 'mg/dL', 'GLU', '99.0858'],
    ['1', 'mg/dL', 'umol/L', 'CREA', '88.401697'],
    ['10', 'mg/dL', 'mmol/L', 'BUN', '3.5696437'],
    ['1', 'mg/dL', 'umol/L', 'TBIL', '17.1035775'],
    ['200', 'mg/dL', 'mmol/L', 'TC', '5.1724494'],
    ['150', 'mg/dL', 'mmol/L', 'TG', '1.6940481'],
    ['6', 'mg/dL', 'umol/L', 'UA', '356.904920'],
    ['9.2', 'mg/dL', 'mmol/L', 'CA', '2.2955237'],
    ['4.6', 'meq/L', 'mmol/L', 'CA', '2.3'],
  ])('%s %s → %s of %s', (value, from, to, item, expected) =>
    expect(convert(value, from, to, item)?.startsWith(expected)).toBe(true),
  );
  test('a result that does not end keeps twelve digits', () =>
    expect(convert('100', 'mg/dL', 'mmol/L', 'GLU')).toBe('5.55074490997'));
  test('without an analyte there is no molar conversion', () =>
    expect(convert('100', 'mg/dL', 'mmol/L')).toBeUndefined());
  test('urea in mg/dL may be urea or its nitrogen, so it is not converted', () =>
    expect(convert('20', 'mg/dL', 'mmol/L', 'UREA')).toBeUndefined());
});

describe('how units compare', () => {
  test.each([
    ['g/L', 'g/L', undefined, 'same'],
    ['ng/mL', 'ug/L', undefined, 'same'],
    ['{ratio}', '1', undefined, 'same'],
    ['Cel', 'Cel', undefined, 'same'],
    ['g/L', 'mg/L', undefined, 'convertible'],
    ['mg/dL', 'mmol/L', 'GLU', 'convertible'],
    ['mg/dL', 'mmol/L', undefined, 'different'],
    ['mg/dL', 'mmol/L', 'UREA', 'different'],
    ['mmol/mol', '%', 'HBA1C', 'different'],
    ['Cel', '[degF]', undefined, 'different'],
    ['U/L', '[IU]/L', 'ALT', 'same'],
    ['U/L', '[IU]/L', undefined, 'different'],
    ["[arb'U]/mL", 'U/mL', 'CA125', 'same'],
    ["[arb'U]/mL", 'U/mL', 'TPOAB', 'different'],
    ['mg/L{FEU}', 'ug/mL{FEU}', 'DD', 'same'],
    ['mg/L{FEU}', 'mg/L{DDU}', 'DD', 'different'],
    ['mg/L{FEU}', 'mg/L', 'DD', 'unknown'],
    ['{copies}/mL', '[IU]/mL', 'HBVDNA', 'unknown'],
    ['g/L', undefined, undefined, 'unknown'],
    [undefined, undefined, undefined, 'unknown'],
    ['g/L', 'nonsense', undefined, 'unknown'],
  ] as const)('%s and %s of %s: %s', (a, b, item, expected) => {
    expect(comparableUnit(a, b, item)).toBe(expected);
    expect(comparableUnit(b, a, item)).toBe(expected);
  });
});
