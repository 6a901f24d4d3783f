/**
 * Resident ID numbers that no human can have: GB 11643-1999 with the address code 000000 (which GB/T 2260
 * never assigns), birth date and sex agreeing with the person, the check digit right.
 */
const IMPOSSIBLE_ADDRESS = '000000';
const WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
const CHECK_DIGITS = '10X98765432';

/**
 * @param birthDay YYYY-MM-DD
 * @param serial 0..498; the sequence number is made odd for men, even for women
 */
export function residentNumber(birthDay: string, sex: 'male' | 'female', serial: number): string {
  const sequence = 2 * serial + (sex === 'male' ? 1 : 2);
  const body = IMPOSSIBLE_ADDRESS + birthDay.replaceAll('-', '') + String(sequence).padStart(3, '0');
  return body + checkDigit(body);
}

/** The number as it was before 1999: no century, no check digit. */
export function fifteenDigits(number: string): string {
  return number.slice(0, 6) + number.slice(8, 17);
}

export function fullWidth(number: string): string {
  return Array.from(number, (sign) => String.fromCharCode(sign.charCodeAt(0) + 0xfee0)).join('');
}

/** GB 11643 4.3: ISO 7064 MOD 11-2 over the first seventeen. */
function checkDigit(body: string): string {
  const sum = WEIGHTS.reduce((total, weight, i) => total + weight * Number(body.charAt(i)), 0);
  return CHECK_DIGITS.charAt(sum % 11);
}
