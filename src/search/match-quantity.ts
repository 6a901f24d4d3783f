/** Quantities by number, comparator and unit (R4 search.html 3.1.1.4.11). Units are compared, never converted. */
import { compareDecimals, type Decimal, isWithinTenth, roundsTo } from '../base/decimal.ts';
import { type QuantityValue, readQuantity } from './values.ts';

interface Stated {
  readonly value?: Decimal;
  readonly comparator?: string;
  readonly unit?: string;
  readonly system?: string;
  readonly code?: string;
}

export function matchesQuantity(stated: readonly unknown[], text: string): boolean {
  const wanted = readQuantity(text);
  if (wanted === undefined) return false;
  return stated.some((one) => isStated(one) && sameUnit(one, wanted) && lies(one, wanted));
}

function isStated(value: unknown): value is Stated & { value: Decimal } {
  return typeof value === 'object' && value !== null && typeof (value as Stated).value === 'string';
}

function sameUnit(stated: Stated, { system, code }: QuantityValue): boolean {
  if (code === '') return system === '' || stated.system === system;
  if (system !== '') return stated.system === system && stated.code === code;
  return stated.code === code || stated.unit === code;
}

/**
 * A stated number is a point, with a comparator a range (`<5`: all below 5); the prefix asks where it lies. Without
 * prefix 5.4 means what is rounded to it: from 5.35 to below 5.45.
 */
function lies(stated: Stated & { value: Decimal }, { prefix, number }: QuantityValue): boolean {
  const order = compareDecimals(stated.value, number);
  const open = {
    below: stated.comparator?.startsWith('<') ?? false,
    above: stated.comparator?.startsWith('>') ?? false,
  };
  const isPoint = !open.below && !open.above;
  switch (prefix) {
    case 'eq':
      return isPoint && roundsTo(stated.value, number);
    case 'ne':
      return !isPoint || !roundsTo(stated.value, number);
    case 'gt':
      return open.above || order > 0;
    case 'ge':
      return open.above || order >= 0;
    case 'lt':
      return open.below || order < 0;
    case 'le':
      return open.below || order <= 0;
    case 'sa':
      return !open.below && (order > 0 || (order === 0 && stated.comparator === '>'));
    case 'eb':
      return !open.above && (order < 0 || (order === 0 && stated.comparator === '<'));
    case 'ap':
      return isPoint && isWithinTenth(stated.value, number);
  }
}
