/** What brings configuration in: facilities, channels, code maps, the catalogue (SETTLED 23). */
import { makeClientSecret } from '../access/client-secret.ts';
import { readClientKeys } from '../access/client-keys.ts';
import { type AccessCode, SENTENCES as ACCESS } from '../access/problems.ts';
import { isScope } from '../access/scopes.ts';
import { done, type Outcome, type Refusal, refuse } from '../base/outcome.ts';
import type { Problem } from '../base/problem.ts';
import type { StoredChannel } from '../ports/store-reference.ts';
import { compileCatalogue, type CatalogueTables } from '../recognition/compile-catalogue.ts';
import { knows } from '../recognition/item-of.ts';
import type { Catalogue } from '../terms/catalogue.ts';
import type { Channel, ChannelId } from '../terms/channel.ts';
import type { CodeMapRow, UnmappedCode } from '../terms/code-map.ts';
import type { Facility, FacilityId, FacilityProfile } from '../terms/facility.ts';
import { refusalOf } from './answer.ts';
import type { Gateway } from './gateway.ts';
import { plainAddress, shareDoor } from './mllp-door.ts';
import type { GatewayCode } from './problems.ts';
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
 * Makes a channel; a client's secret is shown in this answer and never again. An id is given once, and a
 * (port, source address) belongs to one facility: nobody's messages are booked to another (SETTLED 26).
 * `mllpPort` is where channels without a port of their own listen.
 */
export async function addChannel(
  gateway: Gateway,
  wanted: Omit<Channel, 'id'> & ClientKeys & { readonly id?: ChannelId },
  { mllpPort }: { readonly mllpPort?: number | undefined } = {},
): Promise<Outcome<{ channel: ChannelId; secret?: string }>> {
  const reference = await gateway.reference.current();
  if (!reference.facilities.has(wanted.facility))
    return refuse(refusalOf('not-found', 'gateway/unknown-facility', 'facility'));
  const id = wanted.id ?? (`${wanted.facility}-${wanted.kind}-${gateway.random.uuid().slice(0, 8)}` as ChannelId);
  const faulty = clientFault(wanted);
  if (faulty !== undefined) return refuse(faulty);
  // Who signs needs no secret.
  const signs = wanted.jwks !== undefined || wanted.jwksUrl !== undefined;
  const made = wanted.kind === 'client' && !signs ? makeClientSecret(gateway.random.bytes(32)) : undefined;
  const channel: StoredChannel = {
    ...wanted,
    id,
    ...(wanted.from === undefined ? {} : { from: plainAddress(wanted.from) }),
    secretHash: made?.hash ?? null,
    revokedAt: null,
  };
  let standing: GatewayCode = 'gateway/channel-exists';
  const added = await gateway.store.reference.changeChannel((channels) => {
    standing = channels.some((other) => other.id === id) ? 'gateway/channel-exists' : 'gateway/channel-taken';
    const free = standing === 'gateway/channel-taken' && !channels.some((other) => shareDoor(channel, other, mllpPort));
    return free ? channel : undefined;
  });
  if (added === undefined)
    return refuse(refusalOf('conflict', standing, standing === 'gateway/channel-exists' ? 'id' : 'port'));
  gateway.reference.refresh();
  return done(made === undefined ? { channel: id } : { channel: id, secret: made.secret });
}

/** Public keys of a client that signs: one of the two. */
export interface ClientKeys {
  readonly jwks?: string;
  readonly jwksUrl?: string;
}

function clientFault({ jwks, jwksUrl, scopes }: ClientKeys & Pick<Channel, 'scopes'>): Refusal | undefined {
  const keys = jwks === undefined ? undefined : readClientKeys(jwks);
  if (keys?.ok === false) return keys.refusal;
  const isWeb =
    jwksUrl === undefined || URL.parse(jwksUrl)?.protocol === 'https:' || URL.parse(jwksUrl)?.protocol === 'http:';
  if (!isWeb || (jwks !== undefined && jwksUrl !== undefined)) return accessRefusal('access/bad-keys', 'jwksUrl');
  const wrong = (scopes ?? []).findIndex((scope) => !isScope(scope));
  return wrong < 0 ? undefined : accessRefusal('access/bad-scopes', `scopes[${wrong}]`);
}

function accessRefusal(code: AccessCode, at: string): Refusal {
  return { category: 'incorrect', code, sentence: ACCESS[code], at };
}

