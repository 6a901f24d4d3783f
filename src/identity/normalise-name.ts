/**
 * The form in which two names are compared (facts: recognition-domain 6.3): two names are the same exactly
 * when their forms are equal. Never shown and never stored as text: rare characters stay, order and
 * separators do not.
 */

/** A longer text is no name; it is compared as it stands. */
export const NAME_LETTERS_MAX = 256;

/** Spaces, HL7 component marks, the dots of 买买提·阿不都 in all their forms, hyphens and apostrophes. */
export const SEPARATORS = /[\s^.,·•‧・∙⋅●_'’‘`´ʼ\p{Pd}−]+/gu;
const INVISIBLE = /[\p{Default_Ignorable_Code_Point}\p{Cc}]/gu;
/** Scripts in which the family name stands first and nothing else is written; private use too (GB 18030). */
const IDEOGRAPHIC = /[\p{Script=Han}\p{Script=Hangul}\p{Script=Hiragana}\p{Script=Katakana}\p{Co}]/u;

/** '' when nothing of a name is left. */
export function normaliseName(text: string): string {
  const letters = fold(fold(text).replace(SEPARATORS, ''));
  return IDEOGRAPHIC.test(letters) || letters.length > NAME_LETTERS_MAX ? letters : leastRotation(letters);
}

export function sameName(left: string, right: string): boolean {
  const normal = normaliseName(left);
  return normal !== '' && normal === normaliseName(right);
}

/** Full width to half width, lower case, nothing invisible (tabs become spaces); separators kept. */
export function fold(text: string): string {
  let folded = text;
  // Lower-casing and removing can each make something that folds again (İ, joined marks): three rounds settle it.
  for (let round = 0; round < 3; round++) {
    const next = folded.normalize('NFKC').toLowerCase().replace(/\s/gu, ' ').replace(INVISIBLE, '').normalize('NFKC');
    if (next === folded) break;
    folded = next;
  }
  return folded;
}

/**
 * Of all rotations of the letters the first in order. `Zhang San`, `SAN ZHANG`, `Zhang^San` and `ZHANGSAN`
 * become one: family and given name stand either way round, with or without a space between them.
 */
function leastRotation(text: string): string {
  // A letter stays with its accents; accents without a letter are no name.
  const letters = text.match(/\P{M}\p{M}*/gu) ?? [];
  let least = letters.join('');
  for (let i = 1; i < letters.length; i++) {
    const rotated = [...letters.slice(i), ...letters.slice(0, i)].join('');
    if (rotated < least) least = rotated;
  }
  return least;
}
