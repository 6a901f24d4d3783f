/** Numbers, times, units and rates as ECG files write them: the same digits, or nothing. */
import { describe, expect, it } from 'vitest';
import type { Decimal } from '../../../../src/base/decimal.ts';
import { readBase64, readInt16, readIntegers } from '../../../../src/formats/ecg/integers.ts';
import {
  dateTimeOfParts,
  isSentinel,
  measured,
  microvolts,
  numberOf,
  powerOfTen,
  rateOfHz,
  rateOfPeriod,
  scaleOf,
  sexOf,
  timeOf,
} from '../../../../src/formats/ecg/values.ts';

const decimal = (text: string): Decimal => text as Decimal;

describe('a number', () => {
  it.each([
    ['+0500', '500'],
    [' 4.880 ', '4.880'],
    ['.5', '0.5'],
    ['-.25', '-0.25'],
    ['-0', '0'],
    ['1e-3', '1e-3'],
    ['2.', '2'],
    ['007.50', '7.50'],
    ['-0.0', '0.0'],
  ])('%j is %s', (text, number) => {
    expect(numberOf(text)).toBe(number);
  });

  it.each(['', ' ', '-', '.', 'e5', '1,5', '1 2', '0x10', 'NaN', 'Infinity', '1e9999', '---', '12a', '9'.repeat(41)])(
    '%j is none',
    (text) => {
      expect(numberOf(text)).toBeUndefined();
    },
  );
});

describe('a time', () => {
  it.each([
    ['20260308091011', '2026-03-08T09:10:11'],
    ['20260308091011.123', '2026-03-08T09:10:11.123'],
    ['20260308091011+0800', '2026-03-08T09:10:11+08:00'],
    ['20260308091011.5-03', '2026-03-08T09:10:11.5-03:00'],
    ['2026-03-08T09:10:11Z', '2026-03-08T09:10:11+00:00'],
    ['2026/03/08 09:10', '2026-03-08T09:10'],
    ['202603080910', '2026-03-08T09:10'],
    ['2026030809', '2026-03-08'],
    ['20260308', '2026-03-08'],
    ['202603', '2026-03'],
    ['2026', '2026'],
  ])('%s is %s, as precise as it is written', (text, time) => {
    expect(timeOf(text)).toBe(time);
  });

  it.each(['', '20260230', '202613', '20260308250000', '20260308096000', 'yesterday', '26-03-08', '0000', '00000000'])(
    '%j is none',
    (text) => {
      expect(timeOf(text)).toBeUndefined();
    },
  );

  it('of parts is none when the parts are no day or no hour', () => {
    expect(dateTimeOfParts([2024, 2, 29], [23, 59, 59])).toBe('2024-02-29T23:59:59');
    expect(dateTimeOfParts([2023, 2, 29])).toBeUndefined();
    expect(dateTimeOfParts([0, 0, 0])).toBeUndefined();
    expect(dateTimeOfParts([2024, 1, 1], [24, 0, 0])).toBeUndefined();
    expect(dateTimeOfParts([2024, 1, 1], [Number.NaN, 0, 0])).toBeUndefined();
  });
});

describe('a voltage in µV', () => {
  it.each([
    ['2500', 'nV', '2.5'],
    ['4.88', 'uV', '4.88'],
    ['4.88', 'µV', '4.88'],
    ['4.88', 'μV', '4.88'],
    ['4.880', 'MICROVOLTS', '4.88'],
    ['0.0025', 'mV', '2.5'],
    ['0.0000025', 'V', '2.5'],
    ['1.25', 'millivolt', '1250'],
  ])('%s %s is %s', (value, unit, wanted) => {
    expect(microvolts(decimal(value), unit)).toBe(wanted);
  });

  it('is none without a unit or with one of something else, and a scale of 0 is none', () => {
    expect(microvolts(decimal('1'), undefined)).toBeUndefined();
    expect(microvolts(decimal('1'), 'mm[Hg]')).toBeUndefined();
    expect(microvolts(decimal('1'), 'constructor')).toBeUndefined();
    expect(scaleOf(decimal('0.0'), 'uV')).toBeUndefined();
    expect(microvolts(decimal('0'), 'uV')).toBe('0');
  });
});

