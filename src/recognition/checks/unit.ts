/** Unit: there is a value, and its unit can be compared with the catalogue's (facts 2.5 rule 5). */
import { assertNever } from '../../base/assert-never.ts';
import type { CheckResult } from '../../terms/check.ts';
import { comparableUnit } from '../../units/convert.ts';
import { result } from '../check-context.ts';
import type { CheckContext } from '../check-context.ts';

export const code = 'unit';

export function check({ item, entry }: CheckContext): CheckResult {
  const { value } = entry;
  if (value.kind === 'none') return result(code, 'failed', { zh: '没有结果值', en: 'There is no value' });
  if (item.ucum === '') {
    return result(code, 'not-applicable', {
      zh: '该项目以文字报告，不比较单位',
      en: 'This item is reported in words, so no unit is compared',
    });
  }
  if (value.kind === 'text') {
    return result(code, 'unknown', {
      zh: '结果为文字，无法比较单位',
      en: 'The result is in words, so its unit cannot be compared',
    });
  }
  const comparison = comparableUnit(value.ucum, item.ucum, item.id);
  switch (comparison) {
    case 'same':
      return result(code, 'passed', { zh: '单位相同', en: 'Same unit' });
    case 'convertible':
      return result(code, 'passed', { zh: '单位可换算', en: 'The unit can be converted' });
    case 'different':
      return result(code, 'failed', { zh: '单位不可换算', en: 'The unit cannot be converted' });
    case 'unknown':
      return result(code, 'unknown', {
        zh: '单位缺失或无法识别',
        en: 'The unit is missing or not understood',
      });
    default:
      return assertNever(comparison);
  }
}
