/** The FHIR door's reads as one group (`ports/store-fhir.ts`). */
import type { FhirStore } from '../../ports/store-fhir.ts';
import type { Database } from '../driver/database.ts';
import type { StoreContext } from './context.ts';
import { readChangedIn, readCurrent, readFeed, readOfPatients, readVersions } from './fhir-reads.ts';
import { findByIdentifier } from './resource-identifiers.ts';
import { patientsWithIdentifier, readOffered, readStanding } from './standing.ts';

export function createFhirStore(database: Database, context: StoreContext): FhirStore {
  return {
    current: (places) => readCurrent(database, context, places),
    versions: (place) => readVersions(database, context, place),
    changedIn: (version) => readChangedIn(database, version),
    ofPatients: (query) => readOfPatients(database, context, query),
    feed: (query) => readFeed(database, context, query),
    byIdentifier: (query) => findByIdentifier(database, query),
    patientsByIdentifier: (mac, facility) => patientsWithIdentifier(database, mac, facility),
    standing: (patients, facility) => readStanding(database, patients, facility),
    offered: (query) => readOffered(database, query),
  };
}
