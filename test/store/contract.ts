/** The store's contract (`src/ports/store.ts`), the same on every database. */
import postgres from 'postgres';
import { afterAll, beforeAll, describe } from 'vitest';
import { openStore } from '../../src/store/open-store.ts';
import { testClock, testKeys } from '../support/store-kit.ts';
import { auditContract } from './contract/audit-contract.ts';
import { identityContract } from './contract/identity-contract.ts';
import { jobContract } from './contract/job-contract.ts';
import type { Subject, UseSubject } from './contract/kit.ts';
import { ledgerContract } from './contract/ledger-contract.ts';
import { operationContract } from './contract/operation-contract.ts';
import { pathContract } from './contract/path-contract.ts';
import { registryContract } from './contract/registry-contract.ts';

export interface OpenedDatabase {
  readonly url: string;
  close(): Promise<void>;
}

/** Few enough connections for two stores and a plain client beside them: PGlite has four. */
const SMALL = { lanes: 1, readers: 1 };

export function storeContract(kind: Subject['kind'], open: () => Promise<OpenedDatabase>): void {
  describe(`the store on ${kind}`, () => {
    let database: OpenedDatabase | undefined;
    let subject: Subject | undefined;
    const connections = kind === 'pglite' ? SMALL : {};
    const use: UseSubject = () => {
      if (subject === undefined) throw new Error('the database did not open');
      return subject;
    };

    beforeAll(async () => {
      database = await open();
      const { url } = database;
      const clock = testClock();
      const local = url.startsWith('unix:') ? { path: url.slice(5), username: 'postgres' } : {};
      subject = {
        kind,
        clock,
        store: await openStore({ url, keys: testKeys, clock, ...connections }),
        sql: postgres(url.startsWith('unix:') ? 'postgres://localhost/postgres' : url, {
          max: 1,
          fetch_types: false,
          ...local,
        }),
        another: () => openStore({ url, keys: testKeys, clock, ...connections }),
      };
    });
    afterAll(async () => {
      await subject?.sql.end();
      await subject?.store.close();
      await database?.close();
    });

    describe('path', () => pathContract(use));
    describe('registry', () => registryContract(use));
    describe('identity', () => identityContract(use));
    describe('ledger', () => ledgerContract(use, kind));
    describe('jobs', () => jobContract(use));
    describe('operation', () => operationContract(use));
    describe('audit', () => auditContract(use));
  });
}
