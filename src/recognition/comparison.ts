/**
 * What is shown although it is not used (ecg.md 6.6): with chest pain an ECG is made anew whatever there is, and read against
 * the last one. Window and mark say what may replace an exam, not what may be looked at.
 */
import type { CatalogueItem } from '../terms/catalogue.ts';
import type { Bilingual, CheckCode } from '../terms/check.ts';
import type { ResultEntry } from '../terms/result-entry.ts';
import type { JudgedEntry } from './judge-entry.ts';

/** Without these a result is not this person's, not this exam's, or not for this asker's eyes. */
const NEEDED: readonly CheckCode[] = ['same-item', 'production', 'certain-person', 'legal-basis'];

/** True where the situation is what forbids it; what was withdrawn, or never stated to stand, is compared with nothing. */
export function mayBeCompared(item: CatalogueItem, entry: ResultEntry, { verdict, checks }: JudgedEntry): boolean {
  if (item.showPrevious !== true || verdict !== 'do-not' || !STANDING.has(entry.status)) return false;
  const is = (code: CheckCode, state: string): boolean =>
    checks.some((check) => check.code === code && check.state === state);
  return is('situation', 'failed') && NEEDED.every((code) => is(code, 'passed'));
}

/** A machine's reading that nobody signed yet is worth a look; its check says what it is. */
const STANDING: ReadonlySet<ResultEntry['status']> = new Set(['preliminary', 'final', 'amended', 'corrected']);

export function comparisonNote({ nameZh, nameEn }: Pick<CatalogueItem, 'nameZh' | 'nameEn'>): Bilingual {
  return {
    zh: `既往${nameZh}仅供对照，本次仍应重新检查`,
    en: `The earlier ${nameEn} is for comparison only: the exam is to be done again`,
  };
}
