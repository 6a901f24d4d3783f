/** `concord what-if`: the past under other rules, beside what it was. */
import { existsSync } from 'node:fs';
import { parseArgs } from 'node:util';
import type { WhatIf, WhatIfSide } from '../../../terms/what-if.ts';
import { type AdminClient, withGateway } from '../admin-client.ts';
import { readCatalogueFolder } from '../configuration-files.ts';
import { type Command, printJson, required } from './command.ts';

interface Step {
  readonly orders: number;
  readonly of: number;
  readonly result?: WhatIf;
}

interface Imported {
  readonly digest: string | null;
  readonly problems: readonly { readonly severity: string; readonly code: string; readonly at: string }[];
}

export const whatIf: Command = {
  name: 'what-if',
  summary: 'decide the past again under another catalogue',
  usage: `concord what-if --catalogue DIGEST|DIR --from DAY --to DAY [--json]

Decides every order that was asked about on these days (YYYY-MM-DD, both included) again under a version of the catalogue,
with what was known then: what would have been recognised, what it could have saved at most, and its risks as they are
known today: recognised results that were later corrected, critical, or changed at the next test. A folder is imported
first and not made active. Nothing else changes.`,
  async run(args) {
    const { values } = parseArgs({
      args: [...args],
      options: {
        catalogue: { type: 'string' },
        from: { type: 'string' },
        to: { type: 'string' },
        json: { type: 'boolean', default: false },
      },
    });
    const of = required(values.catalogue, '--catalogue');
    const [from, to] = [required(values.from, '--from'), required(values.to, '--to')];
    return withGateway(async (client) => {
      const digest = existsSync(of) ? await imported(client, of) : of;
      if (digest === undefined) return 1;
      const query = new URLSearchParams({ catalogue: digest, from, to });
      const result = await followed(await client.stream(`/what-if?${query.toString()}`));
      if (result === undefined) return 1;
      if (values.json) printJson(result);
      else process.stdout.write(`${tableOf(result).join('\n')}\n`);
      return 0;
    });
  },
};

async function imported(client: AdminClient, folder: string): Promise<string | undefined> {
  const { body } = await client.tryPost<Imported>('/catalogue?activate=no', readCatalogueFolder(folder));
  for (const { severity, code, at } of body.problems) process.stderr.write(`${severity} ${code} ${at}\n`);
  return body.digest ?? undefined;
}

/** Undefined: the gateway was lost before the end. */
async function followed(body: ReadableStream<Uint8Array>): Promise<WhatIf | undefined> {
  const decoder = new TextDecoder();
  let rest = '';
  let result: WhatIf | undefined;
  for await (const chunk of body) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) {
      const step = JSON.parse(line) as Step;
      result = step.result;
      showProgress(step);
    }
  }
  if (process.stderr.isTTY) process.stderr.write('\n');
  if (result === undefined) process.stderr.write('The gateway was lost before the end.\n');
  return result;
}

const WIDTH = 30;

function showProgress({ orders, of }: Step): void {
  if (!process.stderr.isTTY) return;
  const done = of === 0 ? WIDTH : Math.round((WIDTH * orders) / of);
  process.stderr.write(`\r${'█'.repeat(done)}${'░'.repeat(WIDTH - done)} ${orders} of ${of} orders`);
}

function tableOf(of: WhatIf): readonly string[] {
  const row = (name: string, pick: (side: WhatIfSide) => number | string): string =>
    `${name.padEnd(34)}${String(pick(of.was)).padStart(14)}${String(pick(of.would)).padStart(14)}`;
  return [
    `catalogue ${of.candidate}${of.sample ? ' (sample)' : ''}`,
    row('', (side) => (side === of.was ? 'was' : 'would be')),
    row('orders asked about', ({ orders }) => orders),
    row('recognised', ({ recognise }) => recognise),
    row('to be looked at', ({ review }) => review),
    row('possible at most, yuan', ({ possibleFen }) => (possibleFen / 100).toFixed(2)),
    row('  charges without a price', ({ unpriced }) => unpriced),
    row('rest on a result later corrected', ({ risks }) => risks.corrected),
    row('rest on a critical result', ({ risks }) => risks.critical),
    row('next test differed', ({ risks }) => risks.changed),
    `${of.gained} gained, ${of.lost} lost, ${of.differing} decided otherwise`,
    ...(of.undecidable === 0 ? [] : [`${of.undecidable} orders are of before their inputs were kept, and not in here`]),
  ];
}
