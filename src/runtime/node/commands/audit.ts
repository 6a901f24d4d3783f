/** `concord audit`: who did what, and who looked at whom, as lines. Pseudonyms and queries stay in the database. */
import { parseArgs } from 'node:util';
import type { TrailLine } from '../../../gateway/audit-trail.ts';
import { withGateway } from '../admin-client.ts';
import { type Command, printJson, UsageFault } from './command.ts';

export const audit: Command = {
  name: 'audit',
  summary: 'print who looked at whom, and what was done',
  usage: `concord audit [--patient ID | --facility ID] [--since INSTANT] [--json]

The newest first, 500 at most. --patient is the id of any of a human's Patients: the lines are of all facilities that know
that human. --since is an instant with its zone (2026-03-01T00:00:00+08:00). The look itself is written down.`,
  async run(args) {
    const { values } = parseArgs({
      args: [...args],
      options: {
        patient: { type: 'string' },
        facility: { type: 'string' },
        since: { type: 'string' },
        json: { type: 'boolean', default: false },
      },
    });
    const { json, ...asked } = values;
    if (asked.patient !== undefined && asked.facility !== undefined)
      throw new UsageFault('--patient asks of all facilities: leave --facility out.');
    if (asked.since !== undefined && !INSTANT.test(asked.since))
      throw new UsageFault('--since is an instant with its zone.');
    const query = new URLSearchParams(
      Object.entries(asked).filter((one): one is [string, string] => one[1] !== undefined),
    );
    return withGateway(async (client) => {
      const lines = await client.get<readonly TrailLine[]>(`/audit?${query.toString()}`);
      if (json) printJson(lines);
      else process.stdout.write(tableOf(lines));
      return 0;
    });
  },
};

const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:\d\d)$/;

const HEADINGS = ['at', 'facility', 'actor', 'action', 'outcome', 'purpose', 'resource', 'detail'] as const;

function tableOf(lines: readonly TrailLine[]): string {
  const rows = [HEADINGS, ...lines.map((line) => HEADINGS.map((name) => told(line[name])))];
  const widths = HEADINGS.map((_, column) => Math.max(...rows.map((row) => (row[column] as string).length)));
  return rows
    .map(
      (row) =>
        `${row
          .map((cell, column) => cell.padEnd(widths[column] as number))
          .join('  ')
          .trimEnd()}\n`,
    )
    .join('');
}

function told(value: string | null | undefined): string {
  return value === undefined || value === null || value === '' ? '-' : value;
}
