/** Damaged files of each ECG format through reader and mapper: none throws, none takes long or much memory. */
import * as fc from 'fast-check';
import { damagedEcg, ecgFaults, randomEcg } from '../properties/ecg-damage.ts';
import { ECG_SEEDS } from '../properties/ecg-seeds.ts';

const MS_MAX = 2_000;
/** Of the whole process, which keeps what fast-check needs to find the smallest input. */
const MEGABYTES_MAX = 1_500;

/** True when every promise was kept; prints a line for each format. */
export function fuzzEcg({ seed, perFormat }: { readonly seed: number; readonly perFormat: number }): boolean {
  const families = Object.entries(ECG_SEEDS).map(([format, seeds]) => [format, damagedEcg(seeds)] as const);
  return [...families, ['random bytes', randomEcg] as const].reduce((isSound, [name, input]) => {
    const seen = { inputs: 0, bytes: 0, slowest: 0 };
    const start = performance.now();
    const outcome = fc.check(
      fc.property(input, (one) => {
        const begin = performance.now();
        const faults = ecgFaults(one);
        const ms = performance.now() - begin;
        seen.inputs += 1;
        seen.bytes += one.bytes.length;
        seen.slowest = Math.max(seen.slowest, ms);
        if (ms > MS_MAX) faults.push(`took ${ms.toFixed(0)} ms`);
        if (faults.length > 0) throw new Error([...new Set(faults)].join('; '));
      }),
      { numRuns: perFormat, seed },
    );
    const megabytes = Math.round(process.memoryUsage().rss / 1e6);
    const seconds = ((performance.now() - start) / 1000).toFixed(1);
    console.log(
      `ecg ${name}: ${seen.inputs} inputs, ${(seen.bytes / 1e6).toFixed(1)} MB, slowest ${seen.slowest.toFixed(0)} ms, process ${megabytes} MB, ${seconds} s`,
    );
    if (outcome.failed) {
      console.error(`ecg ${name}: FAILED (seed ${outcome.seed}, path ${outcome.counterexamplePath ?? ''})`);
      const [smallest] = outcome.counterexample ?? [];
      if (smallest !== undefined) console.error(Buffer.from(smallest.bytes).toString('base64').slice(0, 20_000));
      console.error(
        outcome.errorInstance instanceof Error ? outcome.errorInstance.stack : String(outcome.errorInstance),
      );
    }
    return !outcome.failed && megabytes <= MEGABYTES_MAX && isSound;
  }, true);
}
