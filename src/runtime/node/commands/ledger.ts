/** `concord ledger verify`: walks every chain and names the first broken or long unsealed entry. */
import { withGateway } from '../admin-client.ts';
import { type Command, printJson, UsageFault } from './command.ts';

export const ledger: Command = {
  name: 'ledger',
  summary: 'verify the ledger',
  usage: `concord ledger verify

Recomputes every entry's hash and every seal, chain by chain. Ends with 1 and names chain, sequence number
and reason when something does not hold. Entries that wait for their seal longer than a minute fail while a
gateway runs, and are reported when none does.`,
  async run(args) {
    if (args[0] !== 'verify') throw new UsageFault('Say verify.');
    return withGateway(async (client) => {
      const verification = await client.get<{ ok: boolean }>('/ledger/verify');
      printJson(verification);
      return verification.ok ? 0 : 1;
    });
  },
};
