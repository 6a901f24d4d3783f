/**
 * Statements that cannot wait (危急值; ecg.md 6.3): what a machine or a doctor says of a recording, word by word. It marks the
 * recording as critical, so that nobody is told to use it again; whether it is so is for a doctor. No threshold stands here:
 * provinces differ in those, and they are no matter of mapping.
 */
const PATTERNS: readonly RegExp[] = [
  // Philips' own mark around what must be told at once.
  />>>.{1,80}<<</,
  /\bacute\b.{0,40}\b(?:mi|infarct\w*|stemi)\b/i,
  /\b(?:mi|infarct\w*)\b.{0,20}\bacute\b/i,
  /\bstemi\b/i,
  /\bventricular (?:tachycardia|fibrillation|flutter)\b/i,
  /\b(?:complete|third[- ]degree|3rd[- ]degree) (?:av|a-v|atrioventricular|heart) block\b/i,
  /\b(?:asystole|torsades?)\b/i,
  /急性.{0,12}心肌梗[死塞]|ST段抬高型?.{0,6}心肌梗[死塞]/,
  /室性心动过速|心室颤动|心室扑动|室颤|尖端扭转|心室停搏|(?:三度|III度|Ⅲ度|完全性)房室传导阻滞/,
];

/** A statement that denies it, and no more. */
const DENIED =
  /\b(?:no|without|negative for)\b.{0,30}\b(?:acute|ventricular|block|stemi)\b|(?:未见|排除|无).{0,8}(?:急性|室|房室)/i;

const TEXT_MAX = 2_000;

/** True when one of the statements names what cannot wait. */
export function isCriticalStatement(text: string): boolean {
  const looked = text.slice(0, TEXT_MAX);
  return PATTERNS.some((pattern) => pattern.test(looked)) && !DENIED.test(looked);
}
