/** Certain person: the result hangs on a Patient that is certainly the asked person (DESIGN 5, Identity). */
import type { CheckResult } from '../../terms/check.ts';
import { patientKey, result } from '../check-context.ts';
import type { CheckContext } from '../check-context.ts';

export const code = 'certain-person';

export function check({ entry, certain }: CheckContext): CheckResult {
  if (entry.patient === '') {
    return result(code, 'unknown', { zh: '结果没有患者信息', en: 'The result names no patient' });
  }
  return certain.has(patientKey(entry))
    ? result(code, 'passed', { zh: '患者身份已确认', en: 'The patient is certainly the same person' })
    : result(code, 'failed', { zh: '患者身份未确认为同一人', en: 'The patient is not certainly the same person' });
}
