/**
 * What a laboratory would find in this person today: a constant of the person, shifted by what ails them,
 * moved by biological and analytical variation. Ratios and counts that belong together agree.
 */
import { analyte, intervalFor } from './analytes.ts';
import type { Analyte } from './analytes.ts';
import type { Condition, Person } from './people.ts';
import { randomFor } from './random.ts';
import type { Random } from './random.ts';

export type Grade = 'negative' | 'weak' | 'positive' | 'one' | 'two' | 'three';

/** Exactly one of the two is there. */
export interface Measured {
  readonly value?: number;
  readonly grade?: Grade;
}

/** What ails the person on this visit only. */
export type Acute = 'infection' | 'urinary-infection' | 'dehydration' | 'critical' | undefined;

const EFFECTS: Readonly<Record<Condition | Exclude<Acute, undefined>, Readonly<Record<string, number>>>> = {
  diabetes: { GLU: 1.75, HBA1C: 1.6, TG: 1.4 },
  'kidney-disease': { CREA: 2.2, UREA: 2, UA: 1.4, HGB: 0.82, CYSC: 1.8, CA: 0.95 },
  'fatty-liver': { ALT: 1.9, AST: 1.5, GGT: 2, TG: 1.6 },
  'hepatitis-b': { ALT: 1.4, AST: 1.3 },
  anaemia: { HGB: 0.72, MCH: 0.84, RDW: 1.25 },
  hyperlipidaemia: { LDLC: 1.6, TG: 1.7, HDLC: 0.85 },
  hypothyroid: { TSH: 6, FT4: 0.7 },
  hyperthyroid: { TSH: 0.001, FT4: 2, FT3: 2.2 },
  anticoagulated: { PT: 2.1, APTT: 1.25 },
  infection: { WBC: 1.9, NEUTP: 1.35, CRP: 18, FIB: 1.3 },
  'urinary-infection': { WBC: 1.4, NEUTP: 1.2, CRP: 6 },
  dehydration: { UREA: 1.6, NA: 1.03, CREA: 1.2, HGB: 1.05 },
  critical: { K: 1.5, UREA: 2.5, CREA: 3.5, PLT: 0.15, GLU: 4 },
};

/** Where the middle of the interval is not the middle of people. */
const MIDDLES: Readonly<Record<string, readonly [middle: number, deviation: number]>> = {
  CRP: [2.2, 0.9],
  TBIL: [12.5, 3.2],
  TG: [1.15, 0.3],
  LDLC: [2.55, 0.5],
  HDLC: [1.35, 0.18],
  EOS: [0.14, 0.06],
  HBA1C: [5.2, 0.3],
  TSH: [1.9, 0.7],
};

/** Every analyte of the list, as found on this visit (`visit` names its random stream). */
export function measure(options: {
  readonly seed: string;
  readonly person: Person;
  readonly visit: string;
  readonly acute: Acute;
  readonly analytes: readonly string[];
}): ReadonlyMap<string, Measured> {
  const { seed, person, visit, acute, analytes } = options;
  const moved = randomFor(seed, 'visit', visit);
  const base = (id: string): number => numberFor({ seed, person, acute, of: analyte(id), moved });
  const found = new Map<string, Measured>();
  const related = relatedValues(new Set(analytes), base);
  for (const id of analytes) {
    if (analyte(id).unit === '') found.set(id, { grade: gradeFor(seed, person, acute, id) });
    else if (id === 'HBSAB') found.set(id, { value: surfaceAntibody(seed, person, moved) });
    else found.set(id, { value: related.get(id) ?? base(id) });
  }
  return found;
}

