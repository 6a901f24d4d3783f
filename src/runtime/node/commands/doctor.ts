/** `concord doctor`: everything that an operator has to look at, from settings to facilities that fell silent. */
import { parseArgs } from 'node:util';
import { sentenceOf } from '../../../gateway/sentences.ts';
import type { Finding } from '../../../terms/finding.ts';
import { examine } from '../doctor/examine.ts';
import { SENTENCES } from '../doctor/sentences.ts';
import { type Command, positive, printJson } from './command.ts';

export const doctor: Command = {
  name: 'doctor',
  summary: 'look at settings, keys, clock, schema, work and facilities',
  usage: `concord doctor [--silent-days N] [--json]

Looks at the settings of this environment, the keys and whether they fit what is stored, the database and its schema, the
clocks, the work that is due, the queues, and the facilities of which nothing was stored for N days (3). Changes nothing in
the schema. Says what to do about each finding; ends with 1 when something is lost or refused already.`,
  async run(args) {
    const { values } = parseArgs({
      args: [...args],
      options: { 'silent-days': { type: 'string' }, json: { type: 'boolean', default: false } },
    });
    const examination = await examine(process.env, positive(values['silent-days'], '--silent-days') ?? 3);
    if (values.json) printJson(examination);
    else process.stdout.write(examination.areas.map((area) => linesOf(area, examination.findings)).join(''));
    return examination.findings.some(({ level }) => level === 'failure') ? 1 : 0;
  },
};

function linesOf(area: string, findings: readonly Finding[]): string {
  const own = findings.filter((finding) => finding.area === area);
  if (own.length === 0) return `${area.padEnd(11)} fine\n`;
  return own
    .map(({ level, code, subjects = [], count }) => {
      const known: Readonly<Record<string, string>> = SENTENCES;
      const sentence = known[code] ?? sentenceOf(code) ?? code;
      const which = subjects.length > 0 ? ` [${subjects.join(', ')}]` : count === undefined ? '' : ` [${count}]`;
      return `${area.padEnd(11)} ${level.toUpperCase().padEnd(8)} ${sentence}${which}\n`;
    })
    .join('');
}
