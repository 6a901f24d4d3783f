/** `concord simulate`: writes a region that never was, by seed: files for every import of this command line. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { regionFiles } from '../../../simulation/files.ts';
import { simulateRegion } from '../../../simulation/region.ts';
import { type Command, positive, required } from './command.ts';

export const simulate: Command = {
  name: 'simulate',
  summary: 'write a made-up region of hospitals and messages',
  usage: `concord simulate --out DIR [--seed TEXT] [--people N] [--days N]

The same seed writes the same bytes. DIR receives facilities.csv, channels.csv, codes.csv, catalogue/,
messages/ and timeline.jsonl. All people are synthetic, with ID numbers of the impossible area 000000.`,
  run(args) {
    const { values } = parseArgs({
      args: [...args],
      options: {
        seed: { type: 'string', default: '1' },
        out: { type: 'string' },
        people: { type: 'string' },
        days: { type: 'string' },
      },
    });
    const out = required(values.out, '--out');
    const people = positive(values.people, '--people');
    const days = positive(values.days, '--days');
    const region = simulateRegion({
      seed: values.seed,
      ...(people === undefined ? {} : { people }),
      ...(days === undefined ? {} : { days }),
    });
    let files = 0;
    for (const { path, bytes } of regionFiles(region)) {
      const target = join(out, path);
      mkdirSync(dirname(target), { recursive: true });
      writeFileSync(target, bytes);
      files++;
    }
    process.stdout.write(`${files} files in ${out}\n`);
    return Promise.resolve(0);
  },
};
