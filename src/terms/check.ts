/** A check: one named condition of a decision, with its state and a sentence a doctor understands. */
export const CHECK_CODES = [
  'same-item',
  'window',
  'status-final',
  'production',
  'quality-mark',
  'acceptance',
  'unit',
  'method',
  'specimen',
  'body-site',
  'images',
  'critical',
  'stability',
  'situation',
  'quality-flags',
  'negative-list',
  'certain-person',
  'legal-basis',
] as const;

export type CheckCode = (typeof CHECK_CODES)[number];
export type CheckState = 'passed' | 'failed' | 'unknown' | 'not-applicable';
export type CheckConsequence = 'do-not' | 'review';

export interface Bilingual {
  readonly zh: string;
  readonly en: string;
}

export interface CheckResult {
  readonly code: CheckCode;
  readonly state: CheckState;
  readonly why: Bilingual;
}
