/**
 * An independent reader of HL7 v2 files: what each message and each OBX states, read on its own.
 * It imports nothing from src/, is slow on purpose and never the thing under test. The code tables
 * that it judges by stand in test/oracle/expectations.ts.
 */
export interface OracleMessage {
  /** The encoding that the bytes were read in. */
  readonly charset: string;
  /** How many segments of each name. */
  readonly counts: Readonly<Record<string, number>>;
  readonly controlId: string;
  readonly results: readonly OracleResult[];
}

export interface OracleResult {
  /** `OBX[2]`: the second OBX of this message. */
  readonly position: string;
  /** OBX-2 as written, its first component. */
  readonly type: string;
  /** The codes that may stand for it, best first: OBX-3.1, OBX-3.4, then OBX-3.2 as text. */
  readonly codes: readonly string[];
  readonly codeText: string;
  /** Each repetition of OBX-5, decoded, by component and subcomponent. */
  readonly values: readonly OracleValue[];
  /** OBX-6.1 and OBX-6.2, what is there. */
  readonly units: readonly string[];
  /** OBX-11, its first component, upper case. */
  readonly status: string;
  /** OBR-25 of the OBR above, which rules an empty OBX-11. */
  readonly reportStatus: string;
  /** Whether OBX-5 holds anything but the HL7 null. */
  readonly carries: boolean;
}

export interface OracleValue {
  /** Decoded text of each component, subcomponents joined by a space. */
  readonly components: readonly string[];
  /** Numbers that are the value: text with its precision, leading zeros and plus sign dropped. */
  readonly numbers: readonly string[];
}

interface Delimiters {
  readonly field: string;
  readonly component: string;
  readonly repetition: string;
  readonly escape: string;
  readonly subcomponent: string;
  /** The fifth of MSH-2, since 2.7; '' without one. */
  readonly truncation: string;
}

const latin1 = new TextDecoder('latin1');

/** Every message of a file, batch headers and trailers left out. */
export function readFile(bytes: Uint8Array): OracleMessage[] {
  return messageBytes(bytes).map(readMessage);
}

/** From one line that starts with MSH to the next; line ends are the same bytes in every encoding met. */
function messageBytes(bytes: Uint8Array): Uint8Array[] {
  const starts: number[] = [];
  const ends: number[] = [];
  let line = 0;
  for (let i = 0; i <= bytes.length; i++) {
    if (i < bytes.length && bytes[i] !== 10 && bytes[i] !== 13 && bytes[i] !== 11 && bytes[i] !== 28) continue;
    const head = latin1.decode(bytes.subarray(line, i)).replace(/^\u00ef\u00bb\u00bf/, '');
    if (head.startsWith('MSH')) {
      if (ends.length < starts.length) ends.push(line);
      starts.push(i - head.length);
    } else if (/^(FHS|BHS|BTS|FTS)/.test(head) && ends.length < starts.length) ends.push(line);
    line = i + 1;
  }
  if (ends.length < starts.length) ends.push(bytes.length);
  return starts.map((start, i) => bytes.subarray(start, ends[i]));
}

function readMessage(bytes: Uint8Array): OracleMessage {
  const charset = charsetOf(bytes);
  const text = new TextDecoder(charset).decode(bytes);
  const delimiters = delimitersOf(text);
  const segments = text
    .split(/[\r\n\u000b\u001c]+/)
    .map((line) => line.trim())
    .filter((line) => /^[A-Z][A-Z0-9]{2}/.test(line) && (line.length === 3 || line[3] === delimiters.field))
    .map((line) => line.split(delimiters.field));
  const counts: Record<string, number> = {};
  const results: OracleResult[] = [];
  let reportStatus = '';
  for (const fields of segments) {
    const name = fields[0] as string;
    counts[name] = (counts[name] ?? 0) + 1;
    if (name === 'OBR') reportStatus = firstOf(fields, 25, 1, delimiters).toUpperCase();
    if (name === 'OBX') results.push({ ...readResult(fields, `OBX[${counts[name]}]`, delimiters), reportStatus });
  }
  return { charset, counts, controlId: segments[0]?.[9] ?? '', results };
}

/**
 * SETTLED 27 in plain words: UTF-8 that is valid and holds a sequence of three bytes or more is UTF-8
 * whatever the label says; a label that says something else rules shorter ones; no label, or ASCII,
 * means strict UTF-8, else GB18030.
 */
function charsetOf(bytes: Uint8Array): string {
  const text = latin1.decode(bytes);
  if (!/[\u0080-\u00ff]/.test(text)) return 'utf-8';
  const label =
    (text.split(/[\r\n]/)[0] as string)
      .split(text[3] as string)[17]
      ?.split('~')[0]
      ?.trim()
      .toUpperCase() ?? '';
  const named = namedBy(label);
  if (decodes(bytes, 'utf-8')) return named === '' || /[\u00e0-\u00f7][\u0080-\u00bf]{2}/.test(text) ? 'utf-8' : named;
  if (named !== '') return named;
  return 'gb18030';
}

/** The encoding that a label of table 0211 means beyond ASCII and UTF-8; '' for those and for no label. */
function namedBy(label: string): string {
  if (/^GB|^CP936/.test(label)) return 'gb18030';
  if (label.startsWith('BIG')) return 'big5';
  const latin = /8859[/-](\d+)/.exec(label)?.[1];
  return latin === undefined ? '' : `iso-8859-${latin}`;
}

