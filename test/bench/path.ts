/** The whole path on a durable PostgreSQL: ingest beside plain INSERT of the same rows, answers beside single inserts. */
import postgres from 'postgres';
import { answer } from '../../src/gateway/answer.ts';
import { receiveHl7v2 } from '../../src/gateway/receive-hl7v2.ts';
import { CITY, COUNTY, openWorld, type TestWorld } from '../support/gateway.ts';
import { oru, residentNumber } from '../support/messages.ts';
import { startPostgres } from '../support/postgres.ts';
import { type BenchLine, perSecond } from './bench-line.ts';

const LANES = 8;
/** Tables that one message writes to; the plain INSERT writes the same rows to copies of them. */
const TABLES = ['envelope', 'directory', 'container', 'result_entry', 'resource', 'identifier', 'patient_link'];
/** PostgreSQL takes 65,535 parameters a statement. */
const PARAMETERS_MAX = 60_000;

export async function benchPath(size: 'short' | 'plain' | 'large'): Promise<readonly BenchLine[]> {
  const messages = size === 'short' ? 400 : 3000;
  const server = await startPostgres({ durable: true });
  const world = await openWorld({ name: 'PostgreSQL', url: server.url, close: () => server.stop() });
  const sql = postgres(server.url, { max: LANES, onnotice: () => undefined });
  try {
    const asker = await world.askerOf(COUNTY);
    const texts = Array.from({ length: messages + 200 }, (_, index) => new TextEncoder().encode(message(index)));
    await perSecond(200, LANES, (index) =>
      receiveHl7v2(world.gateway, { bytes: texts[messages + index] as Uint8Array, ...asker }),
    );
    const before = await countRows(sql);
    const ingested = await perSecond(messages, LANES, (index) =>
      receiveHl7v2(world.gateway, { bytes: texts[index] as Uint8Array, ...asker }),
    );
    const rowsPerMessage = ((await countRows(sql)) - before) / messages;
    const plain = await plainInserts(sql, messages);
    const ingest: BenchLine = {
      what: `ingest, ${messages} messages of 10 OBX, ${LANES} at a time, answered after commit`,
      unit: 'rows/s',
      ours: ingested * rowsPerMessage,
      yardstick: 'plain multi-row INSERT of the same rows, as many transactions',
      theirs: plain,
      target: { ratio: 0.5, sense: 'at-least' },
      note: `${Math.round(ingested)} messages/s, ${rowsPerMessage.toFixed(1)} rows a message`,
    };
    return [ingest, await answers(world, sql, size)];
  } finally {
    await sql.end();
    await world.close();
    await server.stop();
  }
}

const CODES = ['WBC', 'RBC', 'HGB', 'HCT', 'PLT', 'K', 'NA', 'CL', 'CA', 'GLU'];

function message(index: number): string {
  const person = index % 700;
  return oru({
    controlId: `B${index}`,
    patient: {
      mrn: `M${person}`,
      national: residentNumber('1970-03-05', person + 1),
      name: `试验${person}`,
      birthDate: '19700305',
      sex: person % 2 === 0 ? 'M' : 'F',
    },
    results: CODES.map((code, position) => `NM|${code}^项目^L||${(position + 1) * 1.5}|mmol/L|1-20||||F`),
  });
}

async function countRows(sql: postgres.Sql): Promise<number> {
  let rows = 0;
  for (const table of TABLES) rows += Number((await sql.unsafe(`select count(*) as n from "${table}"`))[0]?.['n']);
  return rows;
}

/** Rows per second of the same rows into copies of the tables with all their indexes. */
async function plainInserts(sql: postgres.Sql, transactions: number): Promise<number> {
  const copies = await Promise.all(
    TABLES.map(async (table) => {
      await sql.unsafe(`create table "plain_${table}" (like "${table}" including all)`);
      const rows = await sql.unsafe(`select * from "${table}"`);
      return {
        table: `plain_${table}`,
        columns: rows.columns.map(({ name }) => name),
        rows: rows.map((row) => Object.values(row)),
      };
    }),
  );
  const total = copies.reduce((sum, { rows }) => sum + rows.length, 0);
  const slice = <T>(rows: readonly T[], index: number): readonly T[] =>
    rows.slice(
      Math.floor((rows.length * index) / transactions),
      Math.floor((rows.length * (index + 1)) / transactions),
    );
  const rate = await perSecond(transactions, LANES, (index) =>
    sql.begin(async (tx) => {
      await Promise.all(copies.map(({ table, columns, rows }) => insertRows(tx, table, columns, slice(rows, index))));
    }),
  );
  return (rate * total) / transactions;
}

async function insertRows(
  tx: postgres.TransactionSql,
  table: string,
  columns: readonly string[],
  rows: readonly (readonly unknown[])[],
): Promise<void> {
  if (rows.length === 0) return;
  const atOnce = Math.floor(PARAMETERS_MAX / columns.length);
  const names = columns.map((column) => `"${column}"`).join(',');
  for (let from = 0; from < rows.length; from += atOnce) {
    const chunk = rows.slice(from, from + atOnce);
    const values = chunk
      .map((_, row) => `(${columns.map((__, column) => `$${row * columns.length + column + 1}`).join(',')})`)
      .join(',');
    await tx.unsafe(`insert into "${table}" (${names}) values ${values}`, chunk.flat() as never[], { prepare: true });
  }
}

/** Ten-item questions with their audit event and offer durable, beside one durable single-row insert each. */
async function answers(world: TestWorld, sql: postgres.Sql, size: 'short' | 'plain' | 'large'): Promise<BenchLine> {
  const count = size === 'short' ? 300 : 2000;
  const asker = await world.askerOf(CITY);
  const ask = (index: number): Promise<unknown> => {
    const person = index % 700;
    return answer(world.gateway, asker, {
      patient: {
        identifiers: [
          { type: 'PI', system: '', value: `C${person}`, at: '' },
          { type: '', system: 'urn:oid:2.16.156.10011.1.3', value: residentNumber('1970-03-05', person + 1), at: '' },
        ],
        names: [`试验${person}`],
        birthDate: '1970-03-05',
        sex: person % 2 === 0 ? 'male' : 'female',
        at: '',
      },
      encounter: `E${index}`,
      orders: [{ key: `o${index}`, system: '', code: 'DJZ' }],
    });
  };
  await perSecond(700, LANES, ask);
  const ours = await perSecond(count, LANES, ask);
  await sql.unsafe('create table plain_single (like audit_event including all)');
  const [row] = await sql.unsafe('select * from audit_event limit 1');
  const columns = Object.keys(row ?? {});
  const statement = `insert into plain_single (${columns.map((column) => `"${column}"`).join(',')}) values (${columns.map((_, index) => `$${index + 1}`).join(',')})`;
  const theirs = await perSecond(count, LANES, (index) =>
    sql.unsafe(statement, columns.map((column) => (column === 'id' ? `single-${index}` : row?.[column])) as never[], {
      prepare: true,
    }),
  );
  return {
    what: `answer, offer and audit durable, ${LANES} at a time`,
    unit: 'answers/s',
    ours,
    yardstick: 'single durable inserts',
    theirs,
    target: { ratio: 0.5, sense: 'at-least' },
  };
}
