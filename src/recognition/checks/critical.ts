/**
 * Critical values: a critical flag (HH, LL, AA) forbids using the result, and so does one on a newer result of the
 * same item: an older normal value must not hide it (facts 2.5 rule 5).
 */
import type { CheckResult } from '../../terms/check.ts';
import type { ResultEntry } from '../../terms/result-entry.ts';
import { facilityName, result } from '../check-context.ts';
import type { CheckContext } from '../check-context.ts';
import { localDay } from '../../base/local-day.ts';

export const code = 'critical';

const CRITICAL: ReadonlySet<string> = new Set(['HH', 'LL', 'AA', 'CRITICAL']);

/** v3-ObservationInterpretation (and HL7 table 0078) codes that say something else than critical. */
const OTHER: ReadonlySet<string> = new Set(
  (
    'N A H L HU LU < > B W U D R I S MS VS SDD SYN-R SYN-S NS POS NEG IND DET ND NR RR WR E EX HX LX ' +
    'CAR EXP UNE IE NCL QCF TOX HM'
  ).split(' '),
);

export function isCritical(entry: ResultEntry): boolean {
  return entry.interpretation.some((flag) => CRITICAL.has(flag.toUpperCase()));
}

export function check({ input, item, entry, newestCritical }: CheckContext): CheckResult {
  if (isCritical(entry)) {
    return result(code, 'failed', {
      zh: `${item.nameZh}为危急值，应复查`,
      en: `${item.nameEn} was critical and should be done again`,
    });
  }
  if (newestCritical !== undefined && newestCritical.effectiveStart >= entry.effectiveStart) {
    const where = facilityName(input, newestCritical.facility);
    const day = localDay(newestCritical.effectiveStart, input.regionZone);
    return result(code, 'failed', {
      zh: `${where.zh} ${day} 另有同项目危急值`,
      en: `A critical value of this item was found at ${where.en} on ${day}`,
    });
  }
  if (entry.interpretation.some((flag) => !OTHER.has(flag.toUpperCase()))) {
    return result(code, 'unknown', {
      zh: '结果带有无法识别的异常标志',
      en: 'The result carries a flag that is not understood',
    });
  }
  return result(code, 'passed', { zh: '没有危急值标志', en: 'No critical flag' });
}
