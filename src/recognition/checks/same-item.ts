/** Same item: the earlier result is of the ordered item (办法 2022, Art. 2; containment comes with imaging). */
import type { CheckResult } from '../../terms/check.ts';
import { result } from '../check-context.ts';
import type { CheckContext } from '../check-context.ts';

export const code = 'same-item';

export function check({ item, entry }: CheckContext): CheckResult {
  if (entry.item === null) {
    return result(code, 'unknown', {
      zh: '该结果的院内代码尚未对照到目录项目',
      en: 'The local code of this result is not mapped to the catalogue yet',
    });
  }
  if (entry.item === item.id) {
    return result(code, 'passed', { zh: `同一项目：${item.nameZh}`, en: `Same item: ${item.nameEn}` });
  }
  return result(code, 'failed', { zh: `不是同一项目：${item.nameZh}`, en: `Not the same item: ${item.nameEn}` });
}
