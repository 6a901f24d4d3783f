/** `concord upstream add|list|remove`: a facility's own FHIR server that results are read from. */
import { parseArgs } from 'node:util';
import { withGateway } from '../admin-client.ts';
import { type Command, printJson, required, UsageFault } from './command.ts';

export const upstream: Command = {
  name: 'upstream',
  summary: "name a facility's own FHIR server to read from",
  usage: `concord upstream add --facility ID --channel ID --base-url URL
                     [--token-url URL --client-id ID --secret-name NAME] [--scope "SCOPE …"]
concord upstream list
concord upstream remove FACILITY

The results come in as the channel's. The server's secret stays in the environment of the gateway, under the name given;
OUTBOUND_HOSTS must allow the server's host, and that of the token.`,
  async run(args) {
    const [act, ...rest] = args;
    if (act === 'list') return withGateway(async (client) => (printJson(await client.get('/upstreams')), 0));
    if (act === 'remove') {
      const path = `/upstreams/${encodeURIComponent(required(rest[0], 'FACILITY'))}/remove`;
      return withGateway(async (client) => (printJson(await client.post(path, {})), 0));
    }
    if (act !== 'add') throw new UsageFault('Say add, list or remove.');
    const text = { type: 'string' } as const;
    const { values } = parseArgs({
      args: rest,
      options: {
        facility: text,
        channel: text,
        'base-url': text,
        'token-url': text,
        'client-id': text,
        'secret-name': text,
        scope: text,
      },
    });
    const wanted = {
      facility: required(values.facility, '--facility'),
      channel: required(values.channel, '--channel'),
      baseUrl: required(values['base-url'], '--base-url'),
      tokenUrl: values['token-url'] ?? null,
      clientId: values['client-id'] ?? null,
      secretName: values['secret-name'] ?? null,
      scope: values.scope ?? null,
    };
    return withGateway(async (client) => (printJson(await client.post('/upstreams', wanted)), 0));
  },
};
