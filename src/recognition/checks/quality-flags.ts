/**
 * Quality flags: what the laboratory said about the specimen or the run, and what a signal says of itself. The item's row
 * names those that forbid it (haemolysis: potassium; a lead that is off: an ECG) and those that are usual; any other flag
 * asks for a look (facts 2.5 rule 4; ecg.md 6.6).
 */
import type { CatalogueItem } from '../../terms/catalogue.ts';
import type { CheckResult } from '../../terms/check.ts';
import { result } from '../check-context.ts';
import type { CheckContext } from '../check-context.ts';
import { isSignalFlag, qualityWords } from '../flag-words.ts';

export const code = 'quality-flags';

/** v3-ObservationInterpretation: quality control failure. */
const CONTROL_FAILED = 'QCF';

export function check({ item, entry }: CheckContext): CheckResult {
  const { blockedBy = [], tolerates = [] } = item;
  if (entry.interpretation.includes(CONTROL_FAILED)) {
    return result(code, 'failed', { zh: '室内质控失控', en: 'Quality control of the run failed' });
  }
  const blocking = entry.qualityFlags.filter((flag) => blockedBy.includes(flag));
  if (blocking.length > 0) {
    const { zh, en } = qualityWords(blocking);
    return result(code, 'failed', { zh: `${zh}，影响${item.nameZh}`, en: `${en}: this disturbs ${item.nameEn}` });
  }
  const open = entry.qualityFlags.filter((flag) => !tolerates.includes(flag));
  if (open.length > 0) {
    const { zh, en } = qualityWords(open);
    return result(code, 'unknown', {
      zh: `${zh}，对${item.nameZh}的影响不明`,
      en: `${en}: what this does to ${item.nameEn} is not known`,
    });
  }
  if (!isJudgedBySignal(item)) {
    return result(code, 'passed', { zh: '没有标本质量问题提示', en: 'No quality flag' });
  }
  // Only what states the item's own LOINC code was told to be of these leads (34534-8: twelve); silence is no quality.
  if (item.loinc === '' || entry.loinc !== item.loinc) {
    return result(code, 'unknown', {
      zh: '未说明导联数，信号质量不明',
      en: 'The leads are not stated, so the quality of the signal is not known',
    });
  }
  return result(code, 'passed', { zh: '信号质量没有问题', en: 'Nothing speaks against the signal' });
}

function isJudgedBySignal({ blockedBy = [], tolerates = [] }: CatalogueItem): boolean {
  return blockedBy.some(isSignalFlag) || tolerates.some(isSignalFlag);
}
