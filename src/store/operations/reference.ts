/** Reference tables: read whole; every change raises the common version in its own transaction. */
import type { CatalogueVersion, ReferenceStore, StoredChannel } from '../../ports/store-reference.ts';
import type { Catalogue } from '../../terms/catalogue.ts';
import type { Channel } from '../../terms/channel.ts';
import type { CodeMapRow } from '../../terms/code-map.ts';
import type { Facility, FacilityId, FacilityProfile } from '../../terms/facility.ts';
import type { Instant } from '../../terms/instant.ts';
import type { Database, TxSession } from '../driver/database.ts';
import { columnsOf, insertOf, rowsParam } from '../driver/statement.ts';
import type { Subscription } from '../../terms/subscription.ts';
import { catalogue as catalogueTable, channel, codeMap, facility, subscription } from '../schema/reference-tables.ts';
import type { StoreContext } from './context.ts';
import { readUnmapped } from './codes.ts';

type FacilityRow = typeof facility.$inferSelect;
type SubscriptionRow = typeof subscription.$inferSelect;
type ChannelRow = typeof channel.$inferSelect;

const VERSION = 'select version from reference_version where id = 1';
const LOCK = 'select version from reference_version where id = 1 for update';
const RAISE = 'update reference_version set version = version + 1 where id = 1';
const FACILITIES = `select ${columnsOf(facility)} from facility order by id`;
const PUT_FACILITY = insertOf(
  facility,
  `on conflict (id) do update set name = excluded.name, parent = excluded.parent, level = excluded.level, area = excluded.area,
    alliances = excluded.alliances, zone = excluded.zone, profile = excluded.profile`,
);
const CHANNELS = `select ${columnsOf(channel)} from channel order by id`;
const PUT_CHANNEL = insertOf(
  channel,
  `on conflict (id) do update set facility = excluded.facility, kind = excluded.kind, test = excluded.test, port = excluded.port,
    source = excluded.source, secret_hash = excluded.secret_hash, jwks = excluded.jwks, jwks_url = excluded.jwks_url,
    scopes = excluded.scopes, issuer = excluded.issuer, orders = excluded.orders, revoked_at = excluded.revoked_at`,
);
const SUBSCRIPTIONS = `select ${columnsOf(subscription)} from subscription order by id`;
const PUT_SUBSCRIPTION = insertOf(
  subscription,
  `on conflict (id) do update set status = excluded.status, criteria = excluded.criteria, endpoint = excluded.endpoint,
    payload = excluded.payload, ends_at = excluded.ends_at`,
);
const CODE_MAP = `select ${columnsOf(codeMap)} from code_map order by facility, kind, code`;
const PUT_CODE_MAP = insertOf(
  codeMap,
  'on conflict (facility, kind, code) do update set system = excluded.system, display = excluded.display, target = excluded.target',
);
const ACTIVE_CATALOGUE = 'select content from catalogue where active';
const CATALOGUE = 'select content from catalogue where digest = $1';
const CATALOGUES = `select digest, sample, imported_at as "importedAt", active from catalogue order by imported_at desc, digest`;
const PUT_CATALOGUE = insertOf(catalogueTable, 'on conflict (digest) do nothing');
const DEACTIVATE = 'update catalogue set active = false where active and digest <> $1';
const ACTIVATE = 'update catalogue set active = true where digest = $1';

export function createReferenceStore(database: Database, { clock }: StoreContext): ReferenceStore {
  const change = (work: (tx: TxSession) => void): Promise<void> =>
    database.transaction((tx) => {
      // First, so that changes take turns and a reader of the new version sees all of it.
      tx.send(RAISE);
      work(tx);
      return Promise.resolve();
    });
  return {
    version: async () => (await database.run<{ version: number }>(VERSION))[0]?.version ?? 0,
    facilities: async () => (await database.run<FacilityRow>(FACILITIES)).map(toFacility),
    putFacility: (one) =>
      change((tx) => tx.send(PUT_FACILITY, [rowsParam([{ ...fromFacility(one), registeredAt: clock.now() }])])),
    channels: async () => (await database.run<ChannelRow>(CHANNELS)).map(toChannel),
    changeChannel: (decide) =>
      database.transaction(async (tx) => {
        await tx.run(LOCK);
        const decided = decide((await tx.run<ChannelRow>(CHANNELS)).map(toChannel));
        if (decided === undefined) return undefined;
        tx.send(RAISE);
        tx.send(PUT_CHANNEL, [rowsParam([fromChannel(decided)])]);
        return decided;
      }),
    subscriptions: async () => (await database.run<SubscriptionRow>(SUBSCRIPTIONS)).map(toSubscription),
    putSubscription: (one) => change((tx) => tx.send(PUT_SUBSCRIPTION, [rowsParam([one])])),
    codeMap: () => database.run<CodeMapRow>(CODE_MAP),
    putCodeMap: (rows) => change((tx) => putCodeMap(tx, rows)),
    unmapped: (of) => readUnmapped(database, of),
    activeCatalogue: async () => {
      const [row] = await database.run<{ content: string }>(ACTIVE_CATALOGUE);
      return row === undefined ? undefined : readCatalogue(row.content);
    },
    catalogue: async (digest) => {
      const [row] = await database.run<{ content: string }>(CATALOGUE, [digest]);
      return row === undefined ? undefined : readCatalogue(row.content);
    },
    catalogues: () => database.run<CatalogueVersion>(CATALOGUES),
    putCatalogue: (catalogue, at) => change((tx) => putCatalogue(tx, catalogue, at)),
    activateCatalogue: (digest) =>
      database.transaction(async (tx) => {
        const [known] = await tx.run(CATALOGUE, [digest]);
        if (known === undefined) return false;
        tx.send(RAISE);
        tx.send(DEACTIVATE, [digest]);
        tx.send(ACTIVATE, [digest]);
        return true;
      }),
  };
}

