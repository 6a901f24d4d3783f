/** HL7 dates and times → FHIR (src/mapping/values/date-time.ts). */
import { describe, expect, test } from 'vitest';
import { dateOf, dateTimeOf, instantOf, timeOf } from '../../../../src/mapping/values/date-time.ts';

const SHANGHAI = 'Asia/Shanghai';
const NEW_YORK = 'America/New_York';

describe('precision is kept, only seconds are padded', () => {
  test.each([
    ['2026', '2026'],
    ['202603', '2026-03'],
    ['20260301', '2026-03-01'],
    ['2026030108', '2026-03-01'],
    ['202603010815', '2026-03-01T08:15:00+08:00'],
    ['20260301081530', '2026-03-01T08:15:30+08:00'],
    ['20260301 0815', '2026-03-01T08:15:00+08:00'],
    ['20260301T081530', '2026-03-01T08:15:30+08:00'],
    ['20260301081530.1234', '2026-03-01T08:15:30.1234+08:00'],
    ['20260301081530+0000', '2026-03-01T08:15:30+00:00'],
    ['20260301081530+00', '2026-03-01T08:15:30+00:00'],
    ['20260301081530-0330', '2026-03-01T08:15:30-03:30'],
    ['20240229', '2024-02-29'],
    ['2026-03-01 08:15:30', '2026-03-01T08:15:30+08:00'],
    ['2026-03-01T08:15:30Z', '2026-03-01T08:15:30+00:00'],
    ['2026/3/1 8:15', '2026-03-01T08:15:00+08:00'],
  ])('%s', (text, value) => expect(dateTimeOf(text, SHANGHAI)?.value).toBe(value));
});

describe('what is no date that exists reads as nothing', () => {
  test.each([
    '',
    '0',
    '00000000',
    '00010101',
    '0000',
    '20261301',
    '20260230',
    '20250229',
    '20260301240000',
    '20260301086000',
    '20260301081560',
    '2026030',
    '202603010',
    '20260301081530+1500',
    '20260301081530+0860',
    '2026-13-01',
    '2026-03/01',
    'today',
  ])('"%s"', (text) => expect(dateTimeOf(text, SHANGHAI)).toBeUndefined());
  test('an unknown zone gives nothing rather than a wrong hour', () => {
    expect(dateTimeOf('20260301081530', 'No/Where')).toBeUndefined();
    expect(dateTimeOf('20260301081530+0800', 'No/Where')?.value).toBe('2026-03-01T08:15:30+08:00');
  });
  test('a long text is refused by its length', () => {
    expect(dateTimeOf('2'.repeat(1_000_000), SHANGHAI)).toBeUndefined();
  });
});

describe('the interval that a text can mean', () => {
  test.each([
    ['2026', '2025-12-31T16:00:00.000Z', '2026-12-31T15:59:59.999Z'],
    ['202602', '2026-01-31T16:00:00.000Z', '2026-02-28T15:59:59.999Z'],
    ['20260301', '2026-02-28T16:00:00.000Z', '2026-03-01T15:59:59.999Z'],
    ['2026030108', '2026-03-01T00:00:00.000Z', '2026-03-01T00:59:59.999Z'],
    ['202603010815', '2026-03-01T00:15:00.000Z', '2026-03-01T00:15:00.000Z'],
  ])('%s', (text, start, end) => expect(dateTimeOf(text, SHANGHAI)).toMatchObject({ start, end, zoneAssumed: true }));
  test('an offset in the text is believed and said', () =>
    expect(dateTimeOf('202603010815+0100', SHANGHAI)).toMatchObject({
      start: '2026-03-01T07:15:00.000Z',
      zoneAssumed: false,
    }));
});

describe('zones change their clocks', () => {
  test('a day of 23 hours ends when it ends', () =>
    expect(dateTimeOf('20260308', NEW_YORK)).toMatchObject({
      start: '2026-03-08T05:00:00.000Z',
      end: '2026-03-09T03:59:59.999Z',
    }));
  test('a skipped time is read with the offset before the gap', () =>
    expect(dateTimeOf('20260308023000', NEW_YORK)).toMatchObject({
      value: '2026-03-08T02:30:00-05:00',
      start: '2026-03-08T07:30:00.000Z',
    }));
  test.each([
    ['2010092600', '2010-09-26T11:00:00.000Z', '2010-09-26T11:59:59.999Z'],
    ['20111230', '2011-12-30T10:00:00.000Z', '2011-12-31T09:59:59.999Z'],
  ])('%s, which Samoa skipped, keeps its written length', (text, start, end) =>
    expect(dateTimeOf(text, 'Pacific/Apia')).toMatchObject({ start, end }),
  );
  test('a time that came twice is the first of the two', () =>
    expect(dateTimeOf('20261101013000', NEW_YORK)?.value).toBe('2026-11-01T01:30:00-04:00'));
  test('the hours around a change have their own offsets', () => {
    expect(dateTimeOf('20260308015959', NEW_YORK)?.value).toContain('-05:00');
    expect(dateTimeOf('20260308030000', NEW_YORK)?.value).toContain('-04:00');
  });
  test('a half-hour change is met', () => {
    expect(dateTimeOf('20261004015900', 'Australia/Lord_Howe')?.value).toContain('+10:30');
    expect(dateTimeOf('20261004023000', 'Australia/Lord_Howe')?.value).toContain('+11:00');
  });
  test('China had summer time in 1987', () =>
    expect(dateTimeOf('19870701120000', SHANGHAI)?.value).toBe('1987-07-01T12:00:00+09:00'));
});

test('an instant needs minutes, a date takes the date part', () => {
  expect(instantOf('202603010815', SHANGHAI)).toBe('2026-03-01T08:15:00+08:00');
  expect(instantOf('20260301', SHANGHAI)).toBeUndefined();
  expect(dateOf('20260301081530')).toBe('2026-03-01');
  expect(dateOf('1988')).toBe('1988');
  expect(dateOf('19881332')).toBeUndefined();
});

test.each([
  ['0815', '08:15:00'],
  ['081530.5', '08:15:30.5'],
  ['08:15', '08:15:00'],
  ['081530+0800', '08:15:30'],
  ['08', undefined],
  ['2460', undefined],
  ['2400', undefined],
  ['', undefined],
])('time %s', (text, expected) => expect(timeOf(text)).toBe(expected));
