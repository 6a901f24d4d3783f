/** Specimen: the result was measured in a specimen that the item allows (facts 2.5 rule 4). */
import type { CheckResult } from '../../terms/check.ts';
import { result } from '../check-context.ts';
import type { CheckContext } from '../check-context.ts';
import { specimenKind } from '../specimen-kind.ts';

export const code = 'specimen';

export function check({ item, entry }: CheckContext): CheckResult {
  const allowed = item.specimen.split('/');
  const stated = entry.specimen;
  if (stated === undefined || stated === '') {
    // LOINC's axis System names the specimen, so a LOINC code that is the item's says it (Users' Guide 2.4).
    return item.loinc !== '' && entry.loinc === item.loinc
      ? result(code, 'passed', { zh: 'LOINC 代码已限定标本类型', en: 'The LOINC code fixes the specimen' })
      : result(code, 'unknown', { zh: '未注明标本类型', en: 'The specimen is not stated' });
  }
  const kind = specimenKind(stated);
  if (kind === undefined) {
    return result(code, 'unknown', { zh: '标本类型无法识别', en: 'The specimen is not understood' });
  }
  if (allowed.includes(kind)) {
    return result(code, 'passed', { zh: '标本类型相符', en: 'The specimen fits' });
  }
  if (mayBe(kind, allowed)) {
    return result(code, 'unknown', {
      zh: '标本类型接近但不确定相符',
      en: 'The specimen is near, but whether it fits is not certain',
    });
  }
  return result(code, 'failed', { zh: '标本类型不同', en: 'Another specimen' });
}

/** Blood may have been spun; plasma stands near to serum, but serum has lost what clotting tests look for. */
function mayBe(kind: string, allowed: readonly string[]): boolean {
  if (kind === 'blood') return allowed.includes('serum') || allowed.includes('plasma');
  if (kind === 'plasma') return allowed.includes('serum');
  return kind === 'arterial-blood' && allowed.includes('blood');
}
