/** `concord map`: parse and map files, no database, ids with a demo key (SETTLED 2, 28). */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { printResource } from '../../../base/json.ts';
import { mapFile } from '../../../gateway/map-file.ts';
import { besideFile } from '../beside-file.ts';
import { listFiles } from '../list-files.ts';
import { type Command, readable, UsageFault } from './command.ts';

export const map: Command = {
  name: 'map',
  summary: 'parse and map files to FHIR without storing anything',
  usage: `concord map PATH… [--out DIR] [--json]

Maps every file of PATH (files or folders) and prints a line per file: what came in, what came out,
problems and positions that were not read. HL7 v2 and ECG files are told by their content. No database; ids are
made with a demo key.

  --json     one JSON line per file: {file, format, messages, in, out, problems, unread}
  --out DIR  also write the bundle of each file as DIR/<relative path>.json
Ends with 1 when a file cannot be read as anything known.`,
  run(args) {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { out: { type: 'string' }, json: { type: 'boolean', default: false } },
    });
    if (positionals.length === 0) throw new UsageFault('Name at least one file or folder.');
    let unreadable = 0;
    for (const { path, relative } of positionals.flatMap((path) => readable(path, listFiles))) {
      const mapped = mapFile(readFileSync(path), besideFile(path));
      if (mapped.messages === 0) unreadable++;
      const { bundle, ...line } = mapped;
      if (values.json) process.stdout.write(`${JSON.stringify({ file: relative, ...line })}\n`);
      else process.stdout.write(tableRow(relative, line));
      if (values.out !== undefined && bundle !== undefined) {
        const target = join(values.out, `${relative}.json`);
        mkdirSync(dirname(target), { recursive: true });
        writeFileSync(target, `${printResource(bundle)}\n`);
      }
    }
    return Promise.resolve(unreadable === 0 ? 0 : 1);
  },
};

function tableRow(file: string, line: Omit<ReturnType<typeof mapFile>, 'bundle'>): string {
  const counts = (numbers: Readonly<Record<string, number>>): string =>
    Object.entries(numbers)
      .map(([name, count]) => `${name} ${count}`)
      .join(', ');
  const problems = line.problems.map(({ severity, code, at }) => `    ${severity} ${code} ${at}\n`).join('');
  return `${file}: ${line.messages} messages\n  in   ${counts(line.in)}\n  out  ${counts(line.out)}\n  problems ${line.problems.length}, unread ${line.unread.length}\n${problems}`;
}
