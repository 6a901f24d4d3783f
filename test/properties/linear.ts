/** "At most 2.5 times the time per doubling, median of five" (issue 01, 5), measured in a process of its own. */
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect } from 'vitest';

export const RATIO_MAX = 2.5;
/** A neighbour on the machine can spoil one measurement, not three: what is quadratic fails every time. */
export const MEASURED = { timeout: 120_000, retry: 2 } as const;
/** Shorter times are noise: a step is measured from at least here. */
const FLOOR_MS = 2;
const SCRIPT = fileURLToPath(new URL('adversarial-times.ts', import.meta.url));

/**
 * A young generation that is large and fixed, collected before each measurement: else a step shows where
 * V8's generations begin and end, not what parser and mapper do.
 */
const V8 = ['--expose-gc', '--min-semi-space-size=512', '--max-semi-space-size=512', '--single-threaded-gc'];

export async function expectLinear(kind: 'read' | 'map', family: string): Promise<void> {
  const { stdout } = await promisify(execFile)(process.execPath, [...V8, SCRIPT, kind, family]);
  const times = JSON.parse(stdout) as number[];
  expect(times).toHaveLength(5);
  const ratios = times.slice(1).map((time, i) => Math.max(time, FLOOR_MS) / Math.max(times[i] as number, FLOOR_MS));
  expect(Math.max(...ratios), `CPU milliseconds: ${times.join(' ')}`).toBeLessThanOrEqual(RATIO_MAX);
}
