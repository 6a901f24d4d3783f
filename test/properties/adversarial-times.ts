/**
 * Measures one adversarial family and prints its times as JSON: CPU milliseconds at 64 KB to 1 MB, medians
 * of five interleaved rounds. `read` reads every value, `map` maps too. Runs alone in a process (see linear.ts).
 */
import { readEverything } from '../support/read-everything.ts';
import { mapFile } from '../support/real-path.ts';
import { familyInput } from './adversarial-families.ts';
import { FAMILIES } from './hl7v2-families.ts';

const KILOBYTES = [64, 128, 256, 512, 1024] as const;
const ROUNDS = 5;
const WARM_UP = 3;
/** A measurement repeats its work until it has taken this long: a few milliseconds alone are mostly noise. */
const SAMPLE_MS = 40;

const encoder = new TextEncoder();
const KINDS = {
  read: {
    input: (name: string, size: number) => encoder.encode(FAMILIES[name]?.(size) ?? ''),
    work: (bytes: Uint8Array) => void readEverything(bytes),
  },
  map: { input: familyInput, work: (bytes: Uint8Array) => void mapFile(bytes) },
} as const;

const [, , kind = '', name = ''] = process.argv;
const { input, work } = KINDS[kind as keyof typeof KINDS];
const inputs = KILOBYTES.map((size) => input(name, size * 1024));
for (let i = 0; i < WARM_UP; i++) for (const bytes of inputs) work(bytes);
const rounds = Array.from({ length: ROUNDS }, () => inputs.map(cpuMilliseconds));
const medians = KILOBYTES.map((_, i) => median(rounds.map((round) => round[i] as number)));
console.log(JSON.stringify(medians));

/** CPU time, not the clock: other processes of the machine do not count. */
function cpuMilliseconds(bytes: Uint8Array): number {
  globalThis.gc?.({ type: 'minor' });
  const start = process.cpuUsage();
  for (let runs = 1; ; runs++) {
    work(bytes);
    const spent = process.cpuUsage(start).user / 1000;
    if (spent >= SAMPLE_MS) return spent / runs;
  }
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] as number;
}
