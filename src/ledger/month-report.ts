/** A month's figures put together and printed: totals, shares with what they are of, breakdowns, and CSV for a spreadsheet. */
import type { Catalogue } from '../terms/catalogue.ts';
import type { Instant } from '../terms/instant.ts';
import {
  type Dimension,
  type DimensionLine,
  DIMENSIONS,
  type Figures,
  type FlowLine,
  type Indicator,
  type MonthCell,
  type MonthFigures,
  type MonthLine,
  type MonthReport,
} from '../terms/month-report.ts';
import { attributionOf } from './attribution.ts';

const SUMS = [
  'asked',
  'recognisable',
  'reviewable',
  'offered',
  'accepted',
  'acceptedAcross',
  'refused',
  'refusedUncounted',
  'unanswered',
  'grossFen',
  'reversedFen',
  'settledFen',
  'unpriced',
] as const satisfies readonly (keyof Figures)[];

export function monthReport(
  figures: MonthFigures,
  of: {
    readonly month: string;
    readonly zone: string;
    readonly asOf: Instant;
    /** Names the classes of items. */
    readonly catalogue: Pick<Catalogue, 'digest' | 'items' | 'panels'>;
  },
): MonthReport {
  const { month, zone, asOf, catalogue } = of;
  const { cells, known, refusals, repeats, registered } = figures;
  const totals = totalsOf(figures);
  return {
    form: 2,
    month,
    zone,
    asOf,
    catalogue: catalogue.digest,
    totals,
    attribution: attributionOf(figures.paid),
    indicators: indicatorsOf(totals, sumOf(known, 'unasked')),
    coverage: {
      asking: new Set(cells.map(({ facility }) => facility)).size,
      feeding: new Set(known.map(({ facility }) => facility)).size,
      registered,
    },
    lines: linesOf(cells),
    by: Object.fromEntries(
      DIMENSIONS.map((dimension) => [dimension, broken(cells, keyBy(dimension, catalogue))]),
    ) as MonthReport['by'],
    known,
    refusals,
    repeats,
    flows: flowsOf(figures),
  };
}

function totalsOf({ cells, known, repeats, visits }: MonthFigures): MonthReport['totals'] {
  const sums = summed(cells);
  const missed = repeats.filter(({ justification }) => justification === '');
  const netFen = sums.grossFen - sums.reversedFen;
  return {
    ...sums,
    netFen,
    provisionalFen: netFen - sums.settledFen,
    visits,
    known: sumOf(known, 'known'),
    missed: sumOf(missed, 'repeats'),
    missedFen: sumOf(missed, 'fen'),
    missedUnpriced: sumOf(missed, 'unpriced'),
    missedAcross: sumOf(
      missed.filter(({ giver, facility }) => giver !== facility),
      'repeats',
    ),
    justified: sumOf(repeats, 'repeats') - sumOf(missed, 'repeats'),
  };
}

/**
 * Shares of orders asked about (facts: recognition-domain 5.3). The headline rate leaves out what nobody answered; the
 * stricter one does not.
 */
export const ASKED_SHARES: readonly {
  readonly id: string;
  readonly numerator: (of: Figures) => number;
  readonly denominator: (of: Figures) => number;
}[] = [
  { id: 'recognisable-rate', numerator: (of) => of.recognisable, denominator: (of) => of.asked },
  { id: 'offer-coverage', numerator: (of) => of.offered, denominator: (of) => of.recognisable + of.reviewable },
  { id: 'recognition-rate', numerator: (of) => of.accepted, denominator: (of) => of.accepted + of.refused },
  { id: 'recognition-of-recognisable', numerator: (of) => of.accepted, denominator: (of) => of.recognisable },
  { id: 'ignore-rate', numerator: (of) => of.unanswered, denominator: (of) => of.offered },
  { id: 'confirmed-repeat-rate', numerator: (of) => of.reversedFen, denominator: (of) => of.grossFen },
];

