/** `concord replay`: kept envelopes go down the path again. */
import { parseArgs } from 'node:util';
import { withGateway } from '../admin-client.ts';
import { type Command, printJson } from './command.ts';

export const replay: Command = {
  name: 'replay',
  summary: 'send kept envelopes down the path again',
  usage: `concord replay [--envelope ID] [--outcome quarantined|rejected|pending] [--list]

Without options every quarantined envelope is tried again, after a profile, a map or a fault was mended.
  --list   only print the latest envelopes (of that outcome)`,
  async run(args) {
    const { values } = parseArgs({
      args: [...args],
      options: { envelope: { type: 'string' }, outcome: { type: 'string' }, list: { type: 'boolean', default: false } },
    });
    const query = values.outcome === undefined ? '' : `?outcome=${encodeURIComponent(values.outcome)}`;
    return withGateway(async (client) => {
      if (values.list) printJson(await client.get(`/envelopes${query}`));
      else printJson(await client.post('/replay', { envelope: values.envelope, outcome: values.outcome }));
      return 0;
    });
  },
};
