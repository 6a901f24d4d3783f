/** `concord notices list|close`: results that were relied on and changed, and those that a doctor says are wrong. */
import { withGateway } from '../admin-client.ts';
import { type Command, printJson, required, UsageFault } from './command.ts';

export const notices: Command = {
  name: 'notices',
  summary: 'see to results that changed after they were relied on, or are said to be wrong',
  usage: `concord notices list
concord notices close ID

Each notice stands in the queue of one facility: of who relied on a result that was corrected, withdrawn, turned out to be
another human's or lost its quality mark; or of who gave a result that a doctor elsewhere reports as wrong.`,
  async run(args) {
    const [act, id] = args;
    if (act === 'list') return withGateway(async (client) => (printJson(await client.get('/notices')), 0));
    if (act !== 'close') throw new UsageFault('Say list or close.');
    const path = `/notices/${encodeURIComponent(required(id, 'ID'))}/close`;
    return withGateway(async (client) => (printJson(await client.post(path, {})), 0));
  },
};
