/**
 * Terms of (0008,0005) Specific Character Set (PS3.3 C.12.1.1.2) and what `TextDecoder` calls them, with the terms that
 * are no terms but are met (`GB2312`, `ISO-IR 100`, `UTF-8`). GB18030 stands for GBK and GB 2312: it holds both, and the
 * label `gbk` reads four-byte characters wrongly on some Node versions.
 */
const LABELS: Readonly<Record<string, string>> = {
  ISOIR100: 'windows-1252',
  ISOIR101: 'iso-8859-2',
  ISOIR109: 'iso-8859-3',
  ISOIR110: 'iso-8859-4',
  ISOIR144: 'iso-8859-5',
  ISOIR127: 'iso-8859-6',
  ISOIR126: 'iso-8859-7',
  ISOIR138: 'iso-8859-8',
  ISOIR148: 'windows-1254',
  ISOIR203: 'iso-8859-15',
  ISOIR166: 'windows-874',
  ISOIR13: 'shift_jis',
  ISOIR87: 'euc-jp',
  ISOIR159: 'euc-jp',
  ISOIR149: 'euc-kr',
  ISOIR58: 'gb18030',
  ISOIR192: 'utf-8',
  GB18030: 'gb18030',
  GBK: 'gb18030',
  GB2312: 'gb18030',
  GB231280: 'gb18030',
  CP936: 'gb18030',
  UTF8: 'utf-8',
  LATIN1: 'windows-1252',
  ISO88591: 'windows-1252',
  BIG5: 'big5',
  SHIFTJIS: 'shift_jis',
  EUCKR: 'euc-kr',
};

/** What a file states of its texts. */
export interface StatedCharset {
  /** The set that every text begins in; undefined when none is stated, or ASCII. */
  readonly label: string | undefined;
  /** A set of a later value, for bytes beyond ASCII that no escape sequence announces. */
  readonly second: string | undefined;
  /** A term that is not known. */
  readonly unknown: boolean;
}

const ASCII_TERMS = new Set(['', 'ISOIR6', 'ASCII', 'USASCII']);

/** Values of (0008,0005), the empty first one kept. */
export function statedCharset(terms: readonly string[]): StatedCharset {
  const names = terms.map((term) =>
    term
      .toUpperCase()
      .replace(/[^A-Z0-9]/g, '')
      .replace(/^ISO2022/, 'ISO')
      .replace(/^ISO(?=GB)/, ''),
  );
  const labels = names.map((name) => (Object.hasOwn(LABELS, name) ? LABELS[name] : undefined));
  return {
    label: labels[0],
    second: labels.slice(1).find((label) => label !== undefined),
    unknown: names.some((name, k) => labels[k] === undefined && !ASCII_TERMS.has(name)),
  };
}

/** A set that an escape sequence calls up: G0 is read by bytes below 80, G1 by those above. */
export interface Designation {
  readonly side: 'G0' | 'G1';
  /** The decoder of its bytes once their high bit is set. */
  readonly label: string;
  /** Bytes of one character. */
  readonly width: 1 | 2;
  /** Put before each character: JIS X 0212 within EUC-JP. */
  readonly prefix?: number;
}

const g0 = (label: string, width: 1 | 2, prefix?: number): Designation => ({
  side: 'G0',
  label,
  width,
  ...(prefix === undefined ? {} : { prefix }),
});
const g1 = (label: string, width: 1 | 2 = 1): Designation => ({ side: 'G1', label, width });

/**
 * What follows ESC (PS3.3 Tables C.12-3 and C.12-4), and some that ISO-2022-JP, -KR and -CN write.
 */
export const DESIGNATIONS: ReadonlyMap<string, Designation> = new Map([
  ['(B', g0('ascii', 1)],
  ['(J', g0('ascii', 1)],
  ['(I', g0('shift_jis', 1)],
  ['$@', g0('euc-jp', 2)],
  ['$B', g0('euc-jp', 2)],
  ['$(B', g0('euc-jp', 2)],
  ['$(D', g0('euc-jp', 2, 0x8f)],
  ['$A', g0('gb18030', 2)],
  ['$(A', g0('gb18030', 2)],
  ['$(C', g0('euc-kr', 2)],
  [')I', g1('shift_jis')],
  ['$)A', g1('gb18030', 2)],
  ['$)C', g1('euc-kr', 2)],
  ['-A', g1('windows-1252')],
  ['-B', g1('iso-8859-2')],
  ['-C', g1('iso-8859-3')],
  ['-D', g1('iso-8859-4')],
  ['-L', g1('iso-8859-5')],
  ['-G', g1('iso-8859-6')],
  ['-F', g1('iso-8859-7')],
  ['-H', g1('iso-8859-8')],
  ['-M', g1('windows-1254')],
  ['-T', g1('windows-874')],
  ['-b', g1('iso-8859-15')],
]);

/** Labels whose characters beyond ASCII are of two bytes or four. */
export function isWide(label: string): boolean {
  return label === 'gb18030' || label === 'euc-kr' || label === 'euc-jp' || label === 'big5' || label === 'shift_jis';
}