function decodes(bytes: Uint8Array, charset: string): boolean {
  try {
    new TextDecoder(charset, { fatal: true }).decode(bytes);
    return true;
  } catch {
    return false;
  }
}

function delimitersOf(text: string): Delimiters {
  const field = text[3] ?? '|';
  const encoding = text.slice(4).split(field)[0] ?? '';
  return {
    field,
    component: encoding[0] ?? '^',
    repetition: encoding[1] ?? '~',
    escape: encoding[2] ?? '\\',
    subcomponent: encoding[3] ?? '&',
    truncation: encoding[4] ?? '',
  };
}

/** One component of a field's first repetition, decoded. */
function firstOf(fields: readonly string[], field: number, component: number, delimiters: Delimiters): string {
  const repetition = (fields[field] ?? '').split(delimiters.repetition)[0] as string;
  return readable(repetition.split(delimiters.component)[component - 1] ?? '', delimiters).trim();
}

type WithoutReport = Omit<OracleResult, 'reportStatus'>;

function readResult(fields: readonly string[], position: string, delimiters: Delimiters): WithoutReport {
  const first = (field: number, component: number): string => firstOf(fields, field, component, delimiters);
  const type = first(2, 1).toUpperCase();
  const raw = fields[5] ?? '';
  const repetitions = raw === '' ? [] : raw.split(delimiters.repetition);
  const values = repetitions
    .map((repetition) => repetition.split(delimiters.component).map((part) => readable(part, delimiters)))
    .filter((components) => components.some((component) => component.trim() !== ''))
    .map((components) => ({ components, numbers: numbersOf(type, components) }));
  return {
    position,
    type,
    codes: [first(3, 1), first(3, 4)].filter((code) => code !== ''),
    codeText: first(3, 2),
    values,
    units: [first(6, 1), first(6, 2)].filter((unit, i, all) => unit !== '' && all.indexOf(unit) === i),
    status: first(11, 1).toUpperCase(),
    carries: values.some((value) => dataOf(type, value.components).some((part) => !['', '""'].includes(part.trim()))),
  };
}

/** Subcomponents joined by a space, then the escapes of chapter 2.7 read. */
function readable(component: string, delimiters: Delimiters): string {
  return component
    .split(delimiters.subcomponent)
    .map((part) => unescape(part, delimiters))
    .filter((part) => part !== '')
    .join(' ');
}

function unescape(text: string, delimiters: Delimiters): string {
  const parts = text.split(delimiters.escape);
  let out = parts[0] as string;
  for (let i = 1; i < parts.length; i++) {
    const sequence = parts[i] as string;
    const closed = i < parts.length - 1;
    const known = closed ? escaped(sequence, delimiters) : undefined;
    if (known === undefined) out += delimiters.escape + sequence;
    else {
      out += known + (parts[i + 1] as string);
      i++;
    }
  }
  return out;
}

function escaped(sequence: string, delimiters: Delimiters): string | undefined {
  if (sequence === 'F') return delimiters.field;
  if (sequence === 'S') return delimiters.component;
  if (sequence === 'T') return delimiters.subcomponent;
  if (sequence === 'R') return delimiters.repetition;
  if (sequence === 'E') return delimiters.escape;
  if (sequence === 'P' && delimiters.truncation !== '') return delimiters.truncation;
  if (/^X([0-9A-Fa-f]{2})+$/.test(sequence)) {
    const bytes = Uint8Array.from(sequence.slice(1).match(/../g) as string[], (pair) => Number.parseInt(pair, 16));
    return new TextDecoder().decode(bytes);
  }
  if (/^(\.(br|sp|in|ti|fi|nf|ce|sk)|[HN]$)/.test(sequence)) return '\n';
  return undefined;
}

/** The components that are data: of ED the fifth and of RP the first, the others only say of what kind it is. */
function dataOf(type: string, components: readonly string[]): readonly string[] {
  if (type === 'ED') return components.slice(4, 5);
  return type === 'RP' ? components.slice(0, 1) : components;
}

const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/;

/** A number as FHIR writes it, its precision kept; undefined when the text is none. */
export function plainNumber(text: string): string | undefined {
  const bare = text.trim();
  if (!NUMBER.test(bare)) return undefined;
  const sign = bare.startsWith('-') ? '-' : '';
  const [whole, exponent] = bare.replace(/^[+-]/, '').split(/[eE]/) as [string, string?];
  const [before, after] = whole.split('.') as [string, string?];
  const integer = before.replace(/^0+(?=\d)/, '') || '0';
  const fraction = after === undefined || after === '' ? '' : `.${after}`;
  return `${sign}${integer}${fraction}${exponent === undefined ? '' : `e${exponent}`}`;
}

/** Only where the type says that a number is meant: NM and SN. */
function numbersOf(type: string, components: readonly string[]): string[] {
  const stated =
    type === 'NM'
      ? [(components[0] ?? '').replace(/^\s*[<>]=?\s*/, '')]
      : type === 'SN'
        ? [components[1] ?? '', components[3] ?? '']
        : [];
  return stated.map(plainNumber).filter((number) => number !== undefined);
}
