/**
 * A reader of the UCUM codes that laboratories use (UCUM 2.2, case-sensitive form): prefixes, atoms,
 * exponents, annotations, `.` and `/`. What it accepts is valid UCUM; atoms of no use here are left out.
 */

/** One factor of a unit: `m[IU]` is prefix -3 of atom `[IU]`; `/uL` has exponent -1. */
export interface UnitFactor {
  /** Power of ten of the prefix. */
  readonly prefix: number;
  /** '' for a bare annotation (`{ratio}`) or the number 1. */
  readonly atom: string;
  readonly exponent: number;
  /** Text in braces: says what is counted, changes no dimension. */
  readonly annotation: string;
}

export interface Unit {
  /** The code in one spelling: litre as `L`, `[IU]` not `[iU]`. */
  readonly code: string;
  readonly factors: readonly UnitFactor[];
}

const PREFIXES: ReadonlyMap<string, number> = new Map([
  ['T', 12],
  ['G', 9],
  ['M', 6],
  ['k', 3],
  ['h', 2],
  ['da', 1],
  ['d', -1],
  ['c', -2],
  ['m', -3],
  ['u', -6],
  ['n', -9],
  ['p', -12],
  ['f', -15],
  ['a', -18],
]);

const METRIC = new Set(
  'm g s mol L l U kat cal eq osm Pa Hz J N W V A K C Cel bar Gy Bq Sv eV lm lx [IU] [iU] m[Hg] m[H2O]'.split(' '),
);

const PLAIN = new Set(
  (
    "min h d wk mo a % 10* 10^ [ppth] [ppm] [ppb] deg [pH] [HPF] [LPF] [arb'U] [USP'U] [GPL'U] [MPL'U] [APL'U] " +
    "[CFU] [PFU] [TCID_50] [Ch] [degF] [in_i] [ft_i] [lb_av] [oz_av] [drp] [AU] [todd'U] [beth'U] [knk'U] [Lf] [EU]"
  ).split(' '),
);

/** Whole numbers that units have (`/100{WBC}`, `/(24.h)`); others are typing errors (`109/L`). */
const COUNTS = new Set('2 4 6 8 10 12 24 48 60 72 100 1000'.split(' '));

const CODE_LENGTH_MAX = 64;

/** The unit, or undefined when the text is not UCUM as far as this reader knows it. */
export function readUcum(text: string): Unit | undefined {
  if (text === '' || text.length > CODE_LENGTH_MAX) return undefined;
  const reader = { text, at: 0 };
  const term = readTerm(reader, 0);
  if (term === undefined || reader.at !== text.length) return undefined;
  return text === '1' || term.factors.some(({ atom, annotation }) => annotation !== '' || !/^\d*$/.test(atom))
    ? term
    : undefined;
}

interface Reader {
  readonly text: string;
  at: number;
}

function readTerm(reader: Reader, depth: number): Unit | undefined {
  const { text } = reader;
  const factors: UnitFactor[] = [];
  let code = '';
  let sign = 1;
  if (text[reader.at] === '/') {
    reader.at++;
    code = '/';
    sign = -1;
  }
  for (;;) {
    const component = readComponent(reader, depth);
    if (component === undefined) return undefined;
    code += component.code;
    for (const factor of component.factors) factors.push({ ...factor, exponent: factor.exponent * sign });
    const next = text[reader.at];
    if (next !== '.' && next !== '/') return { code, factors };
    reader.at++;
    code += next;
    sign = next === '/' ? -1 : 1;
  }
}

function readComponent(reader: Reader, depth: number): Unit | undefined {
  const { text } = reader;
  if (text[reader.at] === '(') {
    reader.at++;
    const inner = depth < 4 ? readTerm(reader, depth + 1) : undefined;
    if (inner === undefined || text[reader.at] !== ')') return undefined;
    reader.at++;
    return { code: `(${inner.code})`, factors: inner.factors };
  }
  const start = reader.at;
  let brackets = 0;
  for (; reader.at < text.length; reader.at++) {
    const c = text[reader.at] as string;
    if (c === '[') brackets++;
    else if (c === ']') brackets--;
    else if (brackets === 0 && (c === '.' || c === '/' || c === '{' || c === '(' || c === ')')) break;
  }
  const annotation = readAnnotation(reader);
  if (annotation === undefined) return undefined;
  const simple = readSimple(text.slice(start, reader.at - annotation.length));
  if (simple === undefined || (simple.code === '' && annotation === '')) return undefined;
  return {
    code: simple.code + annotation,
    factors: [{ ...simple.factor, annotation: annotation.slice(1, -1) }],
  };
}

/** '' when there is none; undefined when its brace never closes. */
function readAnnotation(reader: Reader): string | undefined {
  if (reader.text[reader.at] !== '{') return '';
  const match = /^\{[\x21-\x7a|~]*\}/.exec(reader.text.slice(reader.at));
  if (match === null) return undefined;
  reader.at += match[0].length;
  return match[0];
}

function readSimple(text: string): { code: string; factor: Omit<UnitFactor, 'annotation'> } | undefined {
  if (text === '' || text === '1') return { code: text, factor: { prefix: 0, atom: '', exponent: 1 } };
  if (COUNTS.has(text)) return { code: text, factor: { prefix: 0, atom: text, exponent: 1 } };
  const [, symbol = '', power = ''] = /^(10[*^]|.*?)([+-]?\d{1,2})?$/.exec(text) ?? [];
  const exponent = power === '' ? 1 : Number(power);
  if (PLAIN.has(symbol) || METRIC.has(symbol)) return made(0, '', symbol, exponent, power);
  for (const length of [1, 2]) {
    const prefix = symbol.slice(0, length);
    const atom = symbol.slice(length);
    const power10 = PREFIXES.get(prefix);
    if (power10 !== undefined && METRIC.has(atom)) return made(power10, prefix, atom, exponent, power);
  }
  return undefined;
}

function made(prefix: number, sign: string, symbol: string, exponent: number, power: string) {
  const atom = symbol === 'l' ? 'L' : symbol === '[iU]' ? '[IU]' : symbol === '10^' ? '10*' : symbol;
  return { code: sign + atom + power, factor: { prefix, atom, exponent } };
}
