/** Body site: the same part of the body; laboratory items have none (facts 2.5 rule 3). */
import type { CheckResult } from '../../terms/check.ts';
import { result } from '../check-context.ts';
import type { CheckContext } from '../check-context.ts';

export const code = 'body-site';

export function check({ item, entry }: CheckContext): CheckResult {
  if (item.bodySite === undefined) {
    return result(code, 'not-applicable', { zh: '该项目不分部位', en: 'This item has no body site' });
  }
  if (entry.bodySite === undefined) {
    return result(code, 'unknown', { zh: '未注明检查部位', en: 'The body site is not stated' });
  }
  return entry.bodySite === item.bodySite
    ? result(code, 'passed', { zh: '检查部位相同', en: 'Same body site' })
    : result(code, 'failed', { zh: '检查部位不同', en: 'Another body site' });
}
