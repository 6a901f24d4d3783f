/**
 * `npm run bench [-- --short | --large]`: each figure beside its yardstick of the same run, with machine, commit and
 * date. Ends with 0: benchmarks inform, tests decide.
 */
import { execFileSync } from 'node:child_process';
import { cpus, totalmem } from 'node:os';
import { type BenchLine, isReached, ratioOf } from './bench-line.ts';
import { benchEcg } from './ecg.ts';
import { benchFhir } from './fhir.ts';
import { benchMap } from './map.ts';
import { benchParse } from './parse.ts';
import { benchPast } from './past.ts';
import { benchPath } from './path.ts';
import { benchRecognise } from './recognise.ts';
import { benchStore } from './store.ts';
import { benchWorker } from './worker.ts';

const size = process.argv.includes('--large') ? 'large' : process.argv.includes('--short') ? 'short' : 'plain';

function head(): string {
  let commit = 'no commit';
  try {
    commit = execFileSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8' }).trim();
  } catch {
    // A copy without its history is measured all the same.
  }
  const [cpu] = cpus();
  return `${new Date().toISOString()}  commit ${commit}  Node ${process.versions.node}  ${cpus().length} × ${cpu?.model ?? 'unknown'}  ${Math.round(totalmem() / 2 ** 30)} GiB  (${size})`;
}

function print(line: BenchLine): void {
  const round = (figure: number): string =>
    figure >= 100 ? Math.round(figure).toLocaleString('en') : figure.toFixed(2);
  const reached = isReached(line);
  const verdict = reached === undefined ? 'measured' : reached ? 'reached ' : 'MISSED  ';
  const bound =
    line.target === undefined ? '' : ` (target ${line.target.sense === 'at-least' ? '≥' : '≤'} ${line.target.ratio})`;
  console.log(
    `${verdict}  ${line.what}: ${round(line.ours)} ${line.unit}; ${line.yardstick}: ${round(line.theirs)}; ratio ${ratioOf(line).toFixed(2)}${bound}`,
  );
  if (line.note !== undefined) console.log(`         ${line.note}`);
}

console.log(head());
const MEASURES = [
  benchParse,
  benchMap,
  benchEcg,
  benchRecognise,
  benchStore,
  benchPath,
  benchPast,
  benchFhir,
  benchWorker,
];
for (const measure of MEASURES) for (const line of await measure(size)) print(line);
