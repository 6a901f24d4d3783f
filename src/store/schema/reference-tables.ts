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
});

export const channel = pgTable('channel', {
  id: key('id').primaryKey(),
  facility: key('facility').notNull(),
  kind: key('kind').notNull(),
  test: boolean('test').notNull(),
  port: integer('port'),
  source: key('source'),
  secretHash: key('secret_hash'),
  revokedAt: instant('revoked_at'),
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
