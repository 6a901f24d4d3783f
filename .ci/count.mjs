/** Sums the JSON reports of a folder, prints what was skipped, and ends non-zero when something was that may not be. */
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';

const folder = process.argv[2];
const corpusAllowed = process.env.CORPUS_DIR === undefined;
const counts = { passed: 0, failed: 0, skipped: 0 };
const skipped = new Set();
for (const name of readdirSync(folder).filter((file) => file.endsWith('.json'))) {
  const report = JSON.parse(readFileSync(join(folder, name), 'utf8'));
  for (const file of report.testResults)
    for (const { status, fullName } of file.assertionResults) {
      if (status === 'passed' || status === 'failed') counts[status]++;
      else {
        counts.skipped++;
        skipped.add(`${relative('.', file.name)}: ${fullName}`);
      }
    }
}
for (const line of [...skipped].sort()) console.log(`skipped  ${line}`);
console.log(`tests: ${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`);
const wrong = [...skipped].filter((line) => !(corpusAllowed && line.includes('CORPUS_DIR is not set')));
process.exit(counts.passed === 0 || wrong.length > 0 ? 1 : 0);
