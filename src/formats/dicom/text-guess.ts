/** Signs by which bytes are told apart that more than one character set can read. */

/** A Chinese character of the basic block, extension A or the supplementary planes. */
export function hasHan(text: string): boolean {
  return /[\u3400-\u9fff\u{20000}-\u{323af}]/u.test(text);
}

/** All characters beyond ASCII are Chinese ones, their punctuation or full-width forms. */
export function looksChinese(text: string): boolean {
  const beyond = text.match(/[^\0-\u007f]/gu) ?? [];
  return (
    hasHan(text) &&
    beyond.every((one) => /[\u3400-\u9fff\u3000-\u303f\uff00-\uffef\u{20000}-\u{323af}\ufffd]/u.test(one))
  );
}

/** UTF-8 of letters with accents within words: `José`, whose bytes GB18030 reads as `Jos茅`. */
export function looksLikeLetters(text: string): boolean {
  const beyond = text.match(/[^\0-\u007f]/gu) ?? [];
  const areLetters = beyond.length > 0 && beyond.every((one) => /\p{L}/u.test(one));
  return areLetters && /[A-Za-z][^\0-\u007f]|[^\0-\u007f][A-Za-z]/u.test(text);
}

/**
 * Latin letters with accents, one byte each, within words: a lone one among letters (`Jérôme`, `Äneas`), or two together
 * among small letters (`Größe`) or capitals (`GRÖÄE`). Chinese characters come as pairs and stand apart from words.
 */
export function looksLatin(bytes: Uint8Array): boolean {
  let text = '';
  for (const byte of bytes) text += String.fromCharCode(byte);
  const words = text.match(/[A-Za-z\u0080-\u00ff]+/g) ?? [];
  const accented = words.filter((word) => /[\u0080-\u00ff]/.test(word));
  return accented.length > 0 && accented.every((word) => LATIN_WORD.test(word));
}

/** Letters of ISO 8859-1 are C0 to FF, without × and ÷; signs beside units and numbers are `°±²³µ·`. */
const LATIN_WORD =
  /^(?:[°±²³µ·]{1,2}|[°µ]?(?:[À-ÖØ-Þ](?=[A-Za-z])|[ß-öø-ÿ](?=[a-z]))?(?:[A-Za-z]|(?<=[A-Za-z])[À-ÖØ-öø-ÿ](?![À-ÿ])|(?<=[a-z])[ß-öø-ÿ]{2}(?![À-ÿ])|(?<=[A-Z])[À-ÖØ-Þ]{2}(?![À-ÿ]))*[²³]?)$/;

/** Two bytes beyond ASCII side by side, as nearly every Chinese text has them. */
export function hasPair(bytes: Uint8Array): boolean {
  return bytes.some((byte, k) => byte >= 0x80 && (bytes[k + 1] ?? 0) >= 0x80);
}
