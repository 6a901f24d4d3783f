/** The compiler's prices: integer fen, for a facility or for a level within an area, from a day until before a day. */
import type { Price, PriceItem } from '../terms/catalogue.ts';
import type { FacilityId } from '../terms/facility.ts';
import { byText, refuseOverlaps } from './catalogue-tables.ts';
import type { Row } from './catalogue-tables.ts';

const FEN_MAX = 100_000_000;
interface PriceRow {
  readonly row: Row;
  readonly price: Price;
  /** Charge and scope: what may have one price on one day. */
  readonly scope: string;
}

export function compilePrices(rows: readonly Row[], priceItems: ReadonlyMap<string, PriceItem>): readonly Price[] {
  const compiled = rows.map((row) => compilePrice(row, priceItems)).toSorted(byScopeAndDay);
  refuseOverlaps(
    compiled.map(({ row, price, scope }) => ({ row, scope, period: price })),
    'overlapping-price',
  );
  return compiled.map(({ price }) => price);
}

function compilePrice(row: Row, priceItems: ReadonlyMap<string, PriceItem>): PriceRow {
  const priceItem = row.required('price_item');
  if (priceItem !== '' && !priceItems.has(priceItem)) row.wrong('price_item', 'unknown-price-item');
  const period = row.period();
  const facility = row.optional('facility');
  const area = row.optional('area');
  const level = row.optional('level');
  if ((facility === '') === (level === '') || (level === '' && area !== '')) row.wrong('level', 'bad-price-scope');
  if (area !== '' && !/^\d{2}(\d{2}){0,2}$/.test(area)) row.wrong('area', 'bad-reach');
  const scope: Pick<Price, 'facility' | 'level' | 'area'> =
    level === '' ? { facility: facility as FacilityId } : { level: row.integer('level', 1, 3) as 1 | 2 | 3, area };
  const price = {
    priceItem,
    ...scope,
    fen: row.integer('fen', 0, FEN_MAX),
    ...period,
    source: row.required('source'),
  };
  return { row, price, scope: JSON.stringify([priceItem, facility, level, area]) };
}

function byScopeAndDay(left: PriceRow, right: PriceRow): number {
  return byText(left.scope, right.scope) || byText(left.price.validFrom, right.price.validFrom);
}
