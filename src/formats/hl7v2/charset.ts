/** Character sets by their names in MSH-18 (HL7 table 0211) and the misspellings seen in the field. */

type Latin = 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9 | 10 | 11 | 13 | 14 | 15 | 16;

/** `us-ascii`, or a label that every TextDecoder knows. */
export type Charset =
  | 'us-ascii'
  | 'utf-8'
  | 'utf-16le'
  | 'utf-16be'
  | 'gb18030'
  | 'big5'
  | 'euc-kr'
  | 'shift_jis'
  | 'euc-jp'
  | 'iso-2022-jp'
  | `iso-8859-${Latin}`
  | 'windows-1250'
  | 'windows-1251'
  | 'windows-1252';

/** Keys are the names in upper case without blanks and punctuation. */
const NAMES: Readonly<Record<string, Charset>> = {
  ASCII: 'us-ascii',
  USASCII: 'us-ascii',
  ISOIR6: 'us-ascii',
  UNICODE: 'utf-8',
  UNICODEUTF8: 'utf-8',
  UTF8: 'utf-8',
  UNICODEUTF16: 'utf-16be',
  UTF16: 'utf-16be',
  UTF16BE: 'utf-16be',
  UTF16LE: 'utf-16le',
  GB180302000: 'gb18030',
  GB180302005: 'gb18030',
  GB180302022: 'gb18030',
  GB18030: 'gb18030',
  GBK: 'gb18030',
  CP936: 'gb18030',
  MS936: 'gb18030',
  WINDOWS936: 'gb18030',
  GB2312: 'gb18030',
  GB23121980: 'gb18030',
  GB231280: 'gb18030',
  EUCCN: 'gb18030',
  BIG5: 'big5',
  CP950: 'big5',
  KSX1001: 'euc-kr',
  EUCKR: 'euc-kr',
  ISOIR14: 'shift_jis',
  SHIFTJIS: 'shift_jis',
  SJIS: 'shift_jis',
  EUCJP: 'euc-jp',
  ISOIR87: 'iso-2022-jp',
  ISOIR159: 'iso-2022-jp',
  ISO2022JP: 'iso-2022-jp',
  WINDOWS1250: 'windows-1250',
  CP1250: 'windows-1250',
  WINDOWS1251: 'windows-1251',
  CP1251: 'windows-1251',
  WINDOWS1252: 'windows-1252',
  CP1252: 'windows-1252',
  LATIN1: 'iso-8859-1',
};

const LATIN = /^(?:ISO)?8859(1[0-6]|[1-9])$/;
const LABEL_LENGTH_MAX = 40;

/** The character set that a label names, however it is spelt; undefined when it names none. */
export function charsetNamed(label: string): Charset | undefined {
  if (label.length > LABEL_LENGTH_MAX) return undefined;
  const name = label.toUpperCase().replace(/[^A-Z0-9]/g, '');
  if (Object.hasOwn(NAMES, name)) return NAMES[name];
  const part = LATIN.exec(name)?.[1];
  return part === undefined || part === '12' ? undefined : `iso-8859-${Number(part) as Latin}`;
}

/** The text, or undefined when some byte is not valid in the character set. A leading BOM is kept. */
export function decodeStrictly(bytes: Uint8Array, charset: Charset): string | undefined {
  if ((charset === 'utf-8' || charset === 'us-ascii') && !beginsAsUtf8(bytes)) return undefined;
  try {
    return decoder(charset, true).decode(bytes);
  } catch {
    return undefined;
  }
}

const SEQUENCES_LOOKED_AT = 8;

/** Whether the first sequences beyond ASCII are UTF-8's: the decoder's exception is dear, this is not. */
function beginsAsUtf8(bytes: Uint8Array): boolean {
  let seen = 0;
  for (let i = 0; i < bytes.length; i++) {
    const lead = bytes[i] as number;
    if (lead < 0x80) continue;
    if (lead < 0xc2 || lead > 0xf4) return false;
    const trails = lead < 0xe0 ? 1 : lead < 0xf0 ? 2 : 3;
    for (let k = 0; k < trails; k++) {
      i += 1;
      if (((bytes[i] ?? 0) & 0xc0) !== 0x80) return false;
    }
    seen += 1;
    if (seen === SEQUENCES_LOOKED_AT) return true;
  }
  return true;
}

/** The text with U+FFFD for what is not valid. */
export function decodeLossily(bytes: Uint8Array, charset: Charset): string {
  return decoder(charset, false).decode(bytes);
}

const strictDecoders = new Map<Charset, TextDecoder>();
const lossyDecoders = new Map<Charset, TextDecoder>();

function decoder(charset: Charset, fatal: boolean): TextDecoder {
  const decoders = fatal ? strictDecoders : lossyDecoders;
  let found = decoders.get(charset);
  if (found === undefined) {
    // `us-ascii` reads as UTF-8: the bytes that it may hold are the same, all others are told.
    found = new TextDecoder(charset === 'us-ascii' ? 'utf-8' : charset, { fatal, ignoreBOM: true });
    decoders.set(charset, found);
  }
  return found;
}
