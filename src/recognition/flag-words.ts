/** Quality flags in words: what a laboratory said of a specimen, and what a signal says of itself (`signals/quality.ts`). */
import { QUALITY_FLAGS } from '../signals/quality.ts';
import { flagWords } from '../signals/quality-words.ts';
import type { Bilingual } from '../terms/check.ts';
import { NO_SIGNAL, OTHER_FLAG } from '../terms/signal-quality.ts';

const OWN: Readonly<Record<string, Bilingual>> = {
  haemolysed: { zh: '标本溶血', en: 'Specimen haemolysed' },
  lipaemic: { zh: '标本脂血', en: 'Specimen lipaemic' },
  icteric: { zh: '标本黄疸', en: 'Specimen icteric' },
  clotted: { zh: '标本有凝块', en: 'Specimen clotted' },
  insufficient: { zh: '标本量不足', en: 'Too little of the specimen' },
  contaminated: { zh: '标本污染', en: 'Specimen contaminated' },
  delayed: { zh: '标本送检延迟', en: 'Specimen delayed' },
  leaked: { zh: '标本溢漏', en: 'Specimen leaked' },
  'wrong-container': { zh: '标本容器错误', en: 'Specimen in a wrong container' },
  unsatisfactory: { zh: '标本不合格', en: 'Specimen unsatisfactory' },
  [NO_SIGNAL]: { zh: '没有收到波形', en: 'No waveform was received' },
};

const OTHER: Bilingual = { zh: '其他质量问题', en: 'Another quality problem' };
const SIGNAL: ReadonlySet<string> = new Set(QUALITY_FLAGS);

/** True for what the registry may say of a result. */
export function isQualityFlag(text: string): boolean {
  return text === OTHER_FLAG || wordsOf(text) !== undefined;
}

/** True for what only a signal can be: an item that names one is judged by its signal. */
export function isSignalFlag(flag: string): boolean {
  return SIGNAL.has(flag);
}

/** Each once, in the order given. */
export function qualityWords(flags: readonly string[]): Bilingual {
  const words = [...new Set(flags.map((flag) => wordsOf(flag) ?? OTHER))];
  return { zh: words.map(({ zh }) => zh).join('、'), en: words.map(({ en }) => en).join(', ') };
}

function wordsOf(flag: string): Bilingual | undefined {
  return Object.hasOwn(OWN, flag) ? OWN[flag] : flagWords(flag);
}
