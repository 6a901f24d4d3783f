/** `concord catalogue import`: items, panels, prices, marks, reasons and consequences, as one version. */
import { withGateway } from '../admin-client.ts';
import { readCatalogueFolder } from '../configuration-files.ts';
import { type Command, required, UsageFault } from './command.ts';

interface Imported {
  readonly digest: string | null;
  readonly items: number;
  readonly reindexed: number;
  readonly problems: readonly { readonly severity: string; readonly code: string; readonly at: string }[];
}

export const catalogue: Command = {
  name: 'catalogue',
  summary: 'import catalogue tables',
  usage: `concord catalogue import DIR

Reads the tables of DIR (items.csv, panels.csv, panel-names.csv, price-items.csv, prices.csv, marks.csv,
refusal-reasons.csv, consequences.csv); a table that is not there keeps what is active. The result is one
version, named by the digest of its content. Any fault refuses the whole, with file, line and column.`,
  async run(args) {
    if (args[0] !== 'import') throw new UsageFault('Say import.');
    const tables = readCatalogueFolder(required(args[1], 'DIR'));
    return withGateway(async (client) => {
      const { status, body } = await client.tryPost<Imported>('/catalogue', tables);
      for (const { severity, code, at } of body.problems) process.stderr.write(`${severity} ${code} ${at}\n`);
      if (status === 422) return 1;
      process.stdout.write(
        `catalogue ${body.digest ?? ''}: ${body.items} items, ${body.reindexed} stored results re-indexed\n`,
      );
      return 0;
    });
  },
};
