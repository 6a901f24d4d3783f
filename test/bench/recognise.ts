/** Decisions in process, beside a JSON round trip of what each is made of: a panel of eight items, three reports of it. */
import { decide } from '../../src/recognition/decide.ts';
import type { FacilityId } from '../../src/terms/facility.ts';
import type { ResultEntry } from '../../src/terms/result-entry.ts';
import { cityMarks, entryOf, instant, questionOf, sampleCatalogue } from '../cases/recognition-world.ts';
import type { BenchLine } from './bench-line.ts';

const DECISIONS = { short: 2_000, plain: 20_000, large: 20_000 } as const;
const REPORTS = ['city', 'county', 'city'] as const;

export function benchRecognise(size: keyof typeof DECISIONS): Promise<readonly BenchLine[]> {
  const sample = sampleCatalogue();
  const catalogue = { ...sample, marks: cityMarks(sample) };
  const items = catalogue.panels.get('LIVER')?.required ?? [];
  const entries = REPORTS.flatMap((facility, report) =>
    items.map(
      (item): ResultEntry =>
        entryOf(catalogue, item, {
          facility: facility as FacilityId,
          container: `report-${report}`,
          effectiveStart: instant(`2026-03-0${report + 5} 07:00`),
        }),
    ),
  );
  const question = questionOf(catalogue, entries, ['LIVER']);
  const count = DECISIONS[size];
  // Each of an instant of its own, so that no day is remembered from the one before.
  const ours = perCpuSecond(count, (n) => {
    const at = instant(
      `2026-03-10 10:${String(Math.floor(n / 60) % 60).padStart(2, '0')}:${String(n % 60).padStart(2, '0')}`,
    );
    const [decision] = decide({ ...question, at });
    if (decision?.verdict !== 'recognise') throw new Error('the panel is covered');
  });
  const theirs = perCpuSecond(count, () => {
    if ((JSON.parse(JSON.stringify(entries)) as unknown[]).length !== entries.length) throw new Error('rows were lost');
  });
  return Promise.resolve([
    {
      what: `decide: a panel of ${items.length} items, ${entries.length} earlier results in ${REPORTS.length} reports, every check of each`,
      unit: 'decisions/CPU-s',
      ours,
      yardstick: 'JSON round trip of these results',
      theirs,
    },
  ]);
}

function perCpuSecond(count: number, work: (n: number) => void): number {
  for (let n = 0; n < count / 4; n++) work(n);
  const begin = process.cpuUsage();
  for (let n = 0; n < count; n++) work(n);
  const { user, system } = process.cpuUsage(begin);
  return (count * 1_000_000) / (user + system);
}
