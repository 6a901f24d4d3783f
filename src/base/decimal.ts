/**
 * Decimal: a FHIR decimal as it was written (R4 2.24.0.1: precision is significant).
 * A branded string; JavaScript numbers never touch a result's value (SETTLED 1).
 */
import { Big } from 'big.js';

export type Decimal = string & { readonly __brand: 'Decimal' };

const FHIR_DECIMAL = /^-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?$/;

/** The text as a Decimal when it is one by FHIR's grammar and of a sane size, else undefined. */
export function asDecimal(text: string): Decimal | undefined {
  return text.length <= 64 && FHIR_DECIMAL.test(text) ? (text as Decimal) : undefined;
}

/** Negative, zero or positive, by value: 1.0 equals 1.00. */
export function compareDecimals(left: Decimal, right: Decimal): number {
  return new Big(left).cmp(new Big(right));
}
