/** The store's contract on the embedded database. */
import { openMigratedPglite } from '../support/store-kit.ts';
import { storeContract } from './contract.ts';

storeContract('pglite', openMigratedPglite);
