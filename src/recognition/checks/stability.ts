/**
 * Stability: the person's last two values lie within the item's reference change value. Further apart than that, the
 * difference is no noise of measuring (Fraser and Harris 1989): the state of the patient moves, and an earlier value says
 * little about today (facts 1.2, situation 2).
 */
import { compareDecimals, scaleDecimal, type Decimal } from '../../base/decimal.ts';
import type { CatalogueItem } from '../../terms/catalogue.ts';
import type { CheckResult } from '../../terms/check.ts';
import type { ResultEntry } from '../../terms/result-entry.ts';
import { convertUnit } from '../../units/convert.ts';
import { result } from '../check-context.ts';
import type { CheckContext } from '../check-context.ts';

export const code = 'stability';

export function check({ item, lastValues }: CheckContext): CheckResult {
  if (item.changePercent === undefined) {
    return result(code, 'not-applicable', {
      zh: '目录未设该项目的参考变化值',
      en: 'The catalogue has no reference change value of this item',
    });
  }
  const [newer, older] = lastValues;
  if (newer === undefined || older === undefined) {
    return result(code, 'not-applicable', {
      zh: '没有两次可比较的结果',
      en: 'There are no two values that could be compared',
    });
  }
  if (isWithin(newer, older, item.changePercent)) {
    return result(code, 'passed', {
      zh: `最近两次结果相差不超过 ${item.changePercent}%`,
      en: `The last two values differ by at most ${item.changePercent} %`,
    });
  }
  return result(code, 'failed', {
    zh: `最近两次结果相差超过参考变化值 ${item.changePercent}%，病情可能在变化`,
    en: `The last two values differ by more than the reference change value of ${item.changePercent} %: the state may be changing`,
  });
}

/** True where two results of an item differ by more than its reference change value; what cannot be compared does not. */
export function isAnotherState(item: CatalogueItem, newer: ResultEntry, older: ResultEntry): boolean {
  if (item.changePercent === undefined) return false;
  const [last, before] = lastValuesOf(item, [newer, older]);
  return last !== undefined && before !== undefined && !isWithin(last, before, item.changePercent);
}

/** |newer − older| ≤ |older| × percent / 100, in decimals. */
function isWithin(newer: Decimal, older: Decimal, percent: number): boolean {
  const bounds = [100 - percent, 100 + percent].map((hundredths) =>
    scaleDecimal(older, String(hundredths) as Decimal, '100' as Decimal),
  );
  const [least, most] = bounds.filter((bound) => bound !== undefined).toSorted(compareDecimals);
  return (
    least !== undefined && most !== undefined && compareDecimals(newer, least) >= 0 && compareDecimals(newer, most) <= 0
  );
}

/**
 * The newest two numbers of an item, newest first, in its unit: of results that were not withdrawn, each from a collection
 * of its own. What is no plain number in a unit that converts is passed over. `entries` newest first.
 */
export function lastValuesOf(item: CatalogueItem, entries: readonly ResultEntry[]): readonly Decimal[] {
  if (item.changePercent === undefined) return [];
  const values: Decimal[] = [];
  let collected = '';
  for (const { value, effectiveStart } of entries) {
    if (value.kind !== 'quantity' || value.comparator !== undefined || effectiveStart === collected) continue;
    const converted =
      value.ucum === undefined
        ? undefined
        : convertUnit({ value: value.value, from: value.ucum, to: item.ucum, molarMassOf: item.id });
    if (converted === undefined) continue;
    values.push(converted);
    collected = effectiveStart;
    if (values.length === 2) break;
  }
  return values;
}
