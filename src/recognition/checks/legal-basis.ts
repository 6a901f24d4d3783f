/** Legal basis: an encounter at a known facility opens other facilities' results, an opt-out closes them (SETTLED 22). */
import type { CheckResult } from '../../terms/check.ts';
import { result } from '../check-context.ts';
import type { CheckContext } from '../check-context.ts';

export const code = 'legal-basis';

export function check({ input }: Pick<CheckContext, 'input'>): CheckResult {
  if (input.legal.optedOut) {
    return result(code, 'failed', {
      zh: '患者不同意调阅其他机构的结果',
      en: 'The patient does not agree to the use of results of other facilities',
    });
  }
  return input.legal.encounter === 'known'
    ? result(code, 'passed', { zh: '有本次就诊作为依据', en: 'The encounter is the basis' })
    : result(code, 'unknown', {
        zh: '没有说明就诊，依据不明',
        en: 'No encounter was named, so the basis is not known',
      });
}
