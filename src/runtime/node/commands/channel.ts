/** `concord channel add|import|keys|scopes|issuer|list|rotate|revoke`: the doors that prove which facility a sender is. */
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { withGateway } from '../admin-client.ts';
import { channelsOf } from '../configuration-files.ts';
import { readCsv } from '../read-csv.ts';
import { type Command, printJson, readable, required, UsageFault } from './command.ts';

export const channel: Command = {
  name: 'channel',
  summary: 'add, import, list, rotate or revoke channels',
  usage: `concord channel add --facility ID --kind client|mllp|folder [--id ID] [--port N] [--from ADDRESS] [--test]
                    [--jwks FILE | --jwks-url URL | --secret] [--scopes "SCOPE …"]
                    [--issuer ISS] [--orders ask|feed]
concord channel import FILE.csv
concord channel keys ID --jwks FILE | --jwks-url URL       a client that signs (SMART Backend Services)
concord channel scopes ID "SCOPE …"                          what its tokens may carry
concord channel issuer ID ISS | --none                       who signs the calls of its CDS Hooks client
concord channel list
concord channel rotate ID      a client's new secret; tokens made with the old one last an hour at most
concord channel revoke ID      closes the channel for good, its tokens and its MLLP door at once

An id is given once. A client signs with a key whose public part is given here, or has a secret (--secret, or no key):
that one is weak, good at --from only (without it, on this machine), printed once and stored only as a digest. "list"
says how each client proves itself. An MLLP channel is told by its port and the source address; without --from it hears
loopback only. Nothing from a --test channel ever reaches a card. --issuer is the iss of a CDS Hooks client that signs its
calls with these keys. Order messages of a channel ask what was done already; with --orders feed they are known only.
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
    if (act === 'keys') {
      const { values, positionals } = parseArgs({ args: rest, allowPositionals: true, options: KEYS });
      const path = `/channels/${encodeURIComponent(required(positionals[0], 'ID'))}/keys`;
      return withGateway(async (client) => (printJson(await client.post(path, keysOf(values))), 0));
    }
    if (act === 'scopes') {
      const path = `/channels/${encodeURIComponent(required(rest[0], 'ID'))}/scopes`;
      const scopes = required(rest[1], 'SCOPE').split(' ');
      return withGateway(async (client) => (printJson(await client.post(path, { scopes })), 0));
    }
    if (act === 'issuer') {
      const { values, positionals } = parseArgs({ args: rest, allowPositionals: true, options: NONE });
      const path = `/channels/${encodeURIComponent(required(positionals[0], 'ID'))}/issuer`;
      const issuer = values.none ? null : required(positionals[1], 'ISS');
      return withGateway(async (client) => (printJson(await client.post(path, { issuer })), 0));
    }
    if (act !== 'add') throw new UsageFault('Say add, import, keys, scopes, issuer, list, rotate or revoke.');
    const { values } = parseArgs({
      args: rest,
      options: {
        id: { type: 'string' },
        facility: { type: 'string' },
        kind: { type: 'string' },
        port: { type: 'string' },
        from: { type: 'string' },
        test: { type: 'boolean', default: false },
        scopes: { type: 'string' },
        secret: { type: 'boolean', default: false },
        issuer: { type: 'string' },
        orders: { type: 'string' },
        ...KEYS,
      },
    });
    const keys = keysOf(values);
    if (values.secret && Object.keys(keys).length > 0)
      throw new UsageFault('A client signs or has a secret, not both.');
    const wanted = {
      id: values.id,
      facility: required(values.facility, '--facility'),
      kind: required(values.kind, '--kind'),
      port: values.port === undefined ? undefined : Number(values.port),
      from: values.from,
      test: values.test,
      ...(values.scopes === undefined ? {} : { scopes: values.scopes.split(' ') }),
      issuer: values.issuer,
      orders: values.orders,
      ...keys,
    };
    return withGateway(async (client) => (printJson(await client.post('/channels', wanted)), 0));
  },
};

const NONE = { none: { type: 'boolean', default: false } } as const;
const KEYS = { jwks: { type: 'string' }, 'jwks-url': { type: 'string' } } as const;

function keysOf(values: { jwks?: string | undefined; 'jwks-url'?: string | undefined }): object {
  return {
    ...(values.jwks === undefined ? {} : { jwks: readable(values.jwks, (path) => readFileSync(path, 'utf8')) }),
    ...(values['jwks-url'] === undefined ? {} : { jwksUrl: values['jwks-url'] }),
  };
}
