/** Brings the schema up to date: numbered, forward only, in one transaction, one migrator at a time. */
import { digestOf } from '../base/digest.ts';
import { utf8 } from '../base/bytes.ts';
import type { Database, Session } from './driver/database.ts';
import { MIGRATIONS } from './embedded-migrations.ts';

/** `CNCD` as a number: the advisory lock that migrators of one database share. */
const MIGRATION_LOCK = 0x434e4344;

/** The database's schema is not one that this version can bring up to date. */
export class SchemaMismatch extends Error {
  override readonly name = 'SchemaMismatch';
}

/** Answers how many migrations were applied now. */
export async function migrate(database: Database): Promise<number> {
  return database.transaction(async (tx) => {
    tx.send('select pg_advisory_xact_lock($1::bigint)', [MIGRATION_LOCK]);
    tx.send(
      'create table if not exists concord_migration (tag text primary key, digest text not null, applied_at timestamptz not null)',
    );
    const applied = await tx.run<{ tag: string; digest: string }>(
      'select tag, digest from concord_migration order by tag',
    );
    const known = new Map(applied.map((row) => [row.tag, row.digest]));
    for (const { tag } of applied) {
      if (!MIGRATIONS.some((migration) => migration.tag === tag)) {
        throw new SchemaMismatch('the database was migrated by a newer version — start that version instead');
      }
    }
    let count = 0;
    for (const { tag, text } of MIGRATIONS) {
      const digest = digestOf(utf8(text));
      const earlier = known.get(tag);
      if (earlier === digest) continue;
      if (earlier !== undefined) throw new SchemaMismatch(`migration ${tag} was changed after it was applied`);
      for (const statement of text.split('--> statement-breakpoint')) tx.send(statement.trim());
      tx.send('insert into concord_migration (tag, digest, applied_at) values ($1, $2, now())', [tag, digest]);
      count++;
    }
    return count;
  });
}

/** Throws SchemaMismatch unless the database is exactly at this version: for a runtime that does not migrate. */
export async function checkSchema(database: Session): Promise<void> {
  const [table] = await database.run<{ there: boolean }>(
    "select to_regclass('concord_migration') is not null as there",
  );
  const applied =
    table?.there === true
      ? await database.run<{ tag: string; digest: string }>('select tag, digest from concord_migration order by tag')
      : [];
  const wanted = MIGRATIONS.map(({ tag, text }) => `${tag} ${digestOf(utf8(text))}`);
  const found = applied.map(({ tag, digest }) => `${tag} ${digest}`);
  if (wanted.toSorted().join() !== found.toSorted().join())
    throw new SchemaMismatch('the database is of another version — run `concord migrate` of this version, then go on');
}
