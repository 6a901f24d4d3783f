/** `concord token`: an access token of a channel, for trying things by hand. */
import { parseArgs } from 'node:util';
import { withGateway } from '../admin-client.ts';
import { type Command, required } from './command.ts';

export const token: Command = {
  name: 'token',
  summary: 'print an access token of a channel',
  usage: `concord token --channel ID

Prints a bearer token that speaks for the channel's facility for an hour. Programs ask POST /oauth/token
with the channel's id and secret instead.`,
  async run(args) {
    const { values } = parseArgs({ args: [...args], options: { channel: { type: 'string' } } });
    const channel = required(values.channel, '--channel');
    return withGateway(async (client) => {
      const { token } = await client.post<{ token: string }>('/tokens', { channel });
      process.stdout.write(`${token}\n`);
      return 0;
    });
  },
};
