/**
 * Quality flags: what the laboratory said about the specimen or the run. The item's row names those that forbid it
 * (haemolysis: potassium, LDH, NSE); any other flag asks for a look (facts 2.5 rule 4).
 */
import type { CheckResult } from '../../terms/check.ts';
import { result } from '../check-context.ts';
import type { CheckContext } from '../check-context.ts';

export const code = 'quality-flags';

/** v3-ObservationInterpretation: quality control failure. */
const CONTROL_FAILED = 'QCF';

export function check({ item, entry }: CheckContext): CheckResult {
  const blocked = item.blockedBy ?? [];
  if (entry.interpretation.includes(CONTROL_FAILED)) {
    return result(code, 'failed', { zh: '室内质控失控', en: 'Quality control of the run failed' });
  }
  if (entry.qualityFlags.some((flag) => blocked.includes(flag))) {
    return result(code, 'failed', {
      zh: `标本质量问题影响${item.nameZh}`,
      en: `The state of the specimen disturbs ${item.nameEn}`,
    });
  }
  if (entry.qualityFlags.length > 0) {
    return result(code, 'unknown', {
      zh: `实验室提示标本质量问题，对${item.nameZh}的影响不明`,
      en: `The laboratory flagged the specimen; what that does to ${item.nameEn} is not known`,
    });
  }
  return result(code, 'passed', { zh: '没有标本质量问题提示', en: 'No quality flag' });
}
