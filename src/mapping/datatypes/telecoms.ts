/** XTN (v2.5 2.A.89) → the number or address, and its system. */
import { lookUp } from '../code-table.ts';
import { table0202 } from '../generated/codes.ts';
import type { Reading } from '../reading.ts';

/** XTN.12, XTN.4 where an e-mail address stands, XTN.1, else the number put together from XTN.5 to 8. */
export function xtnToValue(s: Reading, f: number, r: number, c: number): string | undefined {
  const email = s.part(f, r, c, 4);
  if (email !== undefined && isMail(s, f, r, c)) return email;
  const whole = s.part(f, r, c, 12) ?? s.part(f, r, c, 1);
  if (whole !== undefined) {
    markParts(s, f, r, c, whole);
    return whole;
  }
  const [country, area, local, extension] = [5, 6, 7, 8].map((n) => s.part(f, r, c, n));
  if (local === undefined) return email;
  const number = [country === undefined ? '' : `+${country.replace(/^\+/, '')}`, area ?? '', local]
    .filter((part) => part !== '')
    .join(' ');
  return extension === undefined ? number : `${number} ext. ${extension}`;
}

/** The parts that the whole number repeats are read with it. */
function markParts(s: Reading, f: number, r: number, c: number, whole: string): void {
  const digits = whole.replace(/\D/g, '');
  for (const n of [1, 5, 6, 7, 8, 12]) {
    const part = s.peek(f, r, c, n)?.replace(/\D/g, '');
    if (part !== undefined && part !== '' && digits.includes(part)) s.part(f, r, c, n);
  }
}

function isMail(s: Reading, f: number, r: number, c: number): boolean {
  const type = s.peek(f, r, c, 3)?.toUpperCase();
  return (
    type === 'INTERNET' ||
    type === 'X.400' ||
    s.peek(f, r, c, 2) === 'NET' ||
    (s.peek(f, r, c, 1) ?? s.peek(f, r, c, 12)) === undefined
  );
}

export function xtnToSystem(s: Reading, f: number, r: number, c: number): string | undefined {
  const type = s.part(f, r, c, 3);
  const use = s.peek(f, r, c, 2);
  if (type !== undefined) return lookUp(table0202, type)?.code ?? 'other';
  if (use === 'NET') {
    s.part(f, r, c, 2);
    return 'email';
  }
  if (
    s.peek(f, r, c, 4) !== undefined &&
    s.peek(f, r, c, 1) === undefined &&
    s.peek(f, r, c, 12) === undefined &&
    s.peek(f, r, c, 7) === undefined
  )
    return 'email';
  const value = s.peek(f, r, c, 12) ?? s.peek(f, r, c, 1) ?? s.peek(f, r, c, 7);
  return value === undefined ? undefined : value.includes('@') ? 'email' : 'phone';
}

export function cellularToMobile(): string {
  return 'mobile';
}
