/** `concord ledger`: verified in the database, exported, and the export verified anywhere with what was kept of it. */
import { createReadStream, openSync, readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { pipeline } from 'node:stream/promises';
import { parseArgs } from 'node:util';
import { readAnchor } from '../../../ledger/anchor.ts';
import { createExportVerifier, type KeptReceipt } from '../../../ledger/verify-export.ts';
import { type AdminClient, withGateway } from '../admin-client.ts';
import { type Command, printJson, readable, required, UsageFault } from './command.ts';

export const ledger: Command = {
  name: 'ledger',
  summary: 'verify, report, export and anchor the ledger',
  usage: `concord ledger verify
concord ledger report MONTH [--as-of INSTANT] [--catalogue DIGEST] [--csv [--part PART] | --fhir]
concord ledger irregularities MONTH
concord ledger export > FILE
concord ledger anchor > ANCHOR
concord ledger verify FILE [--anchor ANCHOR] [--receipt ENTRY:HASH …]

verify recomputes every entry's hash and every seal, chain by chain, and ends with 1 when something does not hold; it names
chain, place and reason. Entries that wait for their seal longer than a minute fail while a gateway runs.
report tells a month (YYYY-MM): orders asked about and known, what came of them, what it was worth, gross, reversed,
settled and provisional, and what was missed; as of the same instant it is the same to the byte. --csv has a line a facility
and target, or of PART: repeats, facility, level, category, specialty, visitClass, payer, doctor. --fhir has its shares as
Measures and MeasureReports. irregularities lists signs of gaming in a month, with the offers or reports to look at.
export writes all of it as lines of JSON. anchor prints the newest daily anchor: keep it, and the receipts of replies.
verify FILE needs no database and no gateway. Alone it proves that the file agrees with itself, and nothing more: whoever
writes a whole chain anew writes its seals anew. Held against an anchor or a receipt that was kept elsewhere, what came
before it can be neither changed nor cut off.`,
  async run(args) {
    const { positionals, values } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        anchor: { type: 'string' },
        receipt: { type: 'string', multiple: true },
        'as-of': { type: 'string' },
        catalogue: { type: 'string' },
        part: { type: 'string' },
        csv: { type: 'boolean', default: false },
        fhir: { type: 'boolean', default: false },
      },
    });
    const [act, file] = positionals;
    if (act === 'verify' && file !== undefined) return verifyFile(file, values.anchor, values.receipt ?? []);
    switch (act) {
      case 'verify':
        return withGateway(async (client) => {
          const verification = await client.get<{ ok: boolean }>('/ledger/verify');
          printJson(verification);
          return verification.ok ? 0 : 1;
        });
      case 'report':
        return withGateway((client) => report(client, required(file, 'MONTH'), values));
      case 'irregularities':
        return withGateway(async (client) => {
          const month = encodeURIComponent(required(file, 'MONTH'));
          printJson(await client.get(`/ledger/irregularities?month=${month}`));
          return 0;
        });
      case 'export':
        return withGateway(async (client) => {
          await pipeline(await client.stream('/ledger/export'), process.stdout, { end: false });
          return 0;
        });
      case 'anchor':
        return withGateway(async (client) => {
          const anchors = await client.get<readonly { anchor: string }[]>('/ledger/anchors');
          const newest = anchors.at(-1);
          if (newest === undefined)
            process.stderr.write('No anchor yet: nothing was sealed on a day that has passed.\n');
          else process.stdout.write(`${newest.anchor}\n`);
          return newest === undefined ? 1 : 0;
        });
      default:
        throw new UsageFault('Say verify, report, irregularities, export or anchor.');
    }
  },
};

interface ReportOptions {
  readonly 'as-of'?: string | undefined;
  readonly catalogue?: string | undefined;
  readonly part?: string | undefined;
  readonly csv: boolean;
  readonly fhir: boolean;
}

async function report(client: AdminClient, month: string, options: ReportOptions): Promise<number> {
  const asked = { month, asOf: options['as-of'], catalogue: options.catalogue, part: options.part };
  const given = Object.entries(asked).filter((pair): pair is [string, string] => pair[1] !== undefined);
  const path = `/ledger/report?${new URLSearchParams(given).toString()}`;
  const accept = options.csv ? 'text/csv' : options.fhir ? 'application/fhir+json' : undefined;
  if (accept === undefined) printJson(await client.get(path));
  else await pipeline(await client.stream(path, accept), process.stdout, { end: false });
  return 0;
}

async function verifyFile(file: string, anchorFile: string | undefined, receipts: readonly string[]): Promise<number> {
  const kept = anchorFile === undefined ? undefined : await anchorIn(anchorFile);
  const verifier = createExportVerifier({
    receipts: receipts.map(receiptOf),
    ...(kept === undefined ? {} : { anchor: kept.anchor }),
  });
  // Opened first, so that a file that is not there is told as such.
  const input = createReadStream('', { fd: readable(file, (path) => openSync(path, 'r')) });
  for await (const line of createInterface({ input })) verifier.take(line);
  const report = verifier.report();
  printJson({
    ...report,
    ...(kept === undefined ? {} : { anchorKey: kept.key }),
    proves:
      kept === undefined && receipts.length === 0
        ? 'that the file agrees with itself; hold it against an anchor or a receipt that was kept elsewhere'
        : 'that what came before the anchor, and what the receipts are of, is as it was then',
  });
  return report.ok ? 0 : 1;
}

/** The last anchor of a file of one or more, a line each. */
async function anchorIn(file: string) {
  const lines = readable(file, (path) => readFileSync(path, 'utf8'))
    .split('\n')
    .filter((line) => line.trim() !== '');
  const read = await readAnchor(lines.at(-1)?.trim() ?? '');
  if (read === undefined) throw new UsageFault(`${file} holds no anchor, or one that was changed.`);
  return read;
}

function receiptOf(text: string): KeptReceipt {
  const [entry = '', hash = ''] = text.split(':');
  if (!/^[\w-]{43}$/.test(hash) || entry === '')
    throw new UsageFault('--receipt is ENTRY:HASH, as a reply was answered.');
  return { entry, hash };
}
