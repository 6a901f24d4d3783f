/** Any file, parsed and mapped without a database (`concord map`): what came in, what came out, what was not read. */
import type { Problem } from '../base/problem.ts';
import { looksLikeEcg } from '../formats/ecg/read-any.ts';
import type { Companions } from '../formats/ecg/wfdb/read-wfdb.ts';
import { splitMessages } from '../formats/hl7v2/split.ts';
import { demoIdKeys, type DryRun, tryMessage } from './dry-run.ts';

export interface MappedFile {
  readonly format: 'hl7v2' | 'ecg' | 'unknown';
  readonly messages: number;
  readonly in: Readonly<Record<string, number>>;
  readonly out: Readonly<Record<string, number>>;
  /** `at` is `3/OBX[2]-5.1`: message / position, when the file holds several (SETTLED 28). */
  readonly problems: readonly Problem[];
  readonly unread: readonly string[];
  /** The message Bundle, or a collection of message Bundles when there are several. */
  readonly bundle: object | undefined;
}

/** Never throws, whatever the bytes. `companions`: the other files of an ECG that is several. */
export function mapFile(bytes: Uint8Array, companions?: Companions): MappedFile {
  if (looksLikeEcg(bytes)) {
    const { bundle, ...run } = tryMessage(bytes, {
      keys: demoIdKeys(),
      ...(companions === undefined ? {} : { companions }),
    });
    return { format: bundle === undefined ? 'unknown' : 'ecg', messages: bundle === undefined ? 0 : 1, ...run, bundle };
  }
  const split = splitMessages(bytes);
  const keys = demoIdKeys();
  const runs = split.messages.map((message) => tryMessage(message.bytes, { keys }));
  const several = runs.length > 1;
  const at = (position: string, index: number): string => (several ? `${index + 1}/${position}` : position);
  const readable = runs.filter((run) => run.bundle !== undefined);
  return {
    format: readable.length > 0 ? 'hl7v2' : 'unknown',
    messages: readable.length,
    in: sum(runs.map((run) => run.in)),
    out: sum(runs.map((run) => run.out)),
    problems: [
      ...split.problems,
      ...runs.flatMap((run, index) => run.problems.map((problem) => ({ ...problem, at: at(problem.at, index) }))),
    ],
    unread: runs.flatMap((run, index) => run.unread.map((position) => at(position, index))),
    bundle: bundleOf(readable),
  };
}

function bundleOf(runs: readonly DryRun[]): object | undefined {
  if (runs.length <= 1) return runs[0]?.bundle;
  return { resourceType: 'Bundle', type: 'collection', entry: runs.map((run) => ({ resource: run.bundle })) };
}

function sum(counts: readonly Readonly<Record<string, number>>[]): Record<string, number> {
  const total: Record<string, number> = {};
  for (const one of counts) for (const [name, count] of Object.entries(one)) total[name] = (total[name] ?? 0) + count;
  return total;
}
