/** Brings the schema up to date: numbered, forward only, in one transaction, one migrator at a time. */
import { digestOf } from '../base/digest.ts';
import { utf8 } from '../base/bytes.ts';
import type { Database, Session, TxSession } from './driver/database.ts';
import { MIGRATIONS } from './embedded-migrations.ts';

/** `CNCD` as a number: the advisory lock that migrators of one database share. */
const MIGRATION_LOCK = 0x434e4344;

/** The database's schema is not one that this version can bring up to date. */
export class SchemaMismatch extends Error {
  override readonly name = 'SchemaMismatch';
}

/** A migration that a database has, or that a backup was made with. */
export interface Applied {
  readonly tag: string;
  /** SHA-256 of its text. */
  readonly digest: string;
}

/** Those of this version, in their order. */
export const schemaOfNow: readonly (Applied & { readonly text: string })[] = MIGRATIONS.map(({ tag, text }) => ({
  tag,
  text,
  digest: digestOf(utf8(text)),
}));

/** Answers how many migrations were applied now. */
export function migrate(database: Database): Promise<number> {
  return database.transaction((tx) => applyMigrations(tx));
}

/** The first `most` migrations, those that are missing: within the caller's transaction. Answers how many. */
export async function applyMigrations(tx: TxSession, most = schemaOfNow.length): Promise<number> {
  tx.send('select pg_advisory_xact_lock($1::bigint)', [MIGRATION_LOCK]);
  tx.send(
    'create table if not exists concord_migration (tag text primary key, digest text not null, applied_at timestamptz not null)',
  );
  const known = new Map((await readApplied(tx)).map(({ tag, digest }) => [tag, digest]));
  for (const tag of known.keys()) {
    if (!schemaOfNow.some((migration) => migration.tag === tag)) {
      throw new SchemaMismatch('the database was migrated by a newer version — start that version instead');
    }
  }
  let count = 0;
  for (const { tag, text, digest } of schemaOfNow.slice(0, most)) {
    const earlier = known.get(tag);
    if (earlier === digest) continue;
    if (earlier !== undefined) throw new SchemaMismatch(`migration ${tag} was changed after it was applied`);
    for (const statement of text.split('--> statement-breakpoint')) tx.send(statement.trim());
    tx.send('insert into concord_migration (tag, digest, applied_at) values ($1, $2, now())', [tag, digest]);
    count++;
  }
  return count;
}

/** The migrations that the database has, in their order; none where there is no such table. */
export async function readApplied(session: Session): Promise<readonly Applied[]> {
  const [table] = await session.run<{ there: boolean }>("select to_regclass('concord_migration') is not null as there");
  if (table?.there !== true) return [];
  return session.run<Applied>('select tag, digest from concord_migration order by tag');
}

/** True when these are the first of ours: what was made with them can be brought up to this version. */
export function knowsMigrations(applied: readonly Applied[]): boolean {
  return sameMigrations(applied, schemaOfNow.slice(0, applied.length));
}

export function sameMigrations(left: readonly Applied[], right: readonly Applied[]): boolean {
  const texts = (list: readonly Applied[]): string => list.map(({ tag, digest }) => `${tag} ${digest}`).join();
  return texts(left) === texts(right);
}

/** By the text that a single read makes of the migrations: `tag digest` of each, in their order, joined by commas. */
export function isSchemaOfNow(text: string): boolean {
  return text === schemaOfNow.map(({ tag, digest }) => `${tag} ${digest}`).join(',');
}

/** Throws SchemaMismatch unless the database is exactly at this version: for a runtime that does not migrate. */
export async function checkSchema(database: Session): Promise<void> {
  if (!sameMigrations(await readApplied(database), schemaOfNow))
    throw new SchemaMismatch('the database is of another version — run `concord migrate` of this version, then go on');
}