/** Values that follow from others in the same tube. */
function relatedValues(wanted: ReadonlySet<string>, base: (id: string) => number): ReadonlyMap<string, number> {
  const values = new Map<string, number>();
  if (wanted.has('HGB')) {
    const [hgb, mch, mchc, wbc] = [base('HGB'), base('MCH'), base('MCHC'), base('WBC')];
    const neutp = Math.min(base('NEUTP'), 94);
    const lymp = (100 - neutp) * 0.8;
    const rest = 100 - neutp - lymp;
    const rbc = hgb / mch;
    const hct = (hgb / mchc) * 100;
    const derived: Readonly<Record<string, number>> = {
      HGB: hgb,
      MCH: mch,
      MCHC: mchc,
      WBC: wbc,
      RBC: rbc,
      HCT: hct,
      MCV: (hct / rbc) * 10,
      NEUTP: neutp,
      LYMP: lymp,
      NEUT: (wbc * neutp) / 100,
      LYM: (wbc * lymp) / 100,
      MONO: (wbc * rest * 0.7) / 100,
      EOS: (wbc * rest * 0.26) / 100,
      BASO: (wbc * rest * 0.04) / 100,
    };
    for (const [id, value] of Object.entries(derived)) values.set(id, value);
  }
  if (wanted.has('TP')) {
    const [tp, alb, tbil] = [base('TP'), base('ALB'), base('TBIL')];
    const dbil = tbil * 0.3;
    const derived = {
      TP: tp,
      ALB: alb,
      GLO: tp - alb,
      AG: alb / (tp - alb),
      TBIL: tbil,
      DBIL: dbil,
      IBIL: tbil - dbil,
    };
    for (const [id, value] of Object.entries(derived)) values.set(id, value);
  }
  if (wanted.has('TC')) {
    const [tg, hdl, ldl] = [base('TG'), base('HDLC'), base('LDLC')];
    const derived = { TG: tg, HDLC: hdl, LDLC: ldl, TC: hdl + ldl + tg / 2.2 };
    for (const [id, value] of Object.entries(derived)) values.set(id, value);
  }
  if (wanted.has('PT')) {
    const pt = base('PT');
    values.set('PT', pt).set('INR', pt / 12.5);
  }
  return values;
}

function numberFor(options: {
  readonly seed: string;
  readonly person: Person;
  readonly acute: Acute;
  readonly of: Analyte;
  readonly moved: Random;
}): number {
  const { seed, person, acute, of, moved } = options;
  const [middle, deviation] = MIDDLES[of.id] ?? middleOf(of, person.sex);
  const own = randomFor(seed, 'base', person.index, of.id);
  const constant = Math.max(middle + deviation * own.normal(), middle * 0.3);
  const severity = 0.5 + own.next();
  let value = constant;
  for (const ailment of acute === undefined ? person.conditions : [...person.conditions, acute]) {
    const factor = EFFECTS[ailment][of.id];
    if (factor !== undefined) value *= factor < 0.01 ? factor : Math.max(1 + (factor - 1) * severity, 0.1);
  }
  return Math.max(value * (1 + of.within * moved.normal()), 0);
}

function middleOf(of: Analyte, sex: 'male' | 'female'): readonly [number, number] {
  const { low, high } = intervalFor(of, sex);
  if (low !== undefined && high !== undefined) return [(low + high) / 2, (high - low) * 0.2];
  if (high !== undefined) return [high * 0.6, high * 0.15];
  if (low !== undefined) return [low * 1.4, low * 0.15];
  throw new Error('a number without an interval');
}

function gradeFor(seed: string, person: Person, acute: Acute, id: string): Grade {
  const own = randomFor(seed, 'base', person.index, id);
  const has = (condition: Condition): boolean => person.conditions.includes(condition);
  switch (id) {
    case 'HBSAG':
      return has('hepatitis-b') ? 'positive' : 'negative';
    case 'HBEAG':
      return has('hepatitis-b') && own.chance(0.25) ? 'positive' : 'negative';
    case 'HBEAB':
      return has('hepatitis-b') && own.chance(0.7) ? 'positive' : 'negative';
    case 'HBCAB':
      return has('hepatitis-b') || own.chance(0.12) ? 'positive' : 'negative';
    case 'UGLU':
      return has('diabetes') ? own.pick(['negative', 'one', 'two', 'three']) : 'negative';
    case 'UPRO':
      return has('kidney-disease') ? own.pick(['weak', 'one', 'two']) : own.chance(0.05) ? 'weak' : 'negative';
    case 'ULEU':
      return acute === 'urinary-infection' ? own.pick(['one', 'two', 'three']) : 'negative';
    case 'UNIT':
      return acute === 'urinary-infection' && own.chance(0.6) ? 'positive' : 'negative';
    case 'UBLD':
      return acute === 'urinary-infection' || own.chance(0.06) ? own.pick(['weak', 'one', 'two']) : 'negative';
    default:
      return own.chance(0.03) ? 'weak' : 'negative';
  }
}

/** Vaccinated most, below the reportable limit the others and carriers. */
function surfaceAntibody(seed: string, person: Person, moved: Random): number {
  const own = randomFor(seed, 'base', person.index, 'HBSAB');
  if (person.conditions.includes('hepatitis-b') || own.chance(0.3)) return own.next() * 2.5;
  return (8 + own.next() * own.next() * 900) * (1 + 0.1 * moved.normal());
}
