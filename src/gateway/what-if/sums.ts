/** The sums of a what-if, one of the whole and one a target. */
import { isCritical } from '../../recognition/checks/critical.ts';
import { isAnotherState } from '../../recognition/checks/stability.ts';
import type { Fate } from '../../ports/store-past.ts';
import type { Catalogue } from '../../terms/catalogue.ts';
import type { ResultEntry } from '../../terms/result-entry.ts';
import type { WhatIfLine, WhatIfRisks, WhatIfSide } from '../../terms/what-if.ts';
import type { Judged, JudgedOrder } from './judged-order.ts';

type Mutable<T> = { -readonly [K in keyof T]: T[K] extends number | string ? T[K] : Mutable<T[K]> };

/** What is known today of a result that an order rests on. */
export type FateOf = (order: JudgedOrder, entry: ResultEntry) => Fate | undefined;

export interface Sums {
  /** Orders of whole patients: a charge is counted once a visit. */
  add(orders: readonly JudgedOrder[], fateOf: FateOf): void;
  total(): { readonly line: WhatIfLine; readonly differing: number };
  lines(): readonly WhatIfLine[];
}

export function createSums(catalogue: Catalogue): Sums {
  const whole = emptyLine('');
  const byTarget = new Map<string, Mutable<WhatIfLine>>();
  let differing = 0;
  return {
    add(orders, fateOf) {
      const paid = { was: new Set<string>(), would: new Set<string>() };
      for (const order of orders) {
        const { target } = order.asked;
        const line = byTarget.get(target) ?? emptyLine(target);
        byTarget.set(target, line);
        if (order.was.verdict !== order.would.verdict || order.was.coverage !== order.would.coverage) differing++;
        for (const side of ['was', 'would'] as const) {
          const worth = worthOf(order[side], paid[side]);
          const risks = risksOf(order, order[side], { catalogue, fateOf });
          for (const sum of [line[side], whole[side]]) addTo(sum, order[side], worth, risks);
        }
        for (const sum of [line, whole]) addMove(sum, order);
      }
    },
    total: () => ({ line: whole, differing }),
    lines: () => [...byTarget.values()].toSorted((left, right) => (left.target < right.target ? -1 : 1)),
  };
}

interface Worth {
  readonly fen: number;
  readonly unpriced: number;
}

function worthOf({ savings }: Judged, paid: Set<string>): Worth {
  const fresh = savings.filter(({ key }) => !paid.has(key));
  for (const { key } of fresh) paid.add(key);
  return {
    fen: fresh.reduce((sum, { fen }) => sum + (fen ?? 0), 0),
    unpriced: fresh.filter(({ fen }) => fen === null).length,
  };
}

function risksOf(
  order: JudgedOrder,
  { results }: Judged,
  { catalogue, fateOf }: { readonly catalogue: Catalogue; readonly fateOf: FateOf },
): WhatIfRisks {
  const some = (is: (entry: ResultEntry, fate: Fate | undefined, item: string) => boolean): number =>
    Number(results.some(({ item, entry }) => is(entry, fateOf(order, entry), item)));
  return {
    corrected: some((entry, fate) => fate !== undefined && isCorrected(entry, fate)),
    critical: some(isCritical),
    changed: some((entry, fate, item) => {
      const known = catalogue.items.get(item);
      return fate?.next !== undefined && known !== undefined && isAnotherState(known, fate.next, entry);
    }),
  };
}

function isCorrected(entry: ResultEntry, { now }: Fate): boolean {
  if (now === undefined || now.status === 'entered-in-error' || now.status === 'cancelled') return true;
  return JSON.stringify(now.value) !== JSON.stringify(entry.value);
}

function addTo(side: Mutable<WhatIfSide>, { verdict }: Judged, worth: Worth, risks: WhatIfRisks): void {
  side.orders++;
  side[verdict === 'do-not' ? 'doNot' : verdict]++;
  side.possibleFen += worth.fen;
  side.unpriced += worth.unpriced;
  for (const risk of ['corrected', 'critical', 'changed'] as const) side.risks[risk] += risks[risk];
}

function addMove(line: Mutable<WhatIfLine>, { was, would }: JudgedOrder): void {
  if (would.verdict === 'recognise' && was.verdict !== 'recognise') line.gained++;
  if (was.verdict === 'recognise' && would.verdict !== 'recognise') line.lost++;
}

function emptyLine(target: string): Mutable<WhatIfLine> {
  return { target, was: emptySide(), would: emptySide(), gained: 0, lost: 0 };
}

function emptySide(): Mutable<WhatIfSide> {
  const risks = { corrected: 0, critical: 0, changed: 0 };
  return { orders: 0, recognise: 0, review: 0, doNot: 0, possibleFen: 0, unpriced: 0, risks };
}
