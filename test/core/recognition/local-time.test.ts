/** Days in the region's zone, and lengths of time in words. */
import { expect, test } from 'vitest';
import { localDay } from '../../../src/base/local-day.ts';
import { age, duration, instantMs } from '../../../src/recognition/local-time.ts';
import type { Instant } from '../../../src/terms/instant.ts';

test.each([
  ['2026-03-09T16:00:00.000Z', 'Asia/Shanghai', '2026-03-10'],
  ['2026-03-09T15:59:59.999Z', 'Asia/Shanghai', '2026-03-09'],
  ['2026-03-10T03:00:00.000Z', 'America/New_York', '2026-03-09'],
  ['2026-03-10T03:00:00.000Z', 'UTC', '2026-03-10'],
  ['never', 'Asia/Shanghai', ''],
])('the day of %s in %s is "%s", asked once or twice', (instant, zone, day) => {
  expect([localDay(instant as Instant, zone), localDay(instant as Instant, zone)]).toEqual([day, day]);
});

test('a text that is no instant has no milliseconds', () => {
  expect(instantMs('never' as Instant)).toBeNaN();
});

test('lengths of time are said in hours up to three days, then in whole days', () => {
  expect([1, 24, 72, 96, 100, 336].map((hours) => duration(hours).en)).toEqual([
    '1 hour',
    '24 hours',
    '72 hours',
    '4 days',
    '100 hours',
    '14 days',
  ]);
  expect(duration(336).zh).toBe('14 天');
});

test('an age is rounded down', () => {
  const hour = 3_600_000;
  expect([0, hour - 1, 71 * hour, 73 * hour, 119 * hour].map((ms) => age(ms).en)).toEqual([
    'less than 1 hour',
    'less than 1 hour',
    '71 hours',
    '72 hours',
    '4 days',
  ]);
});
