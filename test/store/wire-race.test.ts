/** Several connections share the embedded session: no connection ever sees another's rows, parameters or errors. */
import type postgres from 'postgres';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type EmbeddedDatabase, IN_MEMORY, openPglite } from '../../src/runtime/node/pglite/open-pglite.ts';
import { embeddedClient } from '../support/store-kit.ts';

/** With one connection nothing can mix: a shorter run shows that the test itself is right. */
const QUERIES: Readonly<Record<number, number>> = { 1: 1_000, 4: 5_000 };
const AT_ONCE = 200;

describe('the embedded database under many queries at once', () => {
  let database: EmbeddedDatabase;
  beforeAll(async () => {
    database = await openPglite({ dataDir: IN_MEMORY });
    const sql = embeddedClient(database.url, { max: 1 });
    await sql`create table account (id int primary key, amount int not null)`;
    await sql`insert into account select n, 0 from generate_series(0, 49) n`;
    await sql.end();
  });
  afterAll(() => database.close());

  for (const max of [1, 4]) {
    const queries = QUERIES[max] ?? 0;
    for (const prepare of [true, false]) {
      it(`gives ${queries} mixed queries on ${max} connection(s), prepare ${prepare}, their own answers`, async () => {
        const sql = embeddedClient(database.url, { max, prepare });
        await sql`update account set amount = 0`;
        const tally = { wrong: 0, moved: 0, failed: 0 };
        let next = 0;
        const worker = async (): Promise<void> => {
          for (let n = next++; n < queries; n = next++) await one(sql, n, tally);
        };
        await Promise.all(Array.from({ length: AT_ONCE }, worker));
        const [sum] = await sql`select sum(amount)::int as total from account`;
        await sql.end();
        expect(tally.wrong).toBe(0);
        expect(tally.failed).toBe(Math.ceil(queries / 10));
        expect(sum?.['total']).toBe(tally.moved);
      });
    }
  }
});

interface Tally {
  wrong: number;
  moved: number;
  failed: number;
}

/** One of ten kinds of query, whose answer is known from `n` alone. */
async function one(sql: postgres.Sql, n: number, tally: Tally): Promise<void> {
  const check = (right: boolean): void => {
    if (!right) tally.wrong++;
  };
  switch (n % 10) {
    case 0: {
      const error = await sql`select 1 / (${n}::int - ${n}::int)`.catch(
        (caught: unknown) => caught as { code?: string },
      );
      if ('code' in error && error.code === '22012') tally.failed++;
      else tally.wrong++;
      return;
    }
    case 1: {
      const rows = await sql`select g, ${`t${n}`}::text as t from generate_series(${n}::int, ${n + 20}::int) g`;
      check(rows.length === 21 && rows.every((row, place) => row['g'] === n + place && row['t'] === `t${n}`));
      return;
    }
    case 2:
    case 3: {
      const kept = await sql.begin(async (tx) => {
        await tx`update account set amount = amount + 1 where id = ${n % 50}`;
        const [row] = await tx`select ${n}::int as n, txid_current() = txid_current() as same`;
        check(row?.['n'] === n && row['same'] === true);
        return n;
      });
      check(kept === n);
      tally.moved++;
      return;
    }
    case 4: {
      const undone = await sql
        .begin(async (tx) => {
          await tx`update account set amount = amount + 1000 where id = ${n % 50}`;
          throw new RangeError(String(n));
        })
        .catch((error: unknown) => error);
      check(undone instanceof RangeError && undone.message === String(n));
      return;
    }
    default: {
      const [row] = await sql`select ${n}::int as a, ${`b${n}`}::text as b, ${n % 2 === 0}::boolean as c`;
      check(row?.['a'] === n && row['b'] === `b${n}` && row['c'] === (n % 2 === 0));
    }
  }
}