/** A client that signs turns to other keys, or to signing; its secret, if it had one, ends. */
export function setClientKeys(
  gateway: Gateway,
  id: ChannelId,
  keys: ClientKeys,
): Promise<Outcome<{ channel: ChannelId }>> {
  const faulty = clientFault(keys);
  if (faulty !== undefined) return Promise.resolve(refuse(faulty));
  return changeOpenChannel(gateway, id, {
    wrong: (channel) => (channel.kind === 'client' ? undefined : 'gateway/channel-kind'),
    change: ({ jwks: _jwks, jwksUrl: _url, ...channel }) => ({ ...channel, ...keys, secretHash: null }),
    answer: { channel: id },
  });
}

/** What tokens of the channel may carry from now on; those that are out keep theirs until they expire. */
export function setScopes(
  gateway: Gateway,
  id: ChannelId,
  scopes: readonly string[],
): Promise<Outcome<{ channel: ChannelId }>> {
  const faulty = clientFault({ scopes });
  if (faulty !== undefined) return Promise.resolve(refuse(faulty));
  return changeOpenChannel(gateway, id, {
    wrong: (channel) => (channel.kind === 'client' ? undefined : 'gateway/channel-kind'),
    change: (channel) => ({ ...channel, scopes }),
    answer: { channel: id },
  });
}

/** A client's channel gets a new secret and stays its facility's. What its old secret opened closes within a token's life. */
export function rotateChannel(
  gateway: Gateway,
  id: ChannelId,
): Promise<Outcome<{ channel: ChannelId; secret: string }>> {
  const made = makeClientSecret(gateway.random.bytes(32));
  return changeOpenChannel(gateway, id, {
    wrong: (channel) => (channel.kind === 'client' ? undefined : 'gateway/channel-kind'),
    change: (channel) => ({ ...channel, secretHash: made.hash }),
    answer: { channel: id, secret: made.secret },
  });
}

/** Closes a channel for good: its tokens and its MLLP door stop at once. What it sent stays, and its id is not given again. */
export function revokeChannel(
  gateway: Gateway,
  id: ChannelId,
): Promise<Outcome<{ channel: ChannelId; revokedAt: string }>> {
  const revokedAt = gateway.clock.now();
  return changeOpenChannel(gateway, id, {
    wrong: () => undefined,
    change: (channel) => ({ ...channel, secretHash: null, revokedAt }),
    answer: { channel: id, revokedAt },
  });
}

async function changeOpenChannel<T>(
  gateway: Gateway,
  id: ChannelId,
  how: {
    readonly wrong: (channel: StoredChannel) => GatewayCode | undefined;
    readonly change: (channel: StoredChannel) => StoredChannel;
    readonly answer: T;
  },
): Promise<Outcome<T>> {
  let code: GatewayCode | undefined;
  await gateway.store.reference.changeChannel((channels) => {
    const channel = channels.find((one) => one.id === id);
    code = channel === undefined ? 'gateway/unknown-channel' : revokedOr(channel, how.wrong(channel));
    return channel === undefined || code !== undefined ? undefined : how.change(channel);
  });
  if (code !== undefined)
    return refuse(refusalOf(code === 'gateway/unknown-channel' ? 'not-found' : 'conflict', code, 'channel'));
  gateway.reference.refresh();
  return done(how.answer);
}

function revokedOr(channel: StoredChannel, wrong: GatewayCode | undefined): GatewayCode | undefined {
  return channel.revokedAt === null ? wrong : 'gateway/channel-revoked';
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

/**
 * Compiles tables into a catalogue and makes it the active one. Tables that are not given keep the
 * active catalogue's rows. Every fault is answered at once, with file, line and column. What is stored is
 * re-indexed: codes whose item the catalogue has only now, codes that it knows by LOINC, items that it lost.
 */
export async function importCatalogue(
  gateway: Gateway,
  tables: CatalogueTables,
): Promise<{
  readonly catalogue: Catalogue | undefined;
  readonly problems: readonly Problem[];
  readonly reindexed: number;
}> {
  const active = (await gateway.reference.current()).catalogue;
  const compiled = compileCatalogue(tables, active);
  if (compiled.value === undefined) return { catalogue: undefined, problems: compiled.problems, reindexed: 0 };
  await gateway.store.reference.putCatalogue(compiled.value, gateway.clock.now());
  gateway.reference.refresh();
  const reindexed = await reindexEntries(gateway);
  return { catalogue: compiled.value, problems: compiled.problems, reindexed };
}