describe('a rate', () => {
  it.each([
    ['500', '500', '2'],
    ['500.0', '500', '2'],
    ['1000', '1000', '1'],
    ['250', '250', '4'],
    ['360', '360', '2.77777777778'],
    ['128', '128', '7.8125'],
    ['0.5', '0.5', '2000'],
  ])('of %s a second is a sample every %3$s ms', (hz, rate, periodMs) => {
    expect(rateOfHz(decimal(hz))).toEqual({ hz: rate, periodMs });
  });

  it('of a period that does not end has the samples a second that it stands for', () => {
    expect(rateOfPeriod(decimal('2'))).toEqual({ hz: '500', periodMs: '2' });
    expect(rateOfPeriod(decimal('0.0020e3'))).toEqual({ hz: '500', periodMs: '2' });
    expect(rateOfPeriod(decimal('3'))).toEqual({ hz: '333.333333333', periodMs: '3' });
  });

  it('of nothing, or less, is none', () => {
    for (const hz of ['0', '-500', '0.0', '1e9', '1e400', '1e-9']) expect(rateOfHz(decimal(hz))).toBeUndefined();
    expect(rateOfPeriod(decimal('0'))).toBeUndefined();
    expect(rateOfHz(undefined)).toBeUndefined();
  });
});

it('a power of ten moves the point, and an exponent that is none gives nothing', () => {
  expect(powerOfTen(decimal('25'), -1)).toBe('2.5');
  expect(powerOfTen(decimal('5'), 2)).toBe('500');
  for (const exponent of [400, Number.NaN, 1.5]) expect(powerOfTen(decimal('5'), exponent)).toBeUndefined();
});

describe('a measurement', () => {
  it.each([
    ['pr', '29999', true],
    ['pr', '29998', true],
    ['qt', '19999', true],
    ['qrs', '-32768', true],
    ['pp', '0', true],
    ['pr', '160', false],
    ['qrs-axis', '-61', false],
    ['qrs-axis', '0', false],
    ['qrs-axis', '-100', false],
    ['p-axis', '999', true],
    ['r-v5', '-1.2', false],
  ] as const)('%s of %s is a sentinel: %s', (kind, value, is) => {
    expect(isSentinel(kind, decimal(value))).toBe(is);
    expect(measured(kind, decimal(value), 'x')).toHaveLength(is ? 0 : 1);
  });
});

it.each([
  ['M', 'male'],
  ['Female', 'female'],
  ['男', 'male'],
  ['女', 'female'],
  ['UN', 'other'],
  ['unknown', 'unknown'],
  ['', undefined],
  ['X', undefined],
])('the sex %j is %s', (text, sex) => {
  expect(sexOf(text)).toBe(sex);
});

describe('integers of a text', () => {
  it('are parted by any white space and commas, with or without a sign', () => {
    expect([...(readIntegers(' 1\n-2\t+3,4\r\n 0005 -2147483647 ') ?? [])]).toEqual([1, -2, 3, 4, 5, -2_147_483_647]);
    expect(readIntegers('')).toHaveLength(0);
    expect(readIntegers(' \n')).toHaveLength(0);
  });

  it.each(['1.5', '1e3', 'NaN', '--', '- 1', '1-', '99999999999', '2147483648', '1 x', '1\u00a02', '１'])(
    'are none where one is %j',
    (text) => {
      expect(readIntegers(text)).toBeUndefined();
    },
  );
});

describe('base64', () => {
  it('is read with white space anywhere, and padded or not', () => {
    const whole = new Uint8Array([0, 1, 2, 253, 254, 255, 16]);
    const text = Buffer.from(whole).toString('base64');
    for (const one of [text, text.replace('=', '').replace('=', ''), ` ${text.replace(/(..)/g, '$1\r\n\t')}`])
      expect(readBase64(one)).toEqual(whole);
  });

  it('is none where it holds anything else', () => {
    for (const text of ['A', 'AAA*', 'AA=A', '====', 'AAAA=']) expect(readBase64(text)).toBeUndefined();
  });
});

it('samples of 16 bits are little-endian, every so manieth of them, and half a sample is none', () => {
  const bytes = new Uint8Array([1, 0, 0xff, 0xff, 0, 0x80, 0xff, 0x7f, 9]);
  expect([...readInt16(bytes)]).toEqual([1, -1, -32_768, 32_767]);
  expect([...readInt16(bytes, 1, 2)]).toEqual([-1, 32_767]);
  expect([...readInt16(bytes, 3, 3)]).toEqual([32_767]);
  expect(readInt16(new Uint8Array(1))).toHaveLength(0);
});
