/** What brings configuration in: facilities and code maps (SETTLED 23); channels and the catalogue have files of their own. */
import { done, type Outcome, refuse } from '../base/outcome.ts';
import { knows } from '../recognition/item-of.ts';
import type { CodeMapRow, UnmappedCode } from '../terms/code-map.ts';
import type { Facility, FacilityId, FacilityProfile } from '../terms/facility.ts';
import { refusalOf } from './answer.ts';
import type { Gateway } from './gateway.ts';
import { reindexEntries } from './reindex-entries.ts';
import { REGION } from './settle-patients.ts';

/**
 * Puts facilities. What is stored hangs on the key parts of a facility's profile, so that another such profile for a
 * known id is refused unless it is said to `replace`: from then on the same report may be taken for a new one.
 */
export async function putFacilities(
  gateway: Gateway,
  facilities: readonly Facility[],
  { replace = false }: { readonly replace?: boolean } = {},
): Promise<Outcome<{ facilities: number }>> {
  const known = new Map((await gateway.store.reference.facilities()).map((facility) => [facility.id, facility]));
  const places = (wrong: (facility: Facility) => boolean): readonly number[] =>
    facilities.flatMap((facility, index) => (wrong(facility) ? [index + 1] : []));

  const reserved = places(({ id }) => id === REGION);
  if (reserved.length > 0) return refuse(refusalOf('incorrect', 'gateway/reserved-id', placesOf(reserved)));
  const ids = new Set([...known.keys(), ...facilities.map(({ id }) => id)]);
  const orphans = places(({ id, parent }) => parent !== undefined && (parent === id || !ids.has(parent)));
  if (orphans.length > 0) return refuse(refusalOf('incorrect', 'gateway/unknown-parent', placesOf(orphans)));
  const changed = places(({ id, profile }) => {
    const before = known.get(id)?.profile;
    return before !== undefined && keyParts(before) !== keyParts(profile);
  });
  if (changed.length > 0 && !replace) return refuse(refusalOf('conflict', 'gateway/profile-change', placesOf(changed)));

  for (const facility of facilities) await gateway.store.reference.putFacility(facility);
  gateway.reference.refresh();
  return done({ facilities: facilities.length });
}

/** What of a profile makes stored keys, or says what a newer message takes away. */
function keyParts({ update, reportKey, elementKeyByObx21, patientKeyTypes, nationalIdType }: FacilityProfile): string {
  const parts = [update, reportKey ?? [], elementKeyByObx21 ?? false, patientKeyTypes ?? [], nationalIdType ?? ''];
  return JSON.stringify(parts);
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
  const mapped = rows.some((row) => row.target !== '');
  if (mapped && before.catalogue === undefined)
    return refuse(refusalOf('unavailable', 'gateway/no-catalogue', 'catalogue'));
  const wrong = rows.flatMap(({ kind, target }, index) =>
    target === '' || knows(before.catalogue, kind, target) ? [] : [index + 1],
  );
  if (wrong.length > 0) return refuse(refusalOf('incorrect', 'gateway/unknown-target', placesOf(wrong)));
  await gateway.store.reference.putCodeMap(rows);
  gateway.reference.refresh();
  const results = rows.filter(({ kind }) => kind === 'result');
  return done({ rows: rows.length, reindexed: results.length === 0 ? 0 : await reindexEntries(gateway, results) });
}

const PLACES_MAX = 20;

/** `row 3, row 7`: places in what was sent, counted from 1; the first of them when they are many. */
function placesOf(places: readonly number[]): string {
  const told = places.slice(0, PLACES_MAX).map((place) => `row ${place}`);
  return places.length > PLACES_MAX ? `${told.join(', ')} and ${places.length - PLACES_MAX} more` : told.join(', ');
}

/** The mapping queue: codes that were seen and have no item, nor none on purpose, as map and catalogue stand now. */
export async function unmappedCodes(gateway: Gateway, facility: FacilityId | null): Promise<readonly UnmappedCode[]> {
  const { lookup } = await gateway.reference.current();
  const noted = await gateway.store.reference.unmapped(facility);
  return noted.filter((row) => !lookup.isMapped(row.facility, row.kind, row.system, row.code));
}
