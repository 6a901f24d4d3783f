/** Production: nothing from a test channel or a test message (MSH-11 T or D) ever reaches a card (DESIGN 4). */
import type { CheckResult } from '../../terms/check.ts';
import { result } from '../check-context.ts';
import type { CheckContext } from '../check-context.ts';

export const code = 'production';

export function check({ entry }: CheckContext): CheckResult {
  return entry.production
    ? result(code, 'passed', { zh: '正式业务数据', en: 'Production data' })
    : result(code, 'failed', { zh: '测试数据，不得使用', en: 'Test data, not to be used' });
}
