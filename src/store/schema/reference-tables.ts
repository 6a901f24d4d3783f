/** Reference tables: small, read whole, cached by the gateway by their common version. */
import { sql } from 'drizzle-orm';
import { bigint, boolean, integer, pgTable, primaryKey, smallint, text, uniqueIndex } from 'drizzle-orm/pg-core';
import { instant, key } from './columns.ts';

export const facility = pgTable('facility', {
  id: key('id').primaryKey(),
  name: text('name').notNull(),
  parent: key('parent'),
  level: smallint('level').notNull(),
  area: key('area').notNull(),
  /** JSON list. */
  alliances: text('alliances').notNull(),
  zone: key('zone').notNull(),
  /** JSON text of the profile. */
  profile: text('profile').notNull(),
  /** Null: before this was kept. */
  registeredAt: instant('registered_at'),
});

export const channel = pgTable(
  'channel',
  {
    id: key('id').primaryKey(),
    facility: key('facility').notNull(),
    kind: key('kind').notNull(),
    test: boolean('test').notNull(),
    port: integer('port'),
    source: key('source'),
    secretHash: key('secret_hash'),
    /** Public keys of a client that signs its assertions (RFC 7517), by value, or where they are read. */
    jwks: text('jwks'),
    jwksUrl: text('jwks_url'),
    /** JSON list of SMART v2 and `concord/…` scopes; null: the default of its kind. */
    scopes: text('scopes'),
    /** `iss` of the JWTs that a CDS Hooks client of it signs. */
    issuer: key('issuer'),
    /** What its order messages are: `ask`, to be answered with earlier results, or `feed`, told only. */
    orders: key('orders'),
    revokedAt: instant('revoked_at'),
  },
  (t) => [uniqueIndex('channel_issuer').on(t.issuer).where(sql`issuer is not null`)],
);

/** A facility's own FHIR server that results are read from. Its secret stays in the environment, under this name. */
export const upstream = pgTable('upstream', {
  facility: key('facility').primaryKey(),
  channel: key('channel').notNull(),
  baseUrl: text('base_url').notNull(),
  tokenUrl: text('token_url'),
  clientId: text('client_id'),
  secretName: text('secret_name'),
  scope: text('scope'),
});

/** FHIR Subscriptions that may be due: few, read whole. The resource itself is a row of `resource`. */
export const subscription = pgTable('subscription', {
  id: key('id').primaryKey(),
  bucket: smallint('bucket').notNull(),
  facility: key('facility').notNull(),
  channel: key('channel').notNull(),
  /** `requested`, `active`, `error`, `off` (R4 subscription-status). */
  status: key('status').notNull(),
  criteria: text('criteria').notNull(),
  endpoint: text('endpoint').notNull(),
  /** `empty`, `id-only`, `full-resource` (backport-payload-content). */
  payload: key('payload').notNull(),
  endsAt: instant('ends_at'),
});

export const codeMap = pgTable(
  'code_map',
  {
    facility: key('facility').notNull(),
    kind: key('kind').notNull(),
    code: key('code').notNull(),
    system: key('system').notNull(),
    display: text('display').notNull(),
    target: key('target').notNull(),
  },
  (t) => [primaryKey({ columns: [t.facility, t.kind, t.code] })],
);

/** The mapping queue: codes seen that no map knows. */
export const unmappedCode = pgTable(
  'unmapped_code',
  {
    facility: key('facility').notNull(),
    kind: key('kind').notNull(),
    code: key('code').notNull(),
    system: key('system').notNull(),
    display: text('display').notNull(),
  },
  (t) => [primaryKey({ columns: [t.facility, t.kind, t.code] })],
);

export const catalogue = pgTable(
  'catalogue',
  {
    digest: key('digest').primaryKey(),
    sample: boolean('sample').notNull(),
    importedAt: instant('imported_at').notNull(),
    active: boolean('active').notNull(),
    /** JSON text. */
    content: text('content').notNull(),
  },
  (t) => [uniqueIndex('catalogue_active').on(t.active).where(sql`active`)],
);

/** One row, one number that grows with every change of a reference table. */
export const referenceVersion = pgTable('reference_version', {
  id: smallint('id').primaryKey(),
  version: bigint('version', { mode: 'number' }).notNull(),
});
