/** What brings configuration in: facilities, channels, code maps, the catalogue (SETTLED 23). */
import { makeClientSecret } from '../access/client-secret.ts';
import { done, type Outcome, refuse } from '../base/outcome.ts';
import type { Problem } from '../base/problem.ts';
import { compileCatalogue, type CatalogueTables } from '../recognition/compile-catalogue.ts';
import type { Catalogue } from '../terms/catalogue.ts';
import type { Channel, ChannelId } from '../terms/channel.ts';
import type { CodeMapRow } from '../terms/code-map.ts';
import type { Facility, FacilityId } from '../terms/facility.ts';
import { refusalOf } from './answer.ts';
import type { Gateway } from './gateway.ts';

export async function putFacilities(
  gateway: Gateway,
  facilities: readonly Facility[],
): Promise<{ facilities: number }> {
  for (const facility of facilities) await gateway.store.reference.putFacility(facility);
  gateway.reference.refresh();
  return { facilities: facilities.length };
}

/** Makes a channel; a client's secret is shown in this answer and never again. */
export async function addChannel(
  gateway: Gateway,
  wanted: Omit<Channel, 'id'> & { readonly id?: ChannelId },
): Promise<Outcome<{ channel: ChannelId; secret?: string }>> {
  const reference = await gateway.reference.current();
  if (!reference.facilities.has(wanted.facility))
    return refuse(refusalOf('not-found', 'gateway/unknown-facility', 'facility'));
  const id = wanted.id ?? (`${wanted.facility}-${wanted.kind}-${gateway.random.uuid().slice(0, 8)}` as ChannelId);
  const made = wanted.kind === 'client' ? makeClientSecret(gateway.random.bytes(32)) : undefined;
  await gateway.store.reference.putChannel({ ...wanted, id, secretHash: made?.hash ?? null, revokedAt: null });
  gateway.reference.refresh();
  return done(made === undefined ? { channel: id } : { channel: id, secret: made.secret });
}

/**
 * Puts rows of code maps and re-indexes what they touch: registry rows only, no document is read, and
 * nobody is alarmed, since a map is no correction (SETTLED 14).
 */
export async function putCodes(
  gateway: Gateway,
  rows: readonly CodeMapRow[],
): Promise<Outcome<{ rows: number; reindexed: number }>> {
  const before = await gateway.reference.current();
  if (rows.some((row) => !before.facilities.has(row.facility)))
    return refuse(refusalOf('not-found', 'gateway/unknown-facility', 'facility'));
  await gateway.store.reference.putCodeMap(rows);
  gateway.reference.refresh();
  const { lookup } = await gateway.reference.current();
  let reindexed = 0;
  for (const row of rows) {
    if (row.kind !== 'result') continue;
    const item = lookup.itemOf(row.facility, 'result', row.system, row.code);
    reindexed += await gateway.store.transaction((tx) => tx.reindex({ facility: row.facility, code: row.code, item }));
  }
  return done({ rows: rows.length, reindexed });
}

/**
 * Compiles tables into a catalogue and makes it the active one. Tables that are not given keep the
 * active catalogue's rows. Every fault is answered at once, with file, line and column.
 */
export async function importCatalogue(
  gateway: Gateway,
  tables: CatalogueTables,
): Promise<{ readonly catalogue: Catalogue | undefined; readonly problems: readonly Problem[] }> {
  const active = (await gateway.reference.current()).catalogue;
  const compiled = compileCatalogue(tables, active);
  if (compiled.value === undefined) return { catalogue: undefined, problems: compiled.problems };
  await gateway.store.reference.putCatalogue(compiled.value, gateway.clock.now());
  gateway.reference.refresh();
  return { catalogue: compiled.value, problems: compiled.problems };
}

export type { FacilityId };
