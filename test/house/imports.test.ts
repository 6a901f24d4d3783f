/** Who may import whom (CONVENTIONS 3): the house's walls, checked file by file. */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';

const SRC = resolve(import.meta.dirname, '../../src');
const STAGES = ['formats', 'mapping', 'identity', 'registry', 'recognition', 'ledger', 'search', 'reading', 'access'];
const LOW = ['terms', 'units', 'signals', 'render', 'base'];

/** Room → rooms that it may import besides itself. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  base: [],
  terms: ['base'],
  units: ['base', 'terms'],
  signals: ['base', 'terms'],
  render: ['base', 'terms', 'units', 'signals'],
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
  saxes: (file) => file.startsWith('formats/xml/'),
  'dicom-parser': (file) => file.startsWith('formats/dicom/'),
  fflate: (file) => /^(formats\/(dicom|zip)|runtime\/node)\//.test(file),
  zod: (file) => file.startsWith('web/') || file.startsWith('runtime/') || file.startsWith('recognition/'),
  'zod-openapi': (file) => file.startsWith('web/'),
  'prom-client': (file) => file.startsWith('runtime/node/'),
  jose: (file) => file.startsWith('access/') || file === 'ledger/anchor.ts',
  'fhir-kit-client': (file) => file.startsWith('outbound/'),
  'csv-parse': (file) => file.startsWith('runtime/node/'),
  '@noble/ciphers': (file) => file.startsWith('runtime/worker/'),
  '@noble/hashes': (file) => file.startsWith('base/'),
  'big.js': (file) => file.startsWith('base/') || file.startsWith('units/'),
  '@lhncbc/ucum-lhc': (file) => file.startsWith('units/'),
  fhir: () => true,
};

interface Import {
  readonly file: string;
  readonly target: string;
  /** Types only: gone when the program runs. */
  readonly erased?: boolean;
}

function imports(): readonly Import[] {
  return FILES.flatMap((file) => {
    const found = readFileSync(join(SRC, file), 'utf8').matchAll(
      /^(?:import|export)\b[^;'"]*?from\s+'([^']+)'|^import\s+'([^']+)'|\bimport\('([^']+)'\)/gm,
    );
    return [...found].map((match) => ({
      file,
      target: (match[1] ?? match[2] ?? match[3]) as string,
      erased: /^(?:import|export) type\b/.test(match[0]),
    }));
  });
}

const FILES: readonly string[] = readdirSync(SRC, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
  .map((entry) => relative(SRC, join(entry.parentPath, entry.name)));
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
    const wrong = FILES.filter((file) => !file.startsWith('runtime/') && banned.test(codeOf(file)));
    expect(wrong).toEqual([]);
  });

  test('there are no default exports and no barrels', () => {
    expect(FILES.filter((file) => file.endsWith('/index.ts'))).toEqual([]);
    const exporting = FILES.filter((file) => /^export (default\b|\{[^}]*\bdefault\b)/m.test(codeOf(file)));
    // What Workers and one driver want.
    expect(exporting.toSorted()).toEqual(['runtime/worker.ts', 'runtime/worker/driver-stream.ts']);
    const passingOn = FILES.filter((file) => /^export \*/m.test(codeOf(file)));
    expect(passingOn).toEqual([]);
  });

  test('no running file imports itself by way of others', () => {
    expect(cycleIn(ALL)).toBeUndefined();
    // The search finds what is there.
    const ring = [
      { file: 'base/a.ts', target: './b.ts' },
      { file: 'base/b.ts', target: './c.ts' },
      { file: 'base/c.ts', target: './a.ts' },
    ];
    expect(cycleIn(ring)).toEqual(['base/a.ts', 'base/b.ts', 'base/c.ts', 'base/a.ts']);
  });

  test('fetch is called in runtime and outbound only', () => {
    const fetching = FILES.filter((file) => /(?<![.\w])fetch\(/.test(codeOf(file)));
    expect(fetching.length).toBeGreaterThan(0);
    expect(fetching.filter((file) => !/^(runtime|outbound)\//.test(file))).toEqual([]);
  });

  test('nothing inherits but errors', () => {
    const heirs = FILES.flatMap((file) => [...codeOf(file).matchAll(/\bclass (\w+)[^{]*? extends (\w+)/g)]);
    expect(heirs.length).toBeGreaterThan(0);
    // Node's Buffer is bytes with methods, and so is what stands in for it.
    expect(heirs.filter((heir) => heir[2] !== 'Error').map((heir) => heir[1])).toEqual(['DriverBuffer']);
  });

  test('a file over 300 lines has a reason', () => {
    const long = FILES.filter((file) => !file.includes('generated/') && linesOf(file) > 300);
    expect(long.filter((file) => !(file in LONG))).toEqual([]);
  });
});

/** Files over 300 lines, and why. */
const LONG: Readonly<Record<string, string>> = {
  'store/embedded-migrations.ts': 'written by scripts/embed-migrations.ts',
  'mapping/reading.ts': 'what every generated table calls, one small function a position',
};

/** The first ring of imports, from a file to itself. */
function cycleIn(found: readonly Import[]): readonly string[] | undefined {
  const targets = new Map<string, string[]>();
  for (const { file, target, erased } of found) {
    if (!target.startsWith('.') || erased === true) continue;
    const to = relative(SRC, resolve(dirname(join(SRC, file)), target));
    targets.set(file, [...(targets.get(file) ?? []), to]);
  }
  const finished = new Set<string>();
  const walk = (file: string, path: readonly string[]): readonly string[] | undefined => {
    if (path.includes(file)) return [...path.slice(path.indexOf(file)), file];
    if (finished.has(file)) return undefined;
    for (const next of targets.get(file) ?? []) {
      const ring = walk(next, [...path, file]);
      if (ring !== undefined) return ring;
    }
    finished.add(file);
    return undefined;
  };
  for (const file of targets.keys()) {
    const ring = walk(file, []);
    if (ring !== undefined) return ring;
  }
  return undefined;
}

function linesOf(file: string): number {
  return readFileSync(join(SRC, file), 'utf8').trimEnd().split('\n').length;
}

function codeOf(file: string): string {
  return withoutComments(readFileSync(join(SRC, file), 'utf8'));
}

function withoutComments(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/\/\/.*$/gm, '');
}
