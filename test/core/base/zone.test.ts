/** Zone offsets (src/base/zone.ts), compared with Intl read the other way round. */
import { expect, test } from 'vitest';
import { instantAtLocal, knowsZone, offsetAtLocal } from '../../../src/base/zone.ts';

test('an unknown zone is told, not guessed', () => {
  expect(knowsZone('Asia/Shanghai')).toBe(true);
  expect(knowsZone('Mars/Olympus')).toBe(false);
  expect(offsetAtLocal(0, 'Mars/Olympus')).toBeUndefined();
});

test.each([
  'Asia/Shanghai',
  'America/New_York',
  'Europe/London',
  'Asia/Kathmandu',
  'Australia/Lord_Howe',
  'Pacific/Apia',
])(
  'every seven hours of three decades in %s come back as the wall clock that was asked for',
  (zone) => {
    const clock = new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short', timeStyle: 'medium' });
    let skipped = 0;
    for (let local = Date.UTC(1985, 0, 1); local < Date.UTC(2030, 0, 1); local += 7 * 3_600_000 + 13 * 60_000) {
      const asked = new Date(local).toISOString().slice(0, 19).replace('T', ' ');
      if (clock.format(instantAtLocal(local, zone)) !== asked) skipped++;
    }
    // Only times that the zone's clocks never showed: an hour or so a year, a day in Apia.
    expect(skipped).toBeLessThanOrEqual(12);
  },
  60_000,
);
