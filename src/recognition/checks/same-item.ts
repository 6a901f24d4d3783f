/** Same item: the earlier result is of the ordered item or of one that contains it, one way (办法 2022, Art. 2; facts 2.5). */
import type { CheckResult } from '../../terms/check.ts';
import { answering } from '../catalogue-index.ts';
import { result } from '../check-context.ts';
import type { CheckContext } from '../check-context.ts';

export const code = 'same-item';

export function check({ input, item, entry }: CheckContext): CheckResult {
  if (entry.item === null) {
    return result(code, 'unknown', {
      zh: '该结果的院内代码尚未对照到目录项目',
      en: 'The local code of this result is not mapped to the catalogue yet',
    });
  }
  if (entry.item === item.id) {
    return result(code, 'passed', { zh: `同一项目：${item.nameZh}`, en: `Same item: ${item.nameEn}` });
  }
  if (answering(input.catalogue, item.id).includes(entry.item)) {
    const outer = input.catalogue.items.get(entry.item);
    return result(code, 'passed', {
      zh: `${outer?.nameZh ?? ''}包含${item.nameZh}`,
      en: `${outer?.nameEn ?? ''} contains ${item.nameEn}`,
    });
  }
  return result(code, 'failed', { zh: `不是同一项目：${item.nameZh}`, en: `Not the same item: ${item.nameEn}` });
}
