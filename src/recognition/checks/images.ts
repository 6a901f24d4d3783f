/**
 * Images: they can be reached where the exam needs them. Laboratory items need none, so their rows do not list this
 * check; of an item that lists it nothing is known until the registry holds images, and unknown is not passed.
 */
import type { CheckResult } from '../../terms/check.ts';
import { result } from '../check-context.ts';
import type { CheckContext } from '../check-context.ts';

export const code = 'images';

export function check({ item }: CheckContext): CheckResult {
  if (!item.checks.includes(code)) {
    return result(code, 'not-applicable', { zh: '该项目不需要影像', en: 'This item needs no images' });
  }
  return result(code, 'unknown', {
    zh: '不知道影像是否可以调阅',
    en: 'Whether the images can be reached is not known',
  });
}