/** The last row of a key counts. */
function putCodeMap(tx: TxSession, rows: readonly CodeMapRow[]): void {
  const byKey = new Map(rows.map((row) => [`${row.facility}\n${row.kind}\n${row.code}`, row]));
  if (byKey.size > 0) tx.send(PUT_CODE_MAP, [rowsParam([...byKey.values()])]);
}

function putCatalogue(tx: TxSession, catalogue: Catalogue, at: Instant): void {
  const { digest, sample } = catalogue;
  tx.send(PUT_CATALOGUE, [
    rowsParam([{ digest, sample, importedAt: at, active: false, content: printCatalogue(catalogue) }]),
  ]);
}

/** Maps become lists; everything else is plain data. */
function printCatalogue(catalogue: Catalogue): string {
  const { items, panels, priceItems } = catalogue;
  const lists = { items: [...items.values()], panels: [...panels.values()], priceItems: [...priceItems.values()] };
  return JSON.stringify({ ...catalogue, ...lists });
}

function readCatalogue(content: string): Catalogue {
  const read = JSON.parse(content) as Omit<Catalogue, 'items' | 'panels' | 'priceItems'> & {
    items: (Catalogue['items'] extends ReadonlyMap<string, infer Item> ? Item : never)[];
    panels: (Catalogue['panels'] extends ReadonlyMap<string, infer Panel> ? Panel : never)[];
    priceItems: (Catalogue['priceItems'] extends ReadonlyMap<string, infer PriceItem> ? PriceItem : never)[];
  };
  // Older versions know less than these.
  const absent = { containment: [], windows: [], acceptance: [], situations: [] };
  return { ...absent, ...read, items: byId(read.items), panels: byId(read.panels), priceItems: byId(read.priceItems) };
}

function byId<T extends { readonly id: string }>(list: readonly T[]): ReadonlyMap<string, T> {
  return new Map(list.map((one) => [one.id, one]));
}

function fromFacility(one: Facility): Omit<FacilityRow, 'registeredAt'> {
  const { id, name, level, area, zone } = one;
  const parent = one.parent ?? null;
  return {
    id,
    name,
    parent,
    level,
    area,
    zone,
    alliances: JSON.stringify(one.alliances),
    profile: JSON.stringify(one.profile),
  };
}

function toFacility(row: FacilityRow): Facility {
  return {
    id: row.id as FacilityId,
    name: row.name,
    ...(row.parent === null ? {} : { parent: row.parent as FacilityId }),
    level: row.level as Facility['level'],
    area: row.area,
    alliances: JSON.parse(row.alliances) as string[],
    zone: row.zone,
    profile: JSON.parse(row.profile) as FacilityProfile,
  };
}

function fromChannel(one: StoredChannel): ChannelRow {
  const { id, kind, test, secretHash, revokedAt } = one;
  return {
    id,
    facility: one.facility,
    kind,
    test,
    port: one.port ?? null,
    source: one.from ?? null,
    secretHash,
    jwks: one.jwks ?? null,
    jwksUrl: one.jwksUrl ?? null,
    scopes: one.scopes === undefined ? null : JSON.stringify(one.scopes),
    issuer: one.issuer ?? null,
    orders: one.orders ?? null,
    revokedAt,
  };
}

function toChannel(row: ChannelRow): StoredChannel {
  return {
    id: row.id as StoredChannel['id'],
    facility: row.facility as FacilityId,
    kind: row.kind as StoredChannel['kind'],
    test: row.test,
    ...(row.port === null ? {} : { port: row.port }),
    ...(row.source === null ? {} : { from: row.source }),
    ...(row.scopes === null ? {} : { scopes: JSON.parse(row.scopes) as string[] }),
    ...(row.issuer === null ? {} : { issuer: row.issuer }),
    ...(row.orders === null ? {} : { orders: row.orders as Channel['orders'] & string }),
    ...(row.jwks === null ? {} : { jwks: row.jwks }),
    ...(row.jwksUrl === null ? {} : { jwksUrl: row.jwksUrl }),
    secretHash: row.secretHash,
    revokedAt: row.revokedAt as Instant | null,
  };
}

function toSubscription(row: SubscriptionRow): Subscription {
  return row as Subscription;
}
