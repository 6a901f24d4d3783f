/**
 * Limb leads that a file leaves out because they follow from I and II (Einthoven, Goldberger): III = II − I,
 * aVR = −(I + II)/2, aVL = I − II/2, aVF = II − I/2. Halves are kept exactly by halving the scale instead of the sample.
 */
import { type Decimal, scaleDecimal } from '../base/decimal.ts';
import type { EcgLead } from '../terms/parsed/ecg.ts';
import { DERIVED_LEADS, leadName } from './leads.ts';

const ONE = '1' as Decimal;
const TWO = '2' as Decimal;

/** What each derived lead is, in units of I and II, over its divisor; and how many halves of their offset remain. */
const RULES = [
  { number: DERIVED_LEADS.III, i: -1, ii: 1, half: false, offsetHalves: '0' },
  { number: DERIVED_LEADS.aVR, i: -1, ii: -1, half: true, offsetHalves: '-2' },
  { number: DERIVED_LEADS.aVL, i: 2, ii: -1, half: true, offsetHalves: '1' },
  { number: DERIVED_LEADS.aVF, i: -1, ii: 2, half: true, offsetHalves: '1' },
] as const;

/** A recording longer than an hour is looked at in parts: four leads more of it would cost more memory than the file. */
const SAMPLES_MAX = 2_000_000;

/**
 * The leads with those limb leads added (marked `derived`, behind the others) that the group does not hold. Nothing is
 * added where I or II is missing, or where they differ in scale, offset or length: then no exact value exists.
 */
export function withDerivedLeads(leads: readonly EcgLead[]): readonly EcgLead[] {
  const one = leads.find(({ number }) => number === 1);
  const two = leads.find(({ number }) => number === 2);
  if (one === undefined || two === undefined || !areComparable(one, two)) return leads;
  const missing = RULES.filter(({ number }) => !leads.some((lead) => lead.number === number));
  return missing.length === 0 ? leads : [...leads, ...missing.map((rule) => derive(rule, one, two))];
}

function areComparable(one: EcgLead, two: EcgLead): boolean {
  return (
    one.samples.length === two.samples.length &&
    one.samples.length <= SAMPLES_MAX &&
    one.scale !== undefined &&
    one.scale === two.scale &&
    one.offset === two.offset
  );
}

/** No sample: outside of what 16 or 24 bits and their sums can be. */
const ABSENT = -0x8000_0000;

function derive(rule: (typeof RULES)[number], one: EcgLead, two: EcgLead): EcgLead {
  const { length } = one.samples;
  const samples = new Int32Array(length);
  const [first, second, noFirst, noSecond] = [one.samples, two.samples, one.absent, two.absent];
  const { i, ii } = rule;
  let holes = false;
  for (let k = 0; k < length; k++) {
    const a = first[k] as number;
    const b = second[k] as number;
    if (a === noFirst || b === noSecond) {
      holes = true;
      samples[k] = ABSENT;
    } else samples[k] = i * a + ii * b;
  }
  const scale = one.scale as Decimal;
  return {
    name: leadName(rule.number) as string,
    number: rule.number,
    samples,
    scale: rule.half ? (scaleDecimal(scale, ONE, TWO) ?? scale) : scale,
    offset: scaleDecimal(one.offset, rule.offsetHalves as Decimal, TWO) ?? one.offset,
    ...(holes ? { absent: ABSENT } : {}),
    derived: true,
    at: one.at,
  };
}
