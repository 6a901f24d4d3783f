/** `concord channel add|import|list|rotate|revoke`: the doors that prove which facility a sender is. */
import { parseArgs } from 'node:util';
import { withGateway } from '../admin-client.ts';
import { channelsOf } from '../configuration-files.ts';
import { readCsv } from '../read-csv.ts';
import { type Command, printJson, readable, required, UsageFault } from './command.ts';

export const channel: Command = {
  name: 'channel',
  summary: 'add, import, list, rotate or revoke channels',
  usage: `concord channel add --facility ID --kind client|mllp|folder [--id ID] [--port N] [--from ADDRESS] [--test]
concord channel import FILE.csv
concord channel list
concord channel rotate ID      a client's new secret; tokens made with the old one last an hour at most
concord channel revoke ID      closes the channel for good, its tokens and its MLLP door at once

An id is given once. A client's secret is printed once and stored only as a digest. An MLLP channel is told by its port and the
source address; without --from it hears loopback only. Nothing from a --test channel ever reaches a card.
Columns of the file: id,facility,kind,port,from,test.`,
  async run(args) {
    const [act, ...rest] = args;
    if (act === 'list') return withGateway(async (client) => (printJson(await client.get('/channels')), 0));
    if (act === 'import') {
      const channels = channelsOf(readable(required(rest[0], 'FILE'), readCsv));
      return withGateway(async (client) => {
        for (const wanted of channels) printJson(await client.post('/channels', wanted));
        return 0;
      });
    }
    if (act === 'rotate' || act === 'revoke') {
      const path = `/channels/${encodeURIComponent(required(rest[0], 'ID'))}/${act}`;
      return withGateway(async (client) => (printJson(await client.post(path, {})), 0));
    }
    if (act !== 'add') throw new UsageFault('Say add, import, list, rotate or revoke.');
    const { values } = parseArgs({
      args: rest,
      options: {
        id: { type: 'string' },
        facility: { type: 'string' },
        kind: { type: 'string' },
        port: { type: 'string' },
        from: { type: 'string' },
        test: { type: 'boolean', default: false },
      },
    });
    const wanted = {
      id: values.id,
      facility: required(values.facility, '--facility'),
      kind: required(values.kind, '--kind'),
      port: values.port === undefined ? undefined : Number(values.port),
      from: values.from,
      test: values.test,
    };
    return withGateway(async (client) => (printJson(await client.post('/channels', wanted)), 0));
  },
};
