/** What a quality flag says to a doctor: on a page, and as a reason why a recording is not used. */
import type { Bilingual } from '../terms/check.ts';
import type { QualityFlag } from './quality.ts';

const WORDS: Readonly<Record<QualityFlag['code'], Bilingual>> = {
  'no-scale': { zh: '未标明电压标度', en: 'No voltage scale is stated' },
  'leads-missing': { zh: '不足十二导联', en: 'Fewer than twelve leads' },
  'low-rate': { zh: '采样率低于 500 Hz', en: 'Sampled at less than 500 Hz' },
  short: { zh: '记录时间过短', en: 'The recording is short' },
  'lead-off': { zh: '导联脱落', en: 'Lead off' },
  flat: { zh: '导联近乎直线', en: 'Lead almost flat' },
  saturated: { zh: '信号饱和', en: 'Signal saturated' },
  noise: { zh: '干扰较大', en: 'Noisy signal' },
  amplitude: { zh: '幅度异常', en: 'Amplitude out of reason' },
  einthoven: { zh: '肢体导联不符合 II = I + III', en: 'Limb leads do not satisfy II = I + III' },
  reversal: { zh: '疑似导联接反', en: 'Leads may be reversed' },
  contested: { zh: '同一记录另有他人名下文件', en: 'Came under another patient too' },
  corrupt: { zh: '文件不完整或校验不符', en: 'The file is incomplete or its checksum is wrong' },
};

/** Of a recording that goes on where its page ends. */
export const EXCERPT_WORDS: Bilingual = {
  zh: '长程记录：仅显示开头 10 秒，其余见原始文件',
  en: 'A long recording: only its first 10 seconds are here, the rest is in the original file',
};

/** Undefined for a code that is no flag of ours. */
export function flagWords(code: string): Bilingual | undefined {
  return Object.hasOwn(WORDS, code) ? WORDS[code as QualityFlag['code']] : undefined;
}

/** With the leads that it is said of: `导联脱落：V1、V2`, `Lead off: V1, V2`. */
export function flagSentence(
  { code, leads }: { readonly code: string; readonly leads: readonly string[] },
  language: keyof Bilingual,
): string {
  const words = flagWords(code)?.[language] ?? code;
  if (leads.length === 0) return words;
  return language === 'zh' ? `${words}：${leads.join('、')}` : `${words}: ${leads.join(', ')}`;
}
