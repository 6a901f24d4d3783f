/** Status: final, amended or corrected; nothing provisional, nothing withdrawn (facts 2.5 rule 5). */
import { assertNever } from '../../base/assert-never.ts';
import type { CheckResult } from '../../terms/check.ts';
import { result } from '../check-context.ts';
import type { CheckContext } from '../check-context.ts';

export const code = 'status-final';

export function check({ entry }: CheckContext): CheckResult {
  switch (entry.status) {
    case 'final':
      return result(code, 'passed', { zh: '结果为正式报告', en: 'The result is final' });
    case 'amended':
    case 'corrected':
      return result(code, 'passed', { zh: '结果为更正后的正式报告', en: 'The result is final, as corrected' });
    case 'registered':
    case 'preliminary':
      return result(code, 'failed', { zh: '结果尚未正式报告', en: 'The result is not final yet' });
    case 'cancelled':
    case 'entered-in-error':
      return result(code, 'failed', { zh: '结果已被撤销', en: 'The result was withdrawn' });
    case 'unknown':
      return result(code, 'unknown', { zh: '结果状态不明', en: 'The status of the result is not known' });
    default:
      return assertNever(entry.status);
  }
}
