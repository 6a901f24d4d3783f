/** The region's files: what the commands of SETTLED 23 read. */
import { readdirSync, readFileSync } from 'node:fs';
import { parse } from 'csv-parse/sync';
import { describe, expect, it } from 'vitest';
import { analyte, ANALYTES } from '../../../src/simulation/analytes.ts';
import { regionFiles } from '../../../src/simulation/files.ts';
import { PANELS } from '../../../src/simulation/panels.ts';
import { simulateRegion } from '../../../src/simulation/region.ts';

const files = new Map([...regionFiles(simulateRegion({ seed: 'files' }))].map(({ path, bytes }) => [path, bytes]));
const text = (path: string): string => new TextDecoder('utf-8', { fatal: true }).decode(files.get(path));
type Row = Readonly<Record<string, string>>;
const rows = (path: string): readonly Row[] => parse(text(path), { columns: true, comment: '#' });
const catalogue = (name: string): readonly Row[] =>
  parse(readFileSync(new URL(`../../../mappings/catalogue/${name}`, import.meta.url)), { columns: true, comment: '#' });

const facilities = rows('facilities.csv');
const codes = rows('codes.csv');

describe('facilities.csv', () => {
  it('holds eight to twelve facilities of three levels under one prefecture that does not exist', () => {
    expect(facilities.length).toBeGreaterThanOrEqual(8);
    expect(facilities.length).toBeLessThanOrEqual(12);
    expect(new Set(facilities.map(({ level }) => level))).toEqual(new Set(['1', '2', '3']));
    for (const { area } of facilities) expect(area).toMatch(/^9901\d\d$/);
  });

  it('names a parent that is there, and both ways of updating', () => {
    const ids = new Set(facilities.map(({ id }) => id));
    for (const { parent } of facilities) if (parent !== '') expect(ids.has(parent)).toBe(true);
    expect(new Set(facilities.map(({ update }) => update))).toEqual(new Set(['', 'snapshot']));
  });
});

describe('channels.csv', () => {
  it('gives each facility a client, each listener a port of its own, and one facility a test channel', () => {
    const channels = rows('channels.csv');
    for (const { id } of facilities)
      expect(channels.some((one) => one['facility'] === id && one['kind'] === 'client')).toBe(true);
    const ports = channels.filter(({ kind }) => kind === 'mllp').map(({ port }) => port);
    expect(new Set(ports).size).toBe(ports.length);
    expect(channels.filter(({ test }) => test === 'yes').length).toBe(1);
  });
});

describe('codes.csv', () => {
  it('maps a facility\u2019s code of a kind once', () => {
    const keys = codes.map(({ facility, kind, code }) => `${facility ?? ''} ${kind ?? ''} ${code ?? ''}`);
    expect(new Set(keys).size).toBe(keys.length);
  });

  it('aims at items and panels of the sample catalogue only', () => {
    const known = new Set([
      ...catalogue('items.csv').map(({ item }) => item),
      ...catalogue('panels.csv').map(({ panel }) => panel),
    ]);
    for (const { target } of codes) expect(known.has(target)).toBe(true);
  });
});

describe('the simulator\u2019s tables', () => {
  it('agree with the sample catalogue in LOINC and unit of every item', () => {
    const items = new Map(catalogue('items.csv').map((row) => [row['item'], row]));
    for (const { id, loinc, unit } of ANALYTES.values()) {
      expect([id, items.get(id)?.['loinc']]).toEqual([id, loinc]);
      expect([id, items.get(id)?.['ucum']?.replace(/^-$/, '')]).toEqual([id, unit]);
    }
  });

  it('bring every required item of a panel that is ordered', () => {
    for (const { panel, item, role } of catalogue('panels.csv')) {
      const ordered = PANELS.get(panel ?? '');
      if (ordered !== undefined && role === 'required') expect(ordered.analytes).toContain(item);
    }
  });

  it('draw a panel\u2019s results from one tube', () => {
    for (const { analytes } of PANELS.values()) expect(new Set(analytes.map((id) => analyte(id).tube)).size).toBe(1);
  });
});

