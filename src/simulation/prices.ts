/**
 * What the region's facilities charge, in fen: invented figures of a plausible size, by facility for hospitals, by
 * level and area for township centres; some change while the region runs. Price item ids are the sample catalogue's.
 */
import type { Price } from '../terms/catalogue.ts';
import { FACILITIES } from './facilities.ts';
import { DAY, localDay } from './when.ts';

/** Price item and its price at a tertiary hospital. */
const TERTIARY: readonly (readonly [priceItem: string, fen: number])[] = [
  ...named('TP ALB TBIL DBIL ALT AST GGT ALP', 800),
  ...named('UREA CREA UA', 900),
  ...named('TC TG', 800),
  ...named('HDLC LDLC', 1100),
  ...named('K NA CL CA', 600),
  ...named('PT APTT TT FIB', 1500),
  ...named('TSH FT3 FT4', 3600),
  ...named('HBSAG HBSAB HBEAG HBEAB HBCAB', 1200),
  ['P-HBA1C', 6000],
  ['P-GLU', 500],
  ['P-CRP', 2200],
  ['P-CBC', 2000],
  ['P-UA-P', 800],
];
const LEVEL_SHARE = { 3: 100, 2: 90, 1: 80 } as const;
const SOURCE = 'simulated region';
/** These are raised in the middle of the period. */
const RAISED: ReadonlySet<string> = new Set(['P-CBC', 'P-HBA1C', 'P-CREA']);

export function pricesOf(start: number, days: number): readonly Price[] {
  const from = localDay(start - 500 * DAY);
  const raise = localDay(start + Math.floor(days / 2) * DAY);
  const places: readonly (readonly [where: Pick<Price, 'facility' | 'level' | 'area'>, level: 1 | 2 | 3])[] = [
    ...FACILITIES.filter(({ level }) => level !== 1).map(({ id, level }) => [{ facility: id }, level] as const),
    [{ level: 1, area: '9901' }, 1],
  ];
  return places.flatMap(([where, level]) =>
    TERTIARY.flatMap(([priceItem, tertiary]): readonly Price[] => {
      const fen = Math.round((tertiary * LEVEL_SHARE[level]) / 100);
      if (!RAISED.has(priceItem)) return [{ priceItem, ...where, fen, validFrom: from, source: SOURCE }];
      return [
        { priceItem, ...where, fen, validFrom: from, validTo: raise, source: SOURCE },
        { priceItem, ...where, fen: Math.round(fen * 1.1), validFrom: raise, source: SOURCE },
      ];
    }),
  );
}

function named(items: string, fen: number): readonly (readonly [string, number])[] {
  return items.split(' ').map((item) => [`P-${item}`, fen] as const);
}
