/** `concord subscription list|dead|redeliver`: who is told of results, and what could not be brought out. */
import { withGateway } from '../admin-client.ts';
import { type Command, printJson, required, UsageFault } from './command.ts';

export const subscription: Command = {
  name: 'subscription',
  summary: 'list subscriptions and dead notifications, and send one again',
  usage: `concord subscription list
concord subscription dead            notifications that were given up after a day, the newest first
concord subscription redeliver ID    tries one of them again

Subscriptions are made over FHIR (POST /fhir/Subscription), to hosts that OUTBOUND_HOSTS allows.`,
  async run(args) {
    const [act, id] = args;
    if (act === 'list') return withGateway(async (client) => (printJson(await client.get('/subscriptions')), 0));
    if (act === 'dead') return withGateway(async (client) => (printJson(await client.get('/deliveries')), 0));
    if (act !== 'redeliver') throw new UsageFault('Say list, dead or redeliver.');
    const path = `/deliveries/${encodeURIComponent(required(id, 'ID'))}/redeliver`;
    return withGateway(async (client) => (printJson(await client.post(path, {})), 0));
  },
};
