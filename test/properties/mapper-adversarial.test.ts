/** Hostile input costs time in proportion to its size: twelve families, doubled from 64 KB to 1 MB (issue 01, 5). */
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { mapFile } from '../support/real-path.ts';
import { familyInput, familyNames } from './adversarial-families.ts';

const RATIO_MAX = 2.5;
/** Shorter times are noise: a step is measured from at least here. */
const FLOOR_MS = 2;
const SCRIPT = fileURLToPath(new URL('adversarial-times.ts', import.meta.url));

/**
 * A young generation that is large and fixed, collected before each measurement: else a step shows where
 * V8's generations begin and end, not what parser and mapper do.
 */
const V8 = ['--expose-gc', '--min-semi-space-size=512', '--max-semi-space-size=512', '--single-threaded-gc'];

describe('twelve adversarial families, doubled from 64 KB to 1 MB', () => {
  it('are twelve', () => {
    expect(familyNames).toHaveLength(12);
  });

  // A neighbour on the machine can spoil one measurement, not three: what is quadratic fails every time.
  it.each(familyNames)(
    `%s: at most ${RATIO_MAX} times the time per doubling`,
    { timeout: 120_000, retry: 2 },
    async (name) => {
      const { stdout } = await promisify(execFile)(process.execPath, [...V8, SCRIPT, name]);
      const times = JSON.parse(stdout) as number[];
      expect(times).toHaveLength(5);
      const ratios = times.slice(1).map((time, i) => Math.max(time, FLOOR_MS) / Math.max(times[i] as number, FLOOR_MS));
      expect(Math.max(...ratios), `CPU milliseconds: ${times.join(' ')}`).toBeLessThanOrEqual(RATIO_MAX);
    },
  );

  it.each(familyNames)('%s: parsed and mapped without a throw at 1 MB', { timeout: 60_000 }, (name) => {
    const { messages } = mapFile(familyInput(name, 1024 * 1024));
    expect(messages.length).toBeGreaterThan(0);
  });
});
