/**
 * Decimal: a FHIR decimal as it was written (R4 2.24.0.1: precision is significant).
 * A branded string; JavaScript numbers never touch a result's value (SETTLED 1).
 */
import { Big } from 'big.js';

export type Decimal = string & { readonly __brand: 'Decimal' };

const FHIR_DECIMAL = /^-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d{1,6})?$/;

/** Digits kept when an exact result does not end (a third of one): far more than a laboratory measures. */
const DIGITS_KEPT = 12;

/** Exponents beyond this are no measurement; arithmetic on them would only make long texts. */
const EXPONENT_MAX = 400;

/** Division keeps this many decimal places before `DIGITS_KEPT` rounds; its own copy, so no global is set. */
const Exact = Big();
Exact.DP = 120;

/** The text as a Decimal when it is one by FHIR's grammar and of a sane size, else undefined. */
export function asDecimal(text: string): Decimal | undefined {
  return text.length <= 64 && FHIR_DECIMAL.test(text) ? (text as Decimal) : undefined;
}

/** Negative, zero or positive, by value: 1.0 equals 1.00. */
export function compareDecimals(left: Decimal, right: Decimal): number {
  return new Exact(left).cmp(new Exact(right));
}

/** True when rounding the value to the digits of `written` gives it: 5.38 to 5.4. The upper half belongs to the next. */
export function roundsTo(value: Decimal, written: Decimal): boolean {
  const centre = new Exact(written);
  const [mantissa = '', exponent = '0'] = written.toLowerCase().split('e');
  const digits = (mantissa.split('.')[1]?.length ?? 0) - Number(exponent);
  if (Math.abs(digits) > EXPONENT_MAX) return compareDecimals(value, written) === 0;
  const half = new Exact(`5e${-digits - 1}`);
  const difference = new Exact(value).minus(centre);
  return difference.gte(half.neg()) && difference.lt(half);
}

/** True when the two differ by a tenth of the second at most. */
export function isWithinTenth(value: Decimal, of: Decimal): boolean {
  const centre = new Exact(of);
  return new Exact(value).minus(centre).abs().times(10).lte(centre.abs());
}

/** left × factor + right, exactly; undefined when an exponent is absurd. */
export function addDecimals(left: Decimal, right: Decimal, factor: Decimal = '1' as Decimal): Decimal | undefined {
  const [a, b, c] = [new Exact(left), new Exact(right), new Exact(factor)];
  if ([a, b, c].some((big) => Math.abs(big.e) > EXPONENT_MAX)) return undefined;
  return asDecimal(a.times(c).plus(b).toFixed());
}

/**
 * value × numerator ÷ denominator, without floating point. Exact when the result ends within 12
 * significant digits or needs no rounding at all; else rounded half to even to 12 digits. It is a number to
 * compare with, not a measurement: the precision of the source is not carried over. Undefined when
 * the denominator is zero or an exponent is absurd.
 */
export function scaleDecimal(value: Decimal, numerator: Decimal, denominator: Decimal): Decimal | undefined {
  const [a, b, c] = [new Exact(value), new Exact(numerator), new Exact(denominator)];
  if (c.eq(0) || [a, b, c].some((big) => Math.abs(big.e) > EXPONENT_MAX)) return undefined;
  const product = a.times(b);
  const quotient = product.div(c);
  const whole = quotient.times(c).eq(product) ? quotient : quotient.prec(DIGITS_KEPT, 2);
  const text = whole.toString();
  return asDecimal(text) ?? asDecimal(whole.prec(DIGITS_KEPT, 2).toString());
}
