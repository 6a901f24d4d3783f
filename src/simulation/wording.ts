/** How a dialect writes a unit, an interval, a flag, a value: the spellings that a gateway has to survive. */
import { intervalFor } from './analytes.ts';
import type { Analyte, Interval } from './analytes.ts';
import type { Dialect } from './dialect.ts';
import type { Grade, Measured } from './physiology.ts';

const POWERS: Readonly<Record<Dialect['units'], readonly [nine: string, twelve: string]>> = {
  caret: ['10^9/L', '10^12/L'],
  'caret-unescaped': ['10^9/L', '10^12/L'],
  'times-caret': ['×10^9/L', '×10^12/L'],
  star: ['10*9/L', '10*12/L'],
  giga: ['G/L', 'T/L'],
};

export function unitText(dialect: Dialect, unit: string): string {
  switch (unit) {
    case '10*9/L':
      return POWERS[dialect.units][0];
    case '10*12/L':
      return POWERS[dialect.units][1];
    case 'umol/L':
      return `${dialect.micro}mol/L`;
    case 'U/L':
      return dialect.enzyme;
    case 'm[IU]/L':
      return 'mIU/L';
    case 'm[IU]/mL':
      return dialect.units === 'giga' ? 'mIU/ml' : 'mIU/mL';
    case '{ratio}':
    case '{INR}':
      return '';
    case 's':
      return dialect.flags === 'words' ? '秒' : 's';
    default:
      return unit;
  }
}

export function rangeText(dialect: Dialect, of: Analyte, sex: 'male' | 'female' | undefined): string {
  if (of.unit === '') return dialect.words === 'signs' ? '-' : wordFor(dialect, 'negative');
  if (dialect.range === 'by-sex' || sex === undefined) {
    const [male, female] = [oneRange('-', of, of.male), oneRange('-', of, of.female)];
    return male === female ? male : `男:${male} 女:${female}`;
  }
  return oneRange(dialect.range, of, intervalFor(of, sex));
}

function oneRange(dash: string, of: Analyte, { low, high }: Interval): string {
  if (low !== undefined && high !== undefined) return `${String(low)}${dash}${String(high)}`;
  if (high !== undefined)
    return dash === '～' ? `≤${String(high)}` : of.decimals === 0 ? `0${dash}${String(high)}` : `<${String(high)}`;
  if (low !== undefined) return dash === '～' ? `≥${String(low)}` : `>=${String(low)}`;
  return '';
}

const WORDS: Readonly<Record<Grade, string>> = {
  negative: '阴性',
  weak: '弱阳性',
  positive: '阳性',
  one: '1+',
  two: '2+',
  three: '3+',
};
const SIGNS: Readonly<Record<Grade, string>> = {
  negative: '-',
  weak: '±',
  positive: '+',
  one: '+',
  two: '++',
  three: '+++',
};

export function wordFor(dialect: Dialect, grade: Grade): string {
  const graded = grade === 'one' || grade === 'two' || grade === 'three';
  switch (dialect.words) {
    case 'plain':
      return WORDS[grade];
    case 'signs':
      return SIGNS[grade];
    case 'with-sign':
      return graded ? WORDS[grade] : `${WORDS[grade]}(${SIGNS[grade]})`;
    case 'full-width-sign':
      return graded ? SIGNS[grade].replaceAll('+', '＋') : `${WORDS[grade]}（${SIGNS[grade]}）`;
  }
}

export type Standing = 'normal' | 'high' | 'low' | 'very-high' | 'very-low' | 'abnormal';

export function standingOf(of: Analyte, measured: Measured, sex: 'male' | 'female' | undefined): Standing {
  if (measured.value === undefined) return measured.grade === 'negative' ? 'normal' : 'abnormal';
  // As printed: a value that rounds to the limit stands inside.
  const value = Number(measured.value.toFixed(of.decimals));
  const { low, high } = intervalFor(of, sex ?? 'male');
  if (of.critical?.high !== undefined && value > of.critical.high) return 'very-high';
  if (of.critical?.low !== undefined && value < of.critical.low) return 'very-low';
  if (high !== undefined && value > high) return 'high';
  if (low !== undefined && value < low) return 'low';
  return 'normal';
}

const FLAGS: Readonly<Record<Dialect['flags'], Readonly<Record<Standing, readonly string[]>>>> = {
  letters: { normal: ['N'], high: ['H'], low: ['L'], 'very-high': ['HH'], 'very-low': ['LL'], abnormal: ['A'] },
  repeated: {
    normal: ['', 'N'],
    high: ['H', 'A'],
    low: ['L', 'A'],
    'very-high': ['HH', 'A'],
    'very-low': ['LL', 'A'],
    abnormal: ['A'],
  },
  arrows: { normal: [], high: ['↑'], low: ['↓'], 'very-high': ['↑↑'], 'very-low': ['↓↓'], abnormal: ['*'] },
  words: { normal: ['正常'], high: ['高'], low: ['低'], 'very-high': ['HH'], 'very-low': ['LL'], abnormal: ['异常'] },
};

/** Repetitions of OBX-8. */
export function flagTexts(dialect: Dialect, standing: Standing): readonly string[] {
  return FLAGS[dialect.flags][standing];
}

/** OBX-2 and OBX-5's components. */
export interface WrittenValue {
  readonly type: 'NM' | 'SN' | 'ST';
  readonly components: readonly string[];
}

export function valueText(dialect: Dialect, of: Analyte, measured: Measured): WrittenValue {
  if (measured.value === undefined) return { type: 'ST', components: [wordFor(dialect, measured.grade ?? 'negative')] };
  if (of.floor !== undefined && measured.value < of.floor) {
    const limit = String(of.floor);
    if (dialect.below === 'SN') return { type: 'SN', components: ['<', limit] };
    return { type: dialect.below, components: [dialect.words === 'full-width-sign' ? `＜${limit}` : `<${limit}`] };
  }
  return { type: 'NM', components: [measured.value.toFixed(of.decimals)] };
}
