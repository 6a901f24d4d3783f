/**
 * Bytes of DICOM texts by their Specific Character Set (PS3.3 C.12.1.1.2, PS3.5 6.1): decoded before anything is split,
 * since a second byte of GB18030 may be a backslash. A label that the bytes contradict is not believed, and told.
 */
const CHARSETS: Readonly<Record<string, string>> = {
  ISOIR100: 'iso-8859-1',
  ISOIR101: 'iso-8859-2',
  ISOIR109: 'iso-8859-3',
  ISOIR110: 'iso-8859-4',
  ISOIR144: 'iso-8859-5',
  ISOIR127: 'iso-8859-6',
  ISOIR126: 'iso-8859-7',
  ISOIR138: 'iso-8859-8',
  ISOIR148: 'windows-1254',
  ISOIR13: 'shift_jis',
  ISOIR166: 'windows-874',
  ISOIR192: 'utf-8',
  GB18030: 'gb18030',
  GBK: 'gb18030',
  GB2312: 'gb18030',
  ISO2022IR58: 'gb18030',
  ISO2022IR149: 'euc-kr',
  ISO2022IR87: 'iso-2022-jp',
};

export interface DicomText {
  readonly text: string;
  /** The label does not fit the bytes, or there was none and the bytes are no ASCII. */
  readonly guessed: boolean;
}

/** Escape sequences of ISO 2022 that announce what GB18030 and EUC-KR read without them. */
const ESCAPES = /\u001b\$?[()][A-Z0-9]/g;

export function decodeDicomText(bytes: Uint8Array, charsets: readonly string[]): DicomText {
  if (bytes.every((byte) => byte < 0x80 && byte !== 0x1b))
    return { text: decode(bytes, 'utf-8') ?? '', guessed: false };
  const named = charsets.map((name) => CHARSETS[name.toUpperCase().replace(/[^A-Z0-9]/g, '')]);
  const label = named.findLast((name) => name !== undefined);
  // Strictly valid UTF-8 beyond ASCII is no accident, whatever the label (SETTLED 27).
  const utf8 = decode(bytes, 'utf-8');
  if (utf8 !== undefined && /[\u3400-\u9fff]/.test(utf8)) return { text: utf8, guessed: label !== 'utf-8' };
  const stated = label === undefined ? undefined : decode(bytes, label);
  const isLatin = label === 'iso-8859-1';
  const chinese = isLatin || stated === undefined ? decode(bytes, 'gb18030') : undefined;
  // Bytes under a Latin label that pair up as Chinese characters throughout are GBK under a copied label.
  if (chinese !== undefined && (stated === undefined || isChineseOnly(chinese)))
    return { text: plain(chinese), guessed: true };
  if (stated !== undefined) return { text: plain(stated), guessed: false };
  return { text: utf8 ?? decode(bytes, 'iso-8859-1') ?? '', guessed: true };
}

function isChineseOnly(text: string): boolean {
  const beyond = text.match(/[^\0-\u007f]/gu) ?? [];
  return beyond.length > 0 && beyond.every((character) => /[\u3400-\u9fff\u3000-\u303f\uff00-\uffef]/.test(character));
}

function plain(text: string): string {
  return text.replace(ESCAPES, '');
}

function decode(bytes: Uint8Array, label: string): string | undefined {
  try {
    return new TextDecoder(label, { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}
