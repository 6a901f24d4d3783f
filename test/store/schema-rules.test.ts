/**
 * The schema fits one server, hash partitions or a distributed PostgreSQL (fhir-performance-security 7.3,
 * rules 1 to 7; DESIGN 4): clinical tables are led by bucket, and what is not is listed here.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { getTableConfig, type IndexColumn, PgTable } from 'drizzle-orm/pg-core';
import { describe, expect, it } from 'vitest';
import * as clinical from '../../src/store/schema/clinical-tables.ts';
import * as ledger from '../../src/store/schema/ledger-tables.ts';
import * as path from '../../src/store/schema/path-tables.ts';
import * as reference from '../../src/store/schema/reference-tables.ts';

/** Tables that are not led by bucket, and why. */
const EXCEPTIONS: Readonly<Record<string, string>> = {
  envelope: 'found by facility and control id, before any patient is known',
  directory: 'the authority for ids and buckets, keyed by facility, kind and MAC',
  identifier: 'from an identifier to its Patients in all buckets',
  resource_identifier: 'from a business identifier to its resources in all buckets',
  identity_queue: "the steward's list",
  audit_event: 'appended; read by time and pseudonym',
  job: 'work for later, by key and time',
  assertion: 'by the client that signed it',
  break_glass: "the reviewer's list",
  delivery: 'by its subscription',
  progress: 'one row per kind of work',
  pull_state: 'one row per facility that is read from',
  offer: 'by its id, which the asker brings back',
  reply: 'by its offer',
  ledger_entry: 'appended per asking facility',
  ledger_saving: 'part of its entry',
  ledger_seal: 'chained per asking facility',
  ledger_anchor: 'one row per day',
  asked_order: 'appended; read by time',
  known_order: 'appended; by the asking facility and its order, read by time',
  repeat_found: 'appended; by the report that repeats, read by time',
  notice: "a facility's list",
  ledger_saving_claim: 'unique over the region',
  ledger_chain: 'one row per asking facility',
  ledger_unsealed: "the sealer's queue",
  facility: 'reference',
  channel: 'reference',
  code_map: 'reference',
  unmapped_code: 'the mapping queue, beside the code map',
  catalogue: 'reference',
  upstream: 'reference',
  subscription: 'reference',
  reference_version: 'reference',
};

/** Indexes of clinical tables that are not led by bucket, and why. Never unique. */
const INDEX_EXCEPTIONS: Readonly<Record<string, string>> = {
  result_entry_code: 'a map change re-indexes a facility in all buckets (SETTLED 14)',
  patient_link_person: 'the Patients of a Person live in all buckets',
  container_feed: "a facility's own feed, in the order in which it became known",
  resource_feed: "a facility's own feed, in the order in which it became known",
};

const tablesOf = (module: object) =>
  Object.values(module)
    .filter((value) => value instanceof PgTable)
    .map((table) => getTableConfig(table));
const clinicalTables = tablesOf(clinical);
const otherTables = [...tablesOf(path), ...tablesOf(ledger), ...tablesOf(reference)];
const everyTable = [...clinicalTables, ...otherTables];

const leads = (columns: readonly unknown[]): string => (columns[0] as IndexColumn | undefined)?.name ?? '';

describe('the schema', () => {
  it('names every table that is not led by bucket as an exception, and no table that does not exist', () => {
    expect(otherTables.map(({ name }) => name).toSorted()).toEqual(Object.keys(EXCEPTIONS).toSorted());
    expect(clinicalTables.length).toBeGreaterThan(4);
  });

  for (const table of clinicalTables) {
    it(`leads the key of ${table.name} with a smallint bucket that is never null`, () => {
      const bucket = table.columns.find(({ name }) => name === 'bucket');
      expect(bucket?.getSQLType()).toBe('smallint');
      expect(bucket?.notNull).toBe(true);
      expect(table.primaryKeys).toHaveLength(1);
      expect(leads(table.primaryKeys[0]?.columns ?? [])).toBe('bucket');
      expect(table.uniqueConstraints).toHaveLength(0);
    });

    it(`leads every index of ${table.name} with bucket, but for those listed`, () => {
      for (const { config } of table.indexes) {
        if (config.name !== undefined && config.name in INDEX_EXCEPTIONS)
          expect(config.unique, config.name).toBe(false);
        else expect(leads(config.columns), config.name).toBe('bucket');
      }
    });

    it(`has neither sequences nor computed defaults in ${table.name}`, () => {
      for (const column of table.columns) {
        expect(column.generatedIdentity, column.name).toBeUndefined();
        expect(column.hasDefault, column.name).toBe(false);
      }
    });
  }

  it('lists no index exception that does not exist', () => {
    const names = clinicalTables.flatMap(({ indexes }) => indexes.map(({ config }) => config.name ?? ''));
    for (const name of Object.keys(INDEX_EXCEPTIONS)) expect(names).toContain(name);
  });

  it('has a primary key on every table, no foreign keys, and no json', () => {
    for (const table of everyTable) {
      const keys = table.primaryKeys.length + table.columns.filter(({ primary }) => primary).length;
      expect(keys, table.name).toBe(1);
      expect(table.foreignKeys, table.name).toHaveLength(0);
      expect(
        table.columns.map((column) => column.getSQLType()).filter((type) => type.startsWith('json')),
        table.name,
      ).toEqual([]);
    }
  });

  it('holds money as integers', () => {
    expect(ledger.ledgerSaving.fen.getSQLType()).toBe('bigint');
    for (const table of everyTable) {
      for (const column of table.columns)
        expect(column.getSQLType(), `${table.name}.${column.name}`).not.toMatch(/numeric|money|real|double/);
    }
  });

  it('puts triggers on no clinical table', () => {
    const folder = join(import.meta.dirname, '../../src/store/migrations');
    const texts = readdirSync(folder)
      .filter((name) => name.endsWith('.sql'))
      .map((name) => readFileSync(join(folder, name), 'utf8'));
    const guarded = [...texts.join('\n').matchAll(/create trigger \w+ .*? on "?(\w+)"?/gi)].map((match) => match[1]);
    expect(new Set(guarded)).toEqual(
      new Set([
        'asked_order',
        'audit_event',
        'known_order',
        'ledger_anchor',
        'ledger_entry',
        'ledger_saving',
        'ledger_seal',
        'repeat_found',
      ]),
    );
  });

  it('never updates the bucket, and names it in every clinical statement', () => {
    const folder = join(import.meta.dirname, '../../src/store/operations');
    for (const name of readdirSync(folder)) {
      const text = readFileSync(join(folder, name), 'utf8');
      expect(text, name).not.toMatch(/set\s+bucket\s*=/i);
    }
  });
});
