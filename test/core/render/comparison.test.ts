/** Two recordings on one page: same leads, same scale, both dated, measurements with what changed. */
import { describe, expect, test } from 'vitest';
import { layOutComparison } from '../../../src/render/lay-out-comparison.ts';
import { differenceText } from '../../../src/render/measurement-rows.ts';
import type { ComparisonWish } from '../../../src/render/page-request.ts';
import type { Ecg } from '../../../src/terms/parsed/ecg.ts';
import { allText, pointsOfStroke, textOf, textsOf, tracesOf } from './read-page.ts';
import { ALL_TWELVE, decimal, syntheticEcg } from './synthetic-ecg.ts';

const earlier = (rest: Partial<Ecg> = {}) =>
  syntheticEcg(
    { leads: ALL_TWELVE, signal: () => 0.5 },
    {
      acquisition: { start: '2024-05-01T16:20:00+08:00', facility: '邻县中医医院' },
      measurements: [
        { kind: 'ventricular-rate', value: decimal('80'), at: '' },
        { kind: 'qt', value: decimal('410.5'), at: '' },
        { kind: 'qtc', value: decimal('440'), at: '' },
        { kind: 'qtc-bazett', value: decimal('445'), at: '' },
      ],
      confirmed: 'confirmed',
      ...rest,
    },
  );
const later = (rest: Partial<Ecg> = {}) => syntheticEcg({ leads: ALL_TWELVE, signal: () => 1 }, rest);

function page(before: Ecg = earlier(), after: Ecg = later(), wish: Partial<ComparisonWish> = {}) {
  return layOutComparison(before, after, { speed: 25, gain: 10, language: 'en', ...wish });
}

describe('curves', () => {
  test('of a lead stand above one another, the same seconds at the same scale', () => {
    for (const lead of ALL_TWELVE) {
      const [upper, lower] = tracesOf(page(), lead).map((stroke) => ({ stroke, points: pointsOfStroke(stroke) }));
      expect(upper?.points.map(({ x }) => x)).toEqual(lower?.points.map(({ x }) => x));
      // A row lower, and half a millivolt higher.
      expect((lower?.points[0]?.y as number) - (upper?.points[0]?.y as number)).toBe(23 - 5);
      expect([upper?.stroke.earlier, lower?.stroke.earlier]).toEqual([true, undefined]);
    }
  });

  test('of chosen leads have the whole width', () => {
    const chosen = page(earlier(), later(), { leads: ['V2', 'avf'] });
    expect(tracesOf(chosen, 'V2').map((stroke) => pointsOfStroke(stroke).length)).toEqual([5000, 5000]);
    expect(tracesOf(chosen, 'aVF')).toHaveLength(2);
    expect(tracesOf(chosen, 'V1')).toHaveLength(0);
  });

  test('are dated in every row', () => {
    const texts = textsOf(page());
    expect(texts.filter((text) => text === '2024-05-01')).toHaveLength(3);
    expect(texts.filter((text) => text === '2026-11-03')).toHaveLength(3);
    expect(texts.filter((text) => text === 'Earlier')).toHaveLength(4);
  });
});

describe('words', () => {
  test('say of each recording whether it was confirmed', () => {
    expect(textsOf(page())).toEqual(
      expect.arrayContaining([
        'Earlier 2024-05-01 16:20 · CONFIRMED BY A DOCTOR',
        'Later 2026-11-03 08:15 · UNCONFIRMED',
      ]),
    );
    expect(page().frames.map(({ fill }) => fill)).toEqual(['paper', 'ink']);
  });

  test('give both measurements and the difference, with one formula for the QT', () => {
    const texts = textsOf(page());
    expect(texts).toEqual(expect.arrayContaining(['80', '72', '−8', 'QT/QTcB ms', '410.5/445', '400/438', '−10.5/−7']));
  });

  test('name filters that differ for each', () => {
    expect(allText(page(earlier({ filters: {} })))).toContain('Earlier: Filters not stated');
    expect(allText(page())).not.toContain('Earlier: Filters');
  });

  test('warn when two people are compared', () => {
    const other = { ...syntheticEcg().patient, name: '测试乙', sex: 'male', birthDate: '1960-01-01' } as const;
    const warning = page(earlier({ patient: other })).texts.find(({ colour }) => colour === 'warning');
    expect(warning?.text).toBe(
      '! The two recordings name different patients · The two recordings state a different sex · The two recordings state different birth dates',
    );
    expect(page().texts.some(({ colour }) => colour === 'warning')).toBe(false);
    const spelt = { ...syntheticEcg().patient, name: '测试 甲' };
    expect(page(earlier({ patient: spelt })).texts.some(({ colour }) => colour === 'warning')).toBe(false);
  });

  test('of two facilities carry both numbers', () => {
    const patient = { ...syntheticEcg().patient, identifiers: [{ value: 'Z-9', at: '' }] };
    expect(textOf(page(earlier({ patient })), 'ID: 0000001234 / Z-9')).toBeDefined();
  });

  test('hide the identity of both', () => {
    const text = allText(page(earlier(), later(), { hideIdentity: true }));
    for (const telling of ['测试甲', '0000001234', '1961-04-09']) expect(text).not.toContain(telling);
  });
});

describe('a difference', () => {
  test.each([
    ['160', '172', '+12'],
    ['160', '148.5', '−11.5'],
    ['0.3', '0.1', '−0.2'],
    ['1.40', '1.4', '0'],
    ['160*', '170', '+10'],
    ['-30', '15', '+45'],
    [undefined, '170', undefined],
    ['160', undefined, undefined],
    ['1e3', '5', undefined],
    ['< 5', '5', undefined],
  ])('of %s and %s is %s', (before, after, difference) => {
    expect(differenceText(before, after)).toBe(difference);
  });
});
