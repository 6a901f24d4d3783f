/**
 * The citizen identification number (GB 11643-1999: 6 address, 8 birth date, 3 sequence, 1 check by
 * ISO 7064 MOD 11-2), and the documents numbered by the same rule. Says what a text is, not whose it is.
 */
export const NATIONAL_ID_SYSTEM = 'urn:oid:2.16.156.10011.1.3';

export interface NationalId {
  /** 18 characters, the check digit upper case. */
  readonly number: string;
  /** YYYY-MM-DD. */
  readonly birthDate: string;
  readonly sex: 'male' | 'female';
  readonly converted15: boolean;
  /**
   * Who carries such a number: a citizen, a foreigner with a permanent residence card (2023 form, starts
   * with 9), a resident from Hong Kong, Macao or Taiwan (810000, 820000, 830000). All count alike.
   */
  readonly holder: 'citizen' | 'permanent-resident' | 'hong-kong' | 'macao' | 'taiwan';
}

const WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2] as const;
const CHECKS = '10X98765432';

/**
 * Address codes that are typed to fill the field and that GB/T 2260 never assigned. 000000 is not among
 * them (our synthetic people carry it), nor is 222222 (the former Tonghua prefecture).
 */
const FILLERS: ReadonlySet<string> = new Set([
  '111111',
  '123456',
  '333333',
  '444444',
  '555555',
  '666666',
  '777777',
  '888888',
  '999999',
]);

/** Undefined when the text is no such number: form, check digit, birth date, a filler. */
export function readNationalId(text: string): NationalId | undefined {
  if (text.length > 64) return undefined;
  const plain = text
    .normalize('NFKC')
    .replace(/[\s\p{Default_Ignorable_Code_Point}]/gu, '')
    .toUpperCase();
  const converted15 = /^\d{15}$/.test(plain);
  const number = converted15 ? convert15(plain) : plain;
  if (number === undefined || !/^\d{17}[\dX]$/.test(number)) return undefined;
  if (FILLERS.has(number.slice(0, 6)) || checkOf(number) !== number[17]) return undefined;
  const birthDate = dateIn(number);
  if (birthDate === undefined) return undefined;
  const sex = Number(number[16]) % 2 === 1 ? 'male' : 'female';
  return { number, birthDate, sex, converted15, holder: holderOf(number) };
}

/** The check character of the first 17 digits. */
export function checkOf(digits: string): string {
  let sum = 0;
  for (let i = 0; i < 17; i++) sum += Number(digits[i]) * (WEIGHTS[i] as number);
  return CHECKS[sum % 11] as string;
}

/**
 * The 18 characters of a number of before 1999. Sequences 996 to 999 were kept for people born before
 * 1900, whose century the 15 digits do not say: not converted.
 */
function convert15(digits: string): string | undefined {
  if (digits.slice(12) >= '996') return undefined;
  const body = `${digits.slice(0, 6)}19${digits.slice(6)}`;
  return body + checkOf(body);
}

function dateIn(number: string): string | undefined {
  const year = Number(number.slice(6, 10));
  const month = Number(number.slice(10, 12));
  const day = Number(number.slice(12, 14));
  if (year < 1800 || year > 2099 || month < 1 || month > 12 || day < 1 || day > daysIn(year, month)) return undefined;
  return `${number.slice(6, 10)}-${number.slice(10, 12)}-${number.slice(12, 14)}`;
}

function daysIn(year: number, month: number): number {
  if (month === 2) return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0 ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}

function holderOf(number: string): NationalId['holder'] {
  if (number.startsWith('9')) return 'permanent-resident';
  if (number.startsWith('81')) return 'hong-kong';
  if (number.startsWith('82')) return 'macao';
  if (number.startsWith('83')) return 'taiwan';
  return 'citizen';
}
