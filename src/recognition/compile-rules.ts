/** The compiler's rules between exams, facilities and patients: containment, windows of areas, acceptance, situations. */
import type { AcceptanceRow, CatalogueItem, Containment, SituationRow, WindowRow } from '../terms/catalogue.ts';
import { SITUATIONS } from '../terms/catalogue.ts';
import { byText, refuseOverlaps } from './catalogue-tables.ts';
import type { Row } from './catalogue-tables.ts';
import { WINDOW_HOURS_MAX } from './compile-items.ts';
import { reachable } from './containment.ts';

type Items = ReadonlyMap<string, CatalogueItem>;

function itemIn(row: Row, column: string, items: Items): string {
  const item = row.required(column);
  if (item !== '' && !items.has(item)) row.wrong(column, 'unknown-item');
  return item;
}

/** A pair that closes a circle is refused, whatever its length: of two exams that contain each other, neither does. */
export function compileContainment(rows: readonly Row[], items: Items): readonly Containment[] {
  const seen = new Set<string>();
  const pairs: Containment[] = [];
  for (const row of rows) {
    const outer = itemIn(row, 'outer', items);
    const inner = itemIn(row, 'inner', items);
    row.required('source');
    const key = `${outer} ${inner}`;
    if (seen.has(key)) row.wrong('inner', 'duplicate-key');
    else if (outer === inner || reachable(pairs, inner).has(outer)) row.wrong('inner', 'containment-cycle');
    else pairs.push({ outer, inner });
    seen.add(key);
  }
  return pairs.toSorted((left, right) => byText(left.outer, right.outer) || byText(left.inner, right.inner));
}

export function compileWindows(rows: readonly Row[], items: Items): readonly WindowRow[] {
  const compiled = rows.map((row) => {
    const item = itemIn(row, 'item', items);
    const level = row.optional('level') === '' ? undefined : (row.integer('level', 1, 3) as 1 | 2 | 3);
    const area = row.optional('area');
    if (area !== '' && !/^\d{2}(\d{2}){0,2}$/.test(area)) row.wrong('area', 'bad-reach');
    const window: WindowRow = {
      item,
      ...(level === undefined ? {} : { level }),
      area,
      hours: row.integer('hours', 0, WINDOW_HOURS_MAX),
      ...row.period(),
      source: row.required('source'),
    };
    const scope = JSON.stringify([item, level ?? 0, area]);
    return { row, window, scope, period: window, key: `${scope} ${window.validFrom}` };
  });
  refuseOverlaps(compiled, 'overlapping-window');
  return compiled.toSorted((left, right) => byText(left.key, right.key)).map(({ window }) => window);
}

const ANYBODY = /^(?:\*|facility:\S.*|level:[123]|area:\d{2}(?:\d{2}){0,2}|alliance:\S.*)$/;
const OF_GIVER = /^(?:level:(?:same|higher|lower)|alliance:same)$/;

/** The same pair may not be both accepted and refused on one day. */
export function compileAcceptance(rows: readonly Row[]): readonly AcceptanceRow[] {
  const selectors = (row: Row, column: 'asker' | 'giver'): readonly string[] => {
    row.required(column);
    const listed = row.list(column);
    const known = (text: string): boolean => ANYBODY.test(text) || (column === 'giver' && OF_GIVER.test(text));
    if (!listed.every(known) || (listed.includes('*') && listed.length > 1)) row.wrong(column, 'bad-selector');
    return listed;
  };
  const compiled = rows.map((row) => {
    const asker = selectors(row, 'asker');
    const giver = selectors(row, 'giver');
    const accepts = row.word('accepts', ['yes', 'no']) === 'yes';
    const rule: AcceptanceRow = { asker, giver, accepts, ...row.period(), source: row.required('source') };
    const scope = JSON.stringify([asker, giver]);
    return { row, rule, scope, period: rule, key: `${scope} ${rule.validFrom}` };
  });
  refuseOverlaps(compiled, 'overlapping-acceptance');
  return compiled.toSorted((left, right) => byText(left.key, right.key)).map(({ rule }) => rule);
}

const WORDS = ['younger-than', 'older-than', ...SITUATIONS] as const;

export function compileSituations(rows: readonly Row[], items: Items): readonly SituationRow[] {
  const seen = new Set<string>();
  const compiled = rows.map((row): SituationRow => {
    const item = row.required('item');
    if (item !== '' && item !== '*' && !items.has(item)) row.wrong('item', 'unknown-item');
    const situation = row.word('situation', WORDS);
    const ofAge = situation === 'younger-than' || situation === 'older-than';
    if (!ofAge && row.optional('years') !== '') row.wrong('years', 'bad-number');
    if (seen.has(`${item} ${situation}`)) row.wrong('situation', 'duplicate-key');
    seen.add(`${item} ${situation}`);
    return { item, situation, years: ofAge ? row.integer('years', 1, 150) : 0, source: row.required('source') };
  });
  return compiled.toSorted((left, right) => byText(left.item, right.item) || byText(left.situation, right.situation));
}
