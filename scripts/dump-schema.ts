/**
 * The migrated schema as one normalised text, read from the catalogue: the same from PGlite and from
 * PostgreSQL. `node scripts/dump-schema.ts` writes test/store/schema.sql from an embedded database.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import postgres from 'postgres';
import { IN_MEMORY, openPglite } from '../src/runtime/node/pglite/open-pglite.ts';
import { migrate } from '../src/store/migrate.ts';
import { connect } from '../src/store/open-store.ts';

export const SCHEMA_FILE = join(import.meta.dirname, '../test/store/schema.sql');

type Query = (text: string) => Promise<readonly Record<string, unknown>[]>;

const TABLES = `select c.relname as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
  where n.nspname = 'public' and c.relkind in ('r', 'p') order by c.relname collate "C"`;

const COLUMNS = `select c.relname as table, a.attname as name, format_type(a.atttypid, a.atttypmod) as type,
    coalesce((select ' collate "' || l.collname || '"' from pg_collation l where l.oid = a.attcollation and l.collname <> 'default'), '') as collation,
    case when a.attidentity = 'a' then ' generated always as identity' else '' end as identity,
    coalesce(' default ' || pg_get_expr(d.adbin, d.adrelid), '') as default,
    case when a.attnotnull then ' not null' else '' end as required
  from pg_class c join pg_namespace n on n.oid = c.relnamespace and n.nspname = 'public'
  join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
  left join pg_attrdef d on d.adrelid = c.oid and d.adnum = a.attnum
  where c.relkind in ('r', 'p') order by c.relname collate "C", a.attnum`;

const CONSTRAINTS = `select r.relname as table, c.conname as name, pg_get_constraintdef(c.oid) as definition
  from pg_constraint c join pg_class r on r.oid = c.conrelid join pg_namespace n on n.oid = r.relnamespace
  where n.nspname = 'public' and c.contype <> 'n' order by r.relname collate "C", c.conname collate "C"`;

const INDEXES = `select i.indexrelid::regclass::text as name, pg_get_indexdef(i.indexrelid) as definition
  from pg_index i join pg_class c on c.oid = i.indexrelid join pg_namespace n on n.oid = c.relnamespace
  where n.nspname = 'public' and not exists (select 1 from pg_constraint p where p.conindid = i.indexrelid)
  order by c.relname collate "C"`;

const FUNCTIONS = `select p.proname as name, pg_get_functiondef(p.oid) as definition
  from pg_proc p join pg_namespace n on n.oid = p.pronamespace where n.nspname = 'public' order by p.proname collate "C"`;

const TRIGGERS = `select pg_get_triggerdef(t.oid) as definition, t.tgenabled::text as enabled
  from pg_trigger t join pg_class c on c.oid = t.tgrelid join pg_namespace n on n.oid = c.relnamespace
  where not t.tgisinternal and n.nspname = 'public' order by c.relname collate "C", t.tgname collate "C"`;

export async function dumpSchema(query: Query): Promise<string> {
  const [tables, columns, constraints] = [await query(TABLES), await query(COLUMNS), await query(CONSTRAINTS)];
  const lines = ['-- Written by scripts/dump-schema.ts from the migrated database; do not edit.'];
  for (const { name } of tables) {
    const parts = columns
      .filter((column) => column['table'] === name)
      .map(
        (c) =>
          `  ${text(c, 'name')} ${text(c, 'type')}${text(c, 'collation')}${text(c, 'identity')}${text(c, 'default')}${text(c, 'required')}`,
      );
    const rules = constraints
      .filter((constraint) => constraint['table'] === name)
      .map((constraint) => `  constraint ${text(constraint, 'name')} ${text(constraint, 'definition')}`);
    lines.push('', `create table ${String(name)} (`, [...parts, ...rules].join(',\n'), ');');
  }
  lines.push('', ...(await query(INDEXES)).map((index) => `${text(index, 'definition')};`));
  for (const made of await query(FUNCTIONS)) lines.push('', `${text(made, 'definition').trimEnd()};`);
  const enabled: Readonly<Record<string, string>> = { A: 'always', O: 'origin', D: 'disabled', R: 'replica' };
  lines.push(
    '',
    ...(await query(TRIGGERS)).map((one) => `${text(one, 'definition')}; -- enabled: ${enabled[text(one, 'enabled')]}`),
  );
  return `${lines.join('\n')}\n`;
}

function text(row: Record<string, unknown>, name: string): string {
  return String(row[name]);
}

if (import.meta.main) {
  const embedded = await openPglite({ dataDir: IN_MEMORY });
  const database = connect({ url: embedded.url, lanes: 1, readers: 1 });
  await migrate(database);
  const sql = postgres('postgres://localhost/postgres', {
    path: embedded.url.slice(5),
    username: 'postgres',
    max: 1,
  } as never);
  writeFileSync(SCHEMA_FILE, await dumpSchema((statement) => sql.unsafe(statement)));
  await sql.end();
  await database.close();
  await embedded.close();
}
