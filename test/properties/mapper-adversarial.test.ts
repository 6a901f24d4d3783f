/** Hostile input costs time in proportion to its size: twelve families, doubled from 64 KB to 1 MB (issue 01, 5). */
import { describe, expect, it } from 'vitest';
import { mapFile } from '../support/real-path.ts';
import { familyInput, familyNames } from './adversarial-families.ts';

const KILOBYTES = [64, 128, 256, 512, 1024] as const;
const RUNS = 5;
const RATIO_MAX = 2.5;
/** Shorter times are noise: a step is measured from at least here. */
const FLOOR_MS = 2;

describe('twelve adversarial families, doubled from 64 KB to 1 MB', () => {
  it('are twelve', () => {
    expect(familyNames).toHaveLength(12);
  });

  it.each(familyNames)(
    `%s: at most ${RATIO_MAX} times the time per doubling`,
    { timeout: 120_000, retry: 2 },
    (name) => {
      mapFile(familyInput(name, 32 * 1024));
      const times = KILOBYTES.map((size) => medianTime(familyInput(name, size * 1024)));
      const ratios = times.slice(1).map((time, i) => Math.max(time, FLOOR_MS) / Math.max(times[i] as number, FLOOR_MS));
      const shown = times.map((time) => time.toFixed(1)).join(' ');
      expect(Math.max(...ratios), `milliseconds: ${shown}`).toBeLessThanOrEqual(RATIO_MAX);
    },
  );

  it.each(familyNames)('%s: parsed and mapped without a throw at 1 MB', { timeout: 60_000 }, (name) => {
    const { messages } = mapFile(familyInput(name, 1024 * 1024));
    expect(messages.length).toBeGreaterThan(0);
  });
});

function medianTime(bytes: Uint8Array): number {
  const times = Array.from({ length: RUNS }, () => {
    const start = performance.now();
    mapFile(bytes);
    return performance.now() - start;
  });
  return times.toSorted((a, b) => a - b)[Math.floor(RUNS / 2)] as number;
}
