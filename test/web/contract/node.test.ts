/** The contract on Node: a process of its own over PostgreSQL. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe } from 'vitest';
import { startGatewayProcess } from '../../support/gateway-process.ts';
import { startPostgres } from '../../support/postgres.ts';
import { noPostgres } from '../../support/required.ts';
import { contract } from './contract.ts';

describe.skipIf(noPostgres() !== undefined)('on Node', () => {
  contract(async () => {
    const database = await startPostgres();
    const dataDir = mkdtempSync(join(tmpdir(), 'concord-contract-'));
    const gateway = await startGatewayProcess({ dataDir, databaseUrl: database.url });
    return {
      url: gateway.url,
      adminToken: readFileSync(join(dataDir, 'admin.token'), 'utf8').trim(),
      stop: async () => {
        await gateway.stop();
        await database.stop();
        rmSync(dataDir, { recursive: true, force: true });
      },
    };
  });
});
