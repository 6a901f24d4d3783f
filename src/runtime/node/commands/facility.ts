/** `concord facility add|import|list`: the organisations that send and ask. */
import { parseArgs } from 'node:util';
import { withGateway } from '../admin-client.ts';
import { facilitiesOf } from '../configuration-files.ts';
import { readCsv } from '../read-csv.ts';
import { type Command, printJson, readable, required, UsageFault } from './command.ts';

const REPLACE = { type: 'boolean', default: false } as const;

function pathOf({ replace }: { readonly replace?: boolean }): string {
  return replace === true ? '/facilities?replace=1' : '/facilities';
}

export const facility: Command = {
  name: 'facility',
  summary: 'add, import or list facilities',
  usage: `concord facility add --id ID --name NAME --level 1|2|3 --area CODE [--parent ID] [--alliances A;B] [--zone ZONE] [--replace]
concord facility import FILE.csv [--replace]
concord facility list

Columns of the file: id,name,parent,level,area,alliances,zone,update,charset,report_key,patient_key_types,
national_id_type,conflict_hours,senders; lists are separated by ";", a blank is the default. senders: what its
messages state in MSH-4 (else MSH-3); another is warned of. A facility that is known keeps
the keys of its profile (update, report_key, patient_key_types, national_id_type) unless --replace is given.`,
  async run(args) {
    const [act, ...rest] = args;
    if (act === 'list') return withGateway(async (client) => (printJson(await client.get('/facilities')), 0));
    if (act === 'import') {
      const { values, positionals } = parseArgs({ args: rest, allowPositionals: true, options: { replace: REPLACE } });
      const facilities = facilitiesOf(readable(required(positionals[0], 'FILE'), readCsv));
      return withGateway(async (client) => (printJson(await client.post(pathOf(values), facilities)), 0));
    }
    if (act !== 'add') throw new UsageFault('Say add, import or list.');
    const { values } = parseArgs({
      args: rest,
      options: {
        id: { type: 'string' },
        name: { type: 'string' },
        level: { type: 'string' },
        area: { type: 'string' },
        parent: { type: 'string', default: '' },
        alliances: { type: 'string', default: '' },
        zone: { type: 'string', default: '' },
        replace: REPLACE,
      },
    });
    const { replace, ...stated } = values;
    const fields = {
      ...stated,
      id: required(values.id, '--id'),
      name: required(values.name, '--name'),
      level: required(values.level, '--level'),
      area: required(values.area, '--area'),
    };
    const facilities = facilitiesOf({ columns: Object.keys(fields), records: [{ line: 1, fields }] });
    return withGateway(async (client) => (printJson(await client.post(pathOf({ replace }), facilities)), 0));
  },
};
