/** Negative list (负面清单): items that are never suggested, and items that are shown for information only. */
import { assertNever } from '../../base/assert-never.ts';
import type { CheckResult } from '../../terms/check.ts';
import { result } from '../check-context.ts';
import type { CheckContext } from '../check-context.ts';

export const code = 'negative-list';

export function check({ item }: CheckContext): CheckResult {
  switch (item.suggest) {
    case 'yes':
      return result(code, 'passed', { zh: '不在负面清单', en: 'Not on the negative list' });
    case 'no':
      return result(code, 'failed', {
        zh: `${item.nameZh}在负面清单，需要重新检测`,
        en: `${item.nameEn} is on the negative list and is measured afresh`,
      });
    case 'info-only':
      return result(code, 'failed', {
        zh: `${item.nameZh}仅供参考，不用于互认`,
        en: `${item.nameEn} is for information only, never for recognition`,
      });
    default:
      return assertNever(item.suggest);
  }
}
