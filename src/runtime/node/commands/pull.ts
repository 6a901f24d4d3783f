/** `concord pull`: reads new reports from a facility's own FHIR server, now. */
import { parseArgs } from 'node:util';
import { withGateway } from '../admin-client.ts';
import { type Command, printJson, required } from './command.ts';

export const pull: Command = {
  name: 'pull',
  summary: "read new reports from a facility's own FHIR server",
  usage: `concord pull --facility ID

Reads what changed since the last run, a page at a time; a run that is broken off goes on where it was. Run it by a timer of
the host's. Ends with 1 when the server could not be read to the end.`,
  async run(args) {
    const { values } = parseArgs({ args: [...args], options: { facility: { type: 'string' } } });
    const facility = encodeURIComponent(required(values.facility, '--facility'));
    return withGateway(async (client) => {
      const pulled = await client.post<{ whole: boolean }>(`/pull/${facility}`, {});
      printJson(pulled);
      return pulled.whole ? 0 : 1;
    });
  },
};
