/** `concord codes import|export|unmapped`: a facility's local codes → catalogue items and orderables. */
import { parseArgs } from 'node:util';
import { withGateway } from '../admin-client.ts';
import { codesOf } from '../configuration-files.ts';
import { readCsv } from '../read-csv.ts';
import { printCsv } from '../write-csv.ts';
import { type Command, printJson, readable, required, UsageFault } from './command.ts';

const COLUMNS = ['facility', 'kind', 'system', 'code', 'display', 'target'] as const;

export const codes: Command = {
  name: 'codes',
  summary: 'import, export or list unmapped local codes',
  usage: `concord codes import FILE.csv
concord codes export [--facility ID]            prints the map as CSV
concord codes unmapped [--facility ID]          prints the mapping queue in the same columns, target blank

Columns: facility,kind,system,code,display,target. kind is order or result; target is a catalogue item, or a
panel for an order; a blank target says that the code is mapped to nothing on purpose. A new map re-indexes
what is stored.`,
  async run(args) {
    const [act, ...rest] = args;
    if (act === 'import') {
      const rows = codesOf(readable(required(rest[0], 'FILE'), readCsv));
      return withGateway(async (client) => (printJson(await client.post('/codes', rows)), 0));
    }
    if (act !== 'export' && act !== 'unmapped') throw new UsageFault('Say import, export or unmapped.');
    const { values } = parseArgs({ args: rest, options: { facility: { type: 'string' } } });
    const query = values.facility === undefined ? '' : `?facility=${encodeURIComponent(values.facility)}`;
    return withGateway(async (client) => {
      const rows = await client.get<Record<string, string>[]>(`/codes${act === 'unmapped' ? '/unmapped' : ''}${query}`);
      process.stdout.write(printCsv(COLUMNS, rows));
      return 0;
    });
  },
};