describe('catalogue/', () => {
  const marks = rows('catalogue/marks.csv');
  const prices = rows('catalogue/prices.csv');

  it('is marked as sample data in its first line', () => {
    for (const path of ['catalogue/marks.csv', 'catalogue/prices.csv'])
      expect(text(path).startsWith('# SAMPLE DATA')).toBe(true);
  });

  it('has one mark per facility and item, some lapsed while the region runs, some items without', () => {
    const keys = marks.map(({ facility, item }) => `${facility ?? ''} ${item ?? ''}`);
    expect(new Set(keys).size).toBe(keys.length);
    expect(marks.some(({ valid_to: to }) => to !== '' && (to ?? '') < '2026-05-30')).toBe(true);
    const measured = codes.filter(({ kind }) => kind === 'result');
    expect(measured.some(({ facility, target }) => !keys.includes(`${facility ?? ''} ${target ?? ''}`))).toBe(true);
  });

  it('states each mark\u2019s reach with what it reaches', () => {
    for (const { reach, within } of marks) {
      if (reach === 'national') expect(within).toBe('');
      if (reach === 'province') expect(within).toMatch(/^\d{2}$/);
      if (reach === 'city') expect(within).toMatch(/^\d{4}$/);
      if (reach === 'district') expect(within).toMatch(/^\d{6}$/);
      if (reach === 'agreement')
        expect(facilities.some(({ alliances }) => alliances?.split(';').includes(within ?? '') === true)).toBe(true);
    }
    expect(new Set(marks.map(({ reach }) => reach))).toEqual(
      new Set(['national', 'province', 'city', 'district', 'agreement']),
    );
  });

  it('prices items of the sample catalogue in whole fen, by facility or by level and area', () => {
    const known = new Set(catalogue('price-items.csv').map((row) => row['price_item']));
    for (const row of prices) {
      expect(known.has(row['price_item'])).toBe(true);
      expect(row['fen']).toMatch(/^[1-9]\d*$/);
      expect((row['facility'] === '') !== (row['level'] === '')).toBe(true);
    }
  });

  it('has one price on any day: where one ends the next begins', () => {
    const open = prices
      .filter(({ valid_to: to }) => to === '')
      .map((row) => `${row['price_item'] ?? ''} ${row['facility'] ?? ''}`);
    expect(new Set(open).size).toBe(open.length);
    for (const ended of prices.filter(({ valid_to: to }) => to !== '')) {
      const next = prices.find(
        (row) =>
          row['price_item'] === ended['price_item'] &&
          row['facility'] === ended['facility'] &&
          row['valid_from'] === ended['valid_to'],
      );
      expect(next?.['fen']).not.toBe(ended['fen']);
    }
  });
});

describe('timeline.jsonl', () => {
  const lines = text('timeline.jsonl')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Row & { orders?: readonly Row[] });

  it('names a file that is there for each message, and every file', () => {
    const named = new Set(lines.filter(({ kind }) => kind === 'message').map(({ file }) => file));
    const written = [...files.keys()].filter((path) => path.startsWith('messages/'));
    expect(named).toEqual(new Set(written));
    expect(new Set(written).size).toBe(written.length);
  });

  it('orders by codes that the asking facility\u2019s map knows', () => {
    const known = new Set(
      codes.filter(({ kind }) => kind === 'order').map(({ facility, code }) => `${facility ?? ''} ${code ?? ''}`),
    );
    for (const { facility, orders = [] } of lines)
      for (const { code } of orders) expect(known.has(`${facility ?? ''} ${code ?? ''}`)).toBe(true);
  });

  it('keeps to itself which person and purpose the simulator had in mind', () => {
    for (const line of lines) expect(Object.keys(line)).not.toEqual(expect.arrayContaining(['person']));
    expect(text('timeline.jsonl')).not.toContain('"purpose"');
  });
});

describe('the simulator', () => {
  it('imports base, terms and the HL7 v2 writer only (SETTLED 30), and asks the machine for nothing', () => {
    const folder = new URL('../../../src/simulation/', import.meta.url);
    for (const name of readdirSync(folder)) {
      const source = readFileSync(new URL(name, folder), 'utf8');
      for (const [, path = ''] of source.matchAll(/from '([^']+)'/g)) {
        expect(path).toMatch(/^(\.\/[\w-]+|\.\.\/(base|terms)\/[\w/-]+|\.\.\/formats\/hl7v2\/(write|encode))\.ts$/);
      }
      expect(source).not.toMatch(/Math\.(random|exp|log|sin|cos|pow)\(|Date\.now|new Date\(\)|node:/);
    }
  });
});
