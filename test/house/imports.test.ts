/** Who may import whom (CONVENTIONS 3): the house's walls, checked file by file. */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';

const SRC = resolve(import.meta.dirname, '../../src');
const STAGES = ['formats', 'mapping', 'identity', 'registry', 'recognition', 'ledger', 'reading', 'access'];
const LOW = ['terms', 'units', 'render', 'base'];

/** Room → rooms that it may import besides itself. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  base: [],
  terms: ['base'],
  units: ['base', 'terms'],
  render: ['base', 'terms', 'units'],
  ports: ['base', 'terms'],
  ...Object.fromEntries(STAGES.map((stage) => [stage, LOW])),
  store: ['ports', ...LOW],
  outbound: ['ports', ...LOW],
  gateway: ['ports', ...STAGES, ...LOW],
  web: ['gateway', 'ports', ...STAGES, ...LOW],
  // The simulator is independent of all that it tests (SETTLED 30).
  simulation: ['base', 'terms', 'formats'],
  runtime: ['web', 'gateway', 'simulation', 'store', 'outbound', 'ports', ...STAGES, ...LOW],
};

/** Package → where it may stand. Anything unlisted may stand nowhere. */
const PACKAGES: Readonly<Record<string, (file: string) => boolean>> = {
  'drizzle-orm': (file) => file.startsWith('store/'),
  postgres: (file) => file.startsWith('store/'),
  '@electric-sql/pglite': (file) => file.startsWith('runtime/node/pglite/'),
  hono: (file) => file.startsWith('web/'),
  '@hono/node-server': (file) => file.startsWith('runtime/node/'),
  zod: (file) => file.startsWith('web/') || file.startsWith('runtime/') || file.startsWith('recognition/'),
  jose: (file) => file.startsWith('access/'),
  'csv-parse': (file) => file.startsWith('runtime/node/'),
  '@noble/hashes': (file) => file.startsWith('base/'),
  'big.js': (file) => file.startsWith('base/') || file.startsWith('units/'),
  '@lhncbc/ucum-lhc': (file) => file.startsWith('units/'),
  fhir: () => true,
};

interface Import {
  readonly file: string;
  readonly target: string;
}

function imports(): readonly Import[] {
  return readdirSync(SRC, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
    .map((entry) => join(entry.parentPath, entry.name))
    .flatMap((path) => {
      const text = readFileSync(path, 'utf8');
      const found = text.matchAll(
        /^(?:import|export)\b[^;'"]*?from\s+'([^']+)'|^import\s+'([^']+)'|\bimport\('([^']+)'\)/gm,
      );
      return [...found].map((match) => ({
        file: relative(SRC, path),
        target: (match[1] ?? match[2] ?? match[3]) as string,
      }));
    });
}

const ALL = imports();
const roomOf = (file: string): string => file.split('/')[0] as string;

describe('the house', () => {
  test('holds imports to look at', () => {
    expect(ALL.length).toBeGreaterThan(200);
  });

  test('every room imports only the rooms below it', () => {
    const wrong = ALL.filter(({ file, target }) => {
      if (!target.startsWith('.')) return false;
      const to = relative(SRC, resolve(dirname(join(SRC, file)), target));
      return roomOf(to) !== roomOf(file) && !(MAY_IMPORT[roomOf(file)] ?? []).includes(roomOf(to));
    });
    expect(wrong).toEqual([]);
  });

  test('the simulator writes HL7 v2 and reads nothing of what it tests', () => {
    const wrong = ALL.filter(
      ({ file, target }) =>
        roomOf(file) === 'simulation' &&
        target.includes('formats/') &&
        !/formats\/hl7v2\/(write|encode)[\w-]*\.ts$/.test(target),
    );
    expect(wrong).toEqual([]);
  });

  test('a package stands only in the room that knows it', () => {
    const wrong = ALL.filter(({ file, target }) => {
      if (target.startsWith('.')) return false;
      if (target.startsWith('node:')) return !file.startsWith('runtime/node/');
      const name = target
        .split('/')
        .slice(0, target.startsWith('@') ? 2 : 1)
        .join('/');
      return !(PACKAGES[name]?.(file) ?? false);
    });
    expect(wrong).toEqual([]);
  });

  test('process, console, timers, the clock and chance stay in runtime', () => {
    const banned =
      /\b(process\.|console\.|setTimeout\(|setInterval\(|setImmediate\(|Date\.now\(|new Date\(\)|Math\.random\(|Buffer\b|crypto\.)/;
    const wrong = readdirSync(SRC, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
      .map((entry) => join(entry.parentPath, entry.name))
      .filter((path) => !relative(SRC, path).startsWith('runtime/'))
      .filter((path) => banned.test(withoutComments(readFileSync(path, 'utf8'))))
      .map((path) => relative(SRC, path));
    expect(wrong).toEqual(ALLOWED);
  });

  test('there are no default exports, no barrels and no cycles of rooms', () => {
    const barrels = readdirSync(SRC, { recursive: true }).filter((name) => String(name).endsWith('/index.ts'));
    expect(barrels).toEqual([]);
  });
});

/** Files that are allowed one of the banned words, each with its reason. */
const ALLOWED: readonly string[] = [
  // The group committer waits a few milliseconds for company (DESIGN 4).
];

function withoutComments(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/\/\/.*$/gm, '');
}
