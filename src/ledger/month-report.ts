/** A month's figures put together and printed: totals, and CSV for whoever reckons with a spreadsheet. */
import type { Instant } from '../terms/instant.ts';
import type { MonthFigures, MonthLine, MonthReport } from '../terms/month-report.ts';

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
] as const satisfies readonly (keyof MonthLine)[];

export function monthReport(
  figures: MonthFigures,
  of: { readonly month: string; readonly zone: string; readonly asOf: Instant; readonly registered: number },
): MonthReport {
  const { month, zone, asOf, registered } = of;
  const sums = Object.fromEntries(
    SUMS.map((name) => [name, figures.lines.reduce((sum, line) => sum + line[name], 0)]),
  ) as Record<(typeof SUMS)[number], number>;
  const netFen = sums.grossFen - sums.reversedFen;
  return {
    form: 1,
    month,
    zone,
    asOf,
    totals: { ...sums, netFen, provisionalFen: netFen - sums.settledFen },
    coverage: { asking: new Set(figures.lines.map(({ facility }) => facility)).size, registered },
    ...figures,
  };
}

/** A line a facility and target, its columns named as in the report; RFC 4180. Ids and numbers only: nothing wants a quote. */
export function printMonthCsv({ month, asOf, lines }: MonthReport): string {
  const rows = lines.map((line) => [month, asOf, line.facility, line.target, ...SUMS.map((name) => line[name])]);
  return [['month', 'asOf', 'facility', 'target', ...SUMS], ...rows].map((row) => `${row.join(',')}\r\n`).join('');
}
