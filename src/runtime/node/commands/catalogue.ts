/** `concord catalogue`: check, import, list, compare and activate versions of what may be recognised. */
import { existsSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { type AdminClient, withGateway } from '../admin-client.ts';
import { readCatalogueFolder } from '../configuration-files.ts';
import { type Command, required, UsageFault } from './command.ts';

interface Checked {
  readonly digest: string | null;
  readonly items: number;
  readonly reindexed?: number;
  readonly problems: readonly { readonly severity: string; readonly code: string; readonly at: string }[];
  readonly differences: readonly Difference[];
}

interface Difference {
  readonly file: string;
  readonly key: string;
  readonly change: 'added' | 'removed' | 'changed';
  readonly fields: readonly { readonly column: string; readonly from: string; readonly to: string }[];
}

interface Version {
  readonly digest: string;
  readonly sample: boolean;
  readonly importedAt: string;
  readonly active: boolean;
}

export const catalogue: Command = {
  name: 'catalogue',
  summary: 'check, import, compare and activate catalogues',
  usage: `concord catalogue check DIR
concord catalogue import DIR [--keep-only]
concord catalogue list
concord catalogue diff DIR|DIGEST [DIGEST]
concord catalogue activate DIGEST

Reads the tables of DIR (items.csv, panels.csv, …, see mappings/catalogue/README.md); a table that is not there keeps
what is active. The result is one version, named by the digest of its content. Any fault refuses the whole, with file,
line and column. check says what is wrong, keeps nothing and ends with 1 on a fault. import makes the version the active
one, unless --keep-only. diff tells line by line what a folder or a version says otherwise than the active version, or
than the second DIGEST. activate returns to any version that is kept; stored results are re-indexed.`,
  async run(args) {
    const { positionals, values } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { 'keep-only': { type: 'boolean', default: false } },
    });
    const [act, first, second] = positionals;
    switch (act) {
      case 'check':
        return withGateway((client) => compiled(client, '/catalogue/check', required(first, 'DIR')));
      case 'import':
        return withGateway((client) =>
          compiled(client, `/catalogue${values['keep-only'] ? '?activate=no' : ''}`, required(first, 'DIR')),
        );
      case 'list':
        return withGateway(async (client) => printVersions(await client.get('/catalogue')));
      case 'diff':
        return withGateway((client) => compare(client, required(first, 'DIR or DIGEST'), second));
      case 'activate':
        return withGateway(async (client) => {
          const active = await client.post<{ digest: string; reindexed: number }>('/catalogue/activate', {
            digest: required(first, 'DIGEST'),
          });
          process.stdout.write(`catalogue ${active.digest} is active, ${active.reindexed} stored results re-indexed\n`);
          return 0;
        });
      default:
        throw new UsageFault('Say check, import, list, diff or activate.');
    }
  },
};

async function compiled(client: AdminClient, path: string, folder: string): Promise<number> {
  const { status, body } = await client.tryPost<Checked>(path, readCatalogueFolder(folder));
  for (const { severity, code, at } of body.problems) process.stderr.write(`${severity} ${code} ${at}\n`);
  if (status === 422) return 1;
  const moved = body.reindexed === undefined ? '' : `, ${body.reindexed} stored results re-indexed`;
  process.stdout.write(
    `catalogue ${body.digest ?? ''}: ${body.items} items, ${body.differences.length} lines differ${moved}\n`,
  );
  return 0;
}

/** A folder is compiled over the active version, and compared with it. */
async function compare(client: AdminClient, of: string, from: string | undefined): Promise<number> {
  if (!existsSync(of)) {
    const query = new URLSearchParams({ to: of, ...(from === undefined ? {} : { from }) });
    printDifferences(await client.get(`/catalogue/diff?${query.toString()}`));
    return 0;
  }
  if (from !== undefined) throw new UsageFault('A folder is compared with the active version only.');
  const { status, body } = await client.tryPost<Checked>('/catalogue/check', readCatalogueFolder(of));
  for (const { severity, code, at } of body.problems) process.stderr.write(`${severity} ${code} ${at}\n`);
  if (status === 422) return 1;
  printDifferences(body.differences);
  return 0;
}

const SIGNS = { added: '+', removed: '-', changed: '~' } as const;

function printDifferences(differences: readonly Difference[]): void {
  for (const { file, key, change, fields } of differences) {
    const told =
      change === 'changed' ? fields.map(({ column, from, to }) => ` ${column}: ${from || '–'} → ${to || '–'}`) : [];
    process.stdout.write(`${SIGNS[change]} ${file} ${key}${told.join(',')}\n`);
  }
}

function printVersions(versions: readonly Version[]): number {
  for (const { digest, sample, importedAt, active } of versions) {
    process.stdout.write(`${digest} ${importedAt}${sample ? ' sample' : ''}${active ? ' active' : ''}\n`);
  }
  return 0;
}
