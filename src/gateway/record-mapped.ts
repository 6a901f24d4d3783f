/**
 * What every format's path ends with, inside one transaction: identity → registry → recorded. Whatever was mapped, by
 * whichever door it came, becomes containers, entries, links and shared resources here and nowhere else.
 */
import type { DirectoryRow, StoreTx } from '../ports/store-tx.ts';
import type { Mapped } from '../terms/mapped.ts';
import type { Sighting } from './arrival.ts';
import type { Gateway } from './gateway.ts';
import type { Reference } from './reference-cache.ts';
import { type Registered, registerReports } from './register-reports.ts';
import { identifiersOf } from './resource-identifiers.ts';
import { type SettledPatients, settlePatients } from './settle-patients.ts';

export interface Recorded {
  readonly patients: SettledPatients;
  readonly registered: Registered;
}

/** `rows` are the directory's, which confirmed every id. */
export async function recordMapped(
  gateway: Gateway,
  tx: StoreTx,
  what: { readonly mapped: Mapped; readonly arrival: Sighting; readonly production: boolean },
  context: { readonly reference: Reference; readonly rows: ReadonlyMap<string, DirectoryRow> },
): Promise<Recorded> {
  const { mapped, arrival, production } = what;
  const { reference, rows } = context;
  const { facilities } = reference;
  const patients = await settlePatients(gateway, tx, { mapped, rows, production, arrival, facilities });
  const { regionZone } = gateway;
  const registered = await registerReports(gateway, tx, { mapped, rows, production, arrival, reference, regionZone });
  const from = { facility: arrival.facility.id, at: arrival.receivedAt };
  const shared = [...(mapped.header?.shared ?? []), ...mapped.patients.flatMap((patient) => patient.shared)];
  await tx.writeResources(shared, from);
  const patientsSeen = mapped.patients.flatMap(({ patient }) => (patient === undefined ? [] : [patient]));
  await tx.writeResourceIdentifiers(identifiersOf(gateway, from.facility, [...shared, ...patientsSeen]));
  return { patients, registered };
}
