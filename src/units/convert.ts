/**
 * Conversion between units of one dimension, and between mass and substance for known analytes, with exact
 * decimal factors (no floating point). Rounding: see `scaleDecimal`; a converted number is there to be compared.
 */
import { asDecimal, compareDecimals, scaleDecimal, type Decimal } from '../base/decimal.ts';
import { ANALYTES, type Analyte } from './analytes.ts';
import { readUcum, type UnitFactor } from './ucum.ts';

export type UnitComparison = 'same' | 'convertible' | 'different' | 'unknown';

export interface Conversion {
  readonly value: Decimal;
  /** UCUM codes. */
  readonly from: string;
  readonly to: string;
  /** Catalogue item: gives the molar mass, the valence, and whether U and [IU] are one. */
  readonly molarMassOf?: string;
}

/** The value in the other unit, or undefined when the units cannot be converted for this item. */
export function convertUnit(conversion: Conversion): Decimal | undefined {
  const { value, from, to, molarMassOf } = conversion;
  if (from === to) return value;
  const factor = factorBetween(from, to, molarMassOf);
  return factor === undefined ? undefined : scaleDecimal(value, factor.numerator, factor.denominator);
}

/**
 * How two units of one item's results compare. `unknown`: a unit is missing or cannot be read, or one of
 * the two says in braces what it counts and the other does not (`mg/L{FEU}` and `mg/L` differ by two).
 */
export function comparableUnit(a: string | undefined, b: string | undefined, item?: string): UnitComparison {
  const left = a === undefined ? undefined : measureOf(a);
  const right = b === undefined ? undefined : measureOf(b);
  if (left === undefined || right === undefined) return 'unknown';
  if (left.annotation !== right.annotation) {
    return left.annotation === '' || right.annotation === '' ? 'unknown' : 'different';
  }
  if (a === b) return 'same';
  const factor = factorBetween(a as string, b as string, item);
  if (factor === undefined) return 'different';
  return compareDecimals(factor.numerator, factor.denominator) === 0 ? 'same' : 'convertible';
}

/** A unit as base atoms × power of ten × whole numbers. */
interface Measure {
  /** Base atoms with exponents, sorted; `mol/mol` is not cancelled: it is no percentage. */
  readonly dimension: string;
  readonly power: number;
  readonly times: bigint;
  readonly per: bigint;
  /** What the braces say is counted. */
  readonly annotation: string;
}

interface Factor {
  readonly numerator: Decimal;
  readonly denominator: Decimal;
}

/** Time units in seconds. */
const SECONDS: ReadonlyMap<string, bigint> = new Map([
  ['min', 60n],
  ['h', 3_600n],
  ['d', 86_400n],
  ['wk', 604_800n],
]);

const POWERS: ReadonlyMap<string, number> = new Map([
  ['10*', 1],
  ['%', -2],
  ['[ppth]', -3],
  ['[ppm]', -6],
  ['[ppb]', -9],
]);

/** Braces that name the number and change nothing. */
const HARMLESS = new Set(['ratio', 'cells', 'creat', 'RBC', 'WBC', 'beats', 'Hb', 'INR']);

/** Units remembered, readable or not; the memory starts anew when full. */
const REMEMBERED_MAX = 1024;
const remembered = new Map<string, Measure | undefined>();

function measureOf(code: string): Measure | undefined {
  if (remembered.has(code)) return remembered.get(code);
  const unit = readUcum(code);
  const measure = unit === undefined ? undefined : measureFactors(unit.factors);
  if (remembered.size >= REMEMBERED_MAX) remembered.clear();
  remembered.set(code, measure);
  return measure;
}

