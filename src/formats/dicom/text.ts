/**
 * Bytes of DICOM texts by their Specific Character Set (PS3.3 C.12.1.1.2, PS3.5 6.1): decoded before anything is split,
 * since a second byte of GB18030 may be a backslash. A label that the bytes contradict is not believed: what was taken
 * instead is told, so that the same bytes can be decoded again by another.
 */
import { statedCharset } from './charsets.ts';
import { loosely, strictly, strictlyOrCut } from './decode-bytes.ts';
import { decodeIso2022 } from './iso-2022.ts';
import { hasHan, hasPair, looksChinese, looksLatin, looksLikeLetters } from './text-guess.ts';

/** `PN`: `\`, `^` and `=` bring the first set back; `text` (ST, LT, UT): none of them does; else `\` does. */
export type TextKind = 'PN' | 'text' | 'values';

export interface DicomText {
  readonly text: string;
  /** A label of the Encoding Standard, `ascii`, or `iso-2022` where escape sequences ruled. */
  readonly label: string;
  /** The label is not what the file states, or it states none and the bytes are no ASCII. */
  readonly guessed: boolean;
}

export interface TextOptions {
  readonly kind?: TextKind;
  /** What longer texts of the same file were found to be in: rules where one text alone says too little. */
  readonly hint?: string;
  /** Decodes by this label, whatever the file states. */
  readonly as?: string;
}

const RESETS: Readonly<Record<TextKind, string>> = { PN: '\\^=', values: '\\', text: '' };

/** `charsets` are the values of (0008,0005), an empty first one kept. Never throws. */
export function decodeDicomText(bytes: Uint8Array, charsets: readonly string[], options: TextOptions = {}): DicomText {
  const ascii = asciiOf(bytes);
  if (ascii !== undefined) return { text: ascii, label: 'ascii', guessed: false };
  const hasEscape = bytes.includes(0x1b);
  if (options.as !== undefined) return { text: decodeAs(bytes, options.as), label: options.as, guessed: false };
  const stated = statedCharset(charsets);
  const label = upperSet(stated.label) ?? upperSet(stated.second);
  if (hasEscape && label !== 'utf-8') {
    const resets = RESETS[options.kind ?? 'values'];
    const { text, damaged } = decodeIso2022(bytes, label, resets);
    // Escape sequences say what they call up; without a character set stated nobody said that they would come.
    if (!damaged) return { text, label: 'iso-2022', guessed: (stated.label ?? stated.second) === undefined };
    const bare = withoutEscapes(bytes);
    const utf8 = strictly(bare, 'utf-8');
    return hasHan(utf8 ?? '')
      ? { text: utf8 as string, label: 'utf-8', guessed: true }
      : { text, label: 'iso-2022', guessed: true };
  }
  const made = byLabel(hasEscape ? withoutEscapes(bytes) : bytes, label, options.hint);
  return made.text.startsWith('\ufeff') ? { ...made, text: made.text.slice(1) } : made;
}

/** By one label, U+FFFD where it does not fit; by `windows-1252` when there is no such label. */
export function decodeAs(bytes: Uint8Array, label: string): string {
  if (label === 'iso-2022') return decodeIso2022(bytes, undefined, RESETS.PN).text;
  return loosely(withoutEscapes(bytes), label) ?? loosely(bytes, 'windows-1252') ?? '';
}

/** JIS X 0208 and 0212 are in G0: bytes beyond ASCII that nobody announced are not theirs. */
function upperSet(label: string | undefined): string | undefined {
  return label === 'euc-jp' ? undefined : label;
}

function byLabel(bytes: Uint8Array, label: string | undefined, hint: string | undefined): DicomText {
  if (label === 'utf-8') {
    const text = strictly(bytes, label);
    return text === undefined ? unfitting(bytes, label, hint) : { text, label, guessed: false };
  }
  const utf8 = strictlyOrCut(bytes, 'utf-8');
  // Strictly valid UTF-8 with a Chinese character is no accident, whatever the label (SETTLED 27).
  if (utf8 !== undefined && hasHan(utf8)) return { text: utf8, label: 'utf-8', guessed: true };
  if (label === undefined) return unlabelled(bytes, hint);
  if (label === 'windows-1252') {
    const other = chinese(bytes, utf8, hint, false);
    return other ?? { text: loosely(bytes, label) ?? '', label, guessed: false };
  }
  const text = strictly(bytes, label);
  return text === undefined ? unfitting(bytes, label, hint) : { text, label, guessed: false };
}

/** What is stated does not fit: another set that does, or it all the same with what is damaged marked. */
function unfitting(bytes: Uint8Array, label: string, hint: string | undefined): DicomText {
  const other = unlabelled(bytes, hint);
  if (other.label !== 'windows-1252' || looksLatin(bytes)) return other;
  return { text: loosely(bytes, label) ?? other.text, label, guessed: true };
}

/** Nothing stated, or what is stated does not fit: UTF-8, then GB18030, then Latin letters. */
function unlabelled(bytes: Uint8Array, hint: string | undefined): DicomText {
  const utf8 = strictlyOrCut(bytes, 'utf-8');
  if (utf8 !== undefined && hasHan(utf8)) return { text: utf8, label: 'utf-8', guessed: true };
  const found = chinese(bytes, utf8, hint, true);
  if (found !== undefined) return found;
  if (utf8 !== undefined) return { text: utf8, label: 'utf-8', guessed: true };
  return { text: loosely(bytes, 'windows-1252') ?? '', label: 'windows-1252', guessed: true };
}

/**
 * UTF-8 or GB18030 in the place of Latin letters or of nothing stated. With `isFree` any valid GB18030 will do; else only
 * Chinese characters throughout, as bytes under a copied label of Latin letters are.
 */
function chinese(
  bytes: Uint8Array,
  utf8: string | undefined,
  hint: string | undefined,
  isFree: boolean,
): DicomText | undefined {
  if (utf8 !== undefined && (looksLikeLetters(utf8) || hint === 'utf-8'))
    return { text: utf8, label: 'utf-8', guessed: true };
  if (looksLatin(bytes)) return undefined;
  const text = strictlyOrCut(bytes, 'gb18030');
  if (text === undefined) return undefined;
  const isTold = isFree || hint === 'gb18030';
  const isEnough = (isTold && !text.endsWith('\ufffd')) || ((isTold || hasPair(bytes)) && looksChinese(text));
  return isEnough ? { text, label: 'gb18030', guessed: true } : undefined;
}

/** Most texts are this; undefined when a byte is beyond ASCII or begins an escape sequence. */
function asciiOf(bytes: Uint8Array): string | undefined {
  let text = '';
  for (const byte of bytes) {
    if (byte >= 0x80 || byte === 0x1b) return undefined;
    text += String.fromCharCode(byte);
  }
  return text;
}

/** Without the sequences that announce what a label already says. */
function withoutEscapes(bytes: Uint8Array): Uint8Array {
  if (!bytes.includes(0x1b)) return bytes;
  const kept: number[] = [];
  for (let at = 0; at < bytes.length; at++) {
    if (bytes[at] !== 0x1b) kept.push(bytes[at] as number);
    else {
      const isNext = (byte: number | undefined): boolean => byte !== undefined && byte >= 0x20 && byte < 0x30;
      let end = at + 1;
      while (isNext(bytes[end]) && end < at + 3) end += 1;
      at = end === at + 1 ? at : end;
    }
  }
  return Uint8Array.from(kept);
}