function indicatorsOf(of: MonthReport['totals'], unasked: number): readonly Indicator[] {
  return [
    ...ASKED_SHARES.map(
      ({ id, numerator, denominator }): Indicator => ({
        id,
        numerator: numerator(of),
        denominator: denominator(of),
        of: 'asked',
      }),
    ),
    { id: 'net-fen-per-visit', numerator: of.netFen, denominator: of.visits, of: 'asked' },
    { id: 'asked-share', numerator: of.known - unasked, denominator: of.known, of: 'known' },
    { id: 'missed-share-of-repeats', numerator: of.missed, denominator: of.missed + of.justified, of: 'known' },
  ];
}

function linesOf(cells: readonly MonthCell[]): readonly MonthLine[] {
  return [...Map.groupBy(cells, ({ facility, target }) => `${facility}\n${target}`).values()].map((group) => {
    const [{ facility, target }] = group as [MonthCell, ...MonthCell[]];
    return { facility, target, ...summed(group) };
  });
}

function keyBy(
  dimension: Dimension,
  { items, panels }: Pick<Catalogue, 'items' | 'panels'>,
): (cell: MonthCell) => string {
  if (dimension !== 'category') return (cell) => String(cell[dimension]);
  // A panel is of the class of what it measures first.
  return ({ target }) => items.get(panels.get(target)?.required[0] ?? target)?.category ?? '';
}

function broken(cells: readonly MonthCell[], keyOf: (cell: MonthCell) => string): readonly DimensionLine[] {
  return [...Map.groupBy(cells, keyOf)]
    .map(([key, group]) => ({ key, ...summed(group) }))
    .toSorted((left, right) => (left.key < right.key ? -1 : 1));
}

function flowsOf({ accepted, repeats }: MonthFigures): readonly FlowLine[] {
  const byPair = new Map<
    string,
    { giver: FlowLine['giver']; receiver: FlowLine['receiver']; accepted: number; missed: number }
  >();
  const pair = (giver: FlowLine['giver'], receiver: FlowLine['receiver']) => {
    const key = `${giver}\n${receiver}`;
    const known = byPair.get(key) ?? { giver, receiver, accepted: 0, missed: 0 };
    byPair.set(key, known);
    return known;
  };
  for (const line of accepted) pair(line.giver, line.receiver).accepted += line.accepted;
  for (const line of repeats) {
    if (line.justification === '') pair(line.giver, line.facility).missed += line.repeats;
  }
  return [...byPair].toSorted(([left], [right]) => (left < right ? -1 : 1)).map(([, line]) => line);
}

function summed(group: readonly Figures[]): Figures {
  return Object.fromEntries(SUMS.map((name) => [name, sumOf(group, name)])) as Record<(typeof SUMS)[number], number>;
}

function sumOf<K extends string>(lines: readonly Readonly<Record<K, number>>[], name: K): number {
  return lines.reduce((sum, line) => sum + line[name], 0);
}

/** What a month's CSV has its lines of. */
export const CSV_PARTS = ['lines', 'repeats', ...DIMENSIONS] as const;
export type CsvPart = (typeof CSV_PARTS)[number];

/** A line a facility and target, or a line of what was asked for, its columns named as in the report; RFC 4180. */
export function printMonthCsv({ month, asOf, lines, repeats, by }: MonthReport, part: CsvPart = 'lines'): string {
  const of: readonly object[] = part === 'lines' ? lines : part === 'repeats' ? repeats : by[part];
  const columns = COLUMNS[part === 'lines' || part === 'repeats' ? part : 'dimension'];
  const rows = of.map((line) => [month, asOf, ...columns.map((name) => (line as Record<string, unknown>)[name])]);
  return [['month', 'asOf', ...columns], ...rows].map((row) => `${row.map(csvField).join(',')}\r\n`).join('');
}

const COLUMNS: Readonly<Record<'lines' | 'repeats' | 'dimension', readonly string[]>> = {
  lines: ['facility', 'target', ...SUMS],
  repeats: ['facility', 'giver', 'priceItem', 'justification', 'repeats', 'offered', 'fen', 'unpriced'],
  dimension: ['key', ...SUMS],
};

function csvField(value: unknown): string {
  const text = String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
