/** The store's contract on a real PostgreSQL: a server that is given, installed, or comes by npm. */
import { describe, it } from 'vitest';
import { startPostgres } from '../support/postgres.ts';
import { noPostgres } from '../support/required.ts';
import { storeContract } from './contract.ts';

const missing = noPostgres();

if (missing === undefined) {
  storeContract('postgres', async () => {
    const server = await startPostgres();
    return { url: server.url, close: () => server.stop() };
  });
} else {
  describe('the store on postgres', () => it.skip(`not run: ${missing}`, () => undefined));
}
