/** `concord ingest`: files go down the path as if their facility had sent them. */
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { withGateway } from '../admin-client.ts';
import { listFiles } from '../list-files.ts';
import { type Command, readable, required, UsageFault } from './command.ts';

interface Ingested {
  readonly messages: number;
  readonly resends: number;
  readonly resultsIn: number;
  readonly resultsStored: number;
  readonly problems: number;
  readonly answers: Readonly<Record<string, number>>;
}

export const ingest: Command = {
  name: 'ingest',
  summary: 'take files in as messages of a facility',
  usage: `concord ingest PATH… --facility ID

Sends every message of the files (batches are split) down the path for the facility, over its folder
channel. Messages that were taken before change nothing.`,
  async run(args) {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { facility: { type: 'string' } },
    });
    const facility = required(values.facility, '--facility');
    if (positionals.length === 0) throw new UsageFault('Name at least one file or folder.');
    const files = positionals.flatMap((path) => readable(path, listFiles));
    return withGateway(async (client) => {
      for (const { path, relative } of files) {
        const taken = await client.postBytes<Ingested>(
          `/ingest?facility=${encodeURIComponent(facility)}`,
          readFileSync(path),
        );
        const answers = Object.entries(taken.answers)
          .map(([code, count]) => `${code} ${count}`)
          .join(', ');
        process.stdout.write(
          `${relative}: ${taken.messages} messages (${answers || 'none'}), resends ${taken.resends}, results ${taken.resultsIn} in, ${taken.resultsStored} stored, problems ${taken.problems}\n`,
        );
      }
      return 0;
    });
  },
};