function measureFactors(factors: readonly UnitFactor[]): Measure {
  const above = new Map<string, number>();
  const below = new Map<string, number>();
  const annotations: string[] = [];
  let power = 0;
  let times = 1n;
  let per = 1n;
  for (const { prefix, atom, exponent, annotation } of factors) {
    power += prefix * exponent + (POWERS.get(atom) ?? 0) * exponent;
    const whole = SECONDS.get(atom) ?? (/^\d+$/.test(atom) ? BigInt(atom) : 1n);
    if (exponent > 0) times *= whole ** BigInt(exponent);
    else per *= whole ** BigInt(-exponent);
    if (annotation !== '' && !HARMLESS.has(annotation)) annotations.push(annotation);
    const base = SECONDS.has(atom) ? 's' : POWERS.has(atom) || /^\d*$/.test(atom) ? '' : atom;
    const side = exponent > 0 ? above : below;
    if (base !== '') side.set(base, (side.get(base) ?? 0) + Math.abs(exponent));
  }
  // A haematocrit in L/L is a plain fraction; other shares keep what they are shares of.
  if (printSide(above) === 'L1' && printSide(below) === 'L1') [above, below].forEach((side) => side.clear());
  return {
    dimension: `${printSide(above)}/${printSide(below)}`,
    power,
    times,
    per,
    annotation: annotations.toSorted().join(' '),
  };
}

function printSide(side: ReadonlyMap<string, number>): string {
  return [...side]
    .map(([atom, exponent]) => atom + String(exponent))
    .toSorted()
    .join('.');
}

function factorBetween(from: string, to: string, item: string | undefined): Factor | undefined {
  const left = measureOf(from);
  const right = measureOf(to);
  if (left === undefined || right === undefined || left.annotation !== right.annotation) return undefined;
  const analyte = item === undefined ? undefined : ANALYTES.get(item);
  const bridge = left.dimension === right.dimension ? ONE : bridgeOf(left.dimension, right.dimension, analyte);
  if (bridge === undefined || AFFINE.test(left.dimension)) return undefined;
  const numerator = scale(bridge.numerator, left.times * right.per, left.power - right.power);
  const denominator = scale(bridge.denominator, right.times * left.per, 0);
  return numerator === undefined || denominator === undefined ? undefined : { numerator, denominator };
}

function scale(numerator: string, times: bigint, power: number): Decimal | undefined {
  const whole = asDecimal(`${times}e${power}`);
  return whole === undefined ? undefined : scaleDecimal(whole, numerator as Decimal, '1' as Decimal);
}

/** Scales with their own zero or logarithm: nothing is a factor of them. */
const AFFINE = /Cel|\[degF\]|\[pH\]/;

/** Pascals in a metre of mercury (UCUM 2.2, table of other units). */
const PASCALS = '133322';

const ONE = { numerator: '1', denominator: '1' };

/** Between two dimensions, by what is known of the analyte: gram ↔ mole ↔ equivalent, U ↔ [IU]. */
function bridgeOf(left: string, right: string, analyte: Analyte | undefined) {
  const { molarMass, valence, oneUnit } = analyte ?? {};
  const swaps = (from: string, to: string) => left.startsWith(`${from}1/`) && left.replace(from, to) === right;
  if (swaps('m[Hg]', 'Pa')) return { numerator: PASCALS, denominator: '1' };
  if (swaps('Pa', 'm[Hg]')) return { numerator: '1', denominator: PASCALS };
  if (molarMass !== undefined && swaps('g', 'mol')) return { numerator: '1', denominator: molarMass };
  if (molarMass !== undefined && swaps('mol', 'g')) return { numerator: molarMass, denominator: '1' };
  if (valence !== undefined && swaps('mol', 'eq')) return { numerator: valence, denominator: '1' };
  if (valence !== undefined && swaps('eq', 'mol')) return { numerator: '1', denominator: valence };
  return oneUnit === true && oneUnitOf(left) === oneUnitOf(right) ? ONE : undefined;
}

function oneUnitOf(dimension: string): string {
  return dimension.replace(/^(?:U|\[IU\]|\[arb'U\])1\//, 'U1/');
}
