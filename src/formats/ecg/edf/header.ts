/** Header of EDF, EDF+ and BDF: 256 bytes of ASCII for the file and 256 for each signal. */
import { addDecimals, type Decimal, scaleDecimal } from '../../../base/decimal.ts';
import { LIMITS } from '../../../base/limits.ts';
import { leadName, leadNumber } from '../../../signals/leads.ts';
import type { EcgLead, EcgPatient } from '../../../terms/parsed/ecg.ts';
import type { EcgDraft } from '../draft.ts';
import { dateTimeOfParts, microvolts, numberOf, ONE, present, sexOf, ZERO } from '../values.ts';

export interface EdfHeader {
  readonly bytes: number;
  /** -1 while it is being recorded. */
  readonly records: number;
  readonly duration: Decimal | undefined;
  readonly recordSeconds: number;
  /** EDF+D: records may have gaps between them. */
  readonly interrupted: boolean;
  readonly signals: readonly Signal[];
}

export interface Signal {
  readonly kind: 'voltage' | 'annotations' | 'other';
  /** Samples in a record, and bytes of one. */
  readonly samples: number;
  readonly bytes: 2 | 3;
  /** All of the lead but its samples. */
  readonly lead: Omit<EcgLead, 'samples'>;
  readonly at: string;
}

const HEAD = 256;

export function readEdfHeader(bytes: Uint8Array, draft: EcgDraft): EdfHeader | undefined {
  if (bytes.length < HEAD) return undefined;
  const field = (at: number, length: number): string => textAt(bytes, at, length);
  const count = Number(numberOf(field(252, 4)) ?? -1);
  const headerBytes = Number(numberOf(field(184, 8)) ?? 0);
  const duration = numberOf(field(244, 8));
  if (!(count >= 1) || count > LIMITS.ecgLeadsMax || bytes.length < HEAD * (count + 1)) return undefined;
  const reserved = field(192, 44);
  const isBdf = bytes[0] === 0xff;
  draft.version = isBdf ? 'BDF' : reserved.startsWith('EDF+') ? reserved.slice(0, 5) : 'EDF';
  readPatient(field(8, 80), draft);
  readRecording(field(88, 80), [field(168, 8), field(176, 8)], draft);
  if (headerBytes !== HEAD * (count + 1)) draft.problems.add('ecg/length-differs', 'warning', 'header');
  const signals = Array.from({ length: count }, (_, k) => signalOf(bytes, { k, count, isBdf }, draft));
  return {
    bytes: HEAD * (count + 1),
    records: Number(numberOf(field(236, 8)) ?? -1),
    duration,
    recordSeconds: Number(duration ?? 0),
    interrupted: /^[EB]DF\+D/.test(reserved),
    signals,
  };
}

function textAt(bytes: Uint8Array, at: number, length: number): string {
  // Devices write µ and names in Latin-1 or UTF-8, whatever the standard says.
  const own = bytes.subarray(at, at + length);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(own).replaceAll('\0', ' ').trim();
  } catch {
    return new TextDecoder('iso-8859-1').decode(own).replaceAll('\0', ' ').trim();
  }
}

/** Widths of a signal's fields, each of which stands for all signals before the next begins. */
const WIDTHS = {
  label: 16,
  transducer: 80,
  unit: 8,
  pmin: 8,
  pmax: 8,
  dmin: 8,
  dmax: 8,
  prefilter: 80,
  samples: 8,
} as const;

function signalOf(
  bytes: Uint8Array,
  { k, count, isBdf }: { readonly k: number; readonly count: number; readonly isBdf: boolean },
  draft: EcgDraft,
): Signal {
  let at = HEAD;
  const fields = {} as Record<keyof typeof WIDTHS, string>;
  for (const [name, width] of Object.entries(WIDTHS) as [keyof typeof WIDTHS, number][]) {
    fields[name] = textAt(bytes, at + k * width, width);
    at += width * count;
  }
  const where = `signal ${k + 1}`;
  const stated = Number(numberOf(fields.samples) ?? 0);
  const samples = Number.isSafeInteger(stated) ? Math.max(0, stated) : 0;
  const base = { samples, bytes: isBdf ? (3 as const) : (2 as const), at: where };
  const number = leadNumber(fields.label);
  const name = (number === undefined ? undefined : leadName(number)) ?? fields.label;
  const lead = { name, ...(number === undefined ? {} : { number }), offset: ZERO, at: where };
  if (/^[EB]DF Annotations$/.test(fields.label)) return { ...base, kind: 'annotations', lead };
  if (microvolts(ONE, fields.unit) === undefined) {
    draft.problems.add('ecg/signal-other', 'information', where);
    return { ...base, kind: 'other', lead };
  }
  if (number === undefined) draft.problems.add('ecg/lead-unknown', 'warning', where);
  readFilters(fields.prefilter, draft);
  const scaled = scaleOf(fields);
  if (scaled === undefined) draft.problems.add('ecg/scale-missing', 'error', where);
  return { ...base, kind: 'voltage', lead: { ...lead, ...scaled } };
}

/** Scale (pmax − pmin)/(dmax − dmin) and offset (pmin·dmax − pmax·dmin)/(dmax − dmin), both in µV. */
function scaleOf(fields: Record<'unit' | 'pmin' | 'pmax' | 'dmin' | 'dmax', string>) {
  const [pmin, pmax] = [numberOf(fields.pmin), numberOf(fields.pmax)].map((value) => microvolts(value, fields.unit));
  const [dmin, dmax] = [numberOf(fields.dmin), numberOf(fields.dmax)];
  if (pmin === undefined || pmax === undefined || dmin === undefined || dmax === undefined) return undefined;
  const span = addDecimals(pmin, pmax, '-1' as Decimal);
  const digits = addDecimals(dmin, dmax, '-1' as Decimal);
  if (span === undefined || digits === undefined || Number(digits) === 0 || Number(span) === 0) return undefined;
  const scale = scaleDecimal(span, ONE, digits);
  const right = scaleDecimal(pmin, dmax, ONE);
  const left = addDecimals(pmax, ZERO, dmin);
  const difference = left === undefined || right === undefined ? undefined : addDecimals(left, right, '-1' as Decimal);
  const offset = difference === undefined ? undefined : scaleDecimal(difference, ONE, digits);
  return scale === undefined || offset === undefined ? undefined : { scale, offset };
}

/** `HP:0.05Hz LP:150Hz N:50Hz`. */
function readFilters(text: string, draft: EcgDraft): void {
  for (const [, key, number] of text.matchAll(/\b(HP|LP|N):\s*([0-9.]{1,8})\s*Hz/gi)) {
    const hz = numberOf(number);
    if (hz === undefined || !(Number(hz) > 0)) continue;
    const name = ({ HP: 'highPassHz', LP: 'lowPassHz', N: 'notchHz' } as const)[(key ?? '').toUpperCase() as 'HP'];
    draft.filters = { [name]: hz, ...draft.filters };
  }
}

const MONTHS = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'];

/** `02-MAY-1951`. */
function dayOf(text: string | undefined): readonly [number, number, number] | undefined {
  const match = /^(\d{2})-([A-Z]{3})-(\d{4})$/.exec(text?.toUpperCase() ?? '');
  const month = MONTHS.indexOf(match?.[2] ?? '') + 1;
  return match === null || month === 0 ? undefined : [Number(match[3]), month, Number(match[1])];
}

/** EDF+: `code sex birthdate name`, with X for what is unknown and _ for blanks; EDF: any text. */
function readPatient(text: string, draft: EcgDraft): void {
  const [code, sex, birth, ...name] = text
    .split(' ')
    .map((part) => (part === 'X' ? undefined : part.replaceAll('_', ' ')));
  const isPlus = sex === undefined || sex === 'M' || sex === 'F';
  const day = dayOf(birth);
  if (!isPlus || (birth !== undefined && day === undefined)) {
    if (text !== '') draft.patient = { identifiers: [], name: text, at: 'header, patient' };
    return;
  }
  draft.patient = present<EcgPatient>({
    identifiers: code === undefined || code === '' ? [] : [{ value: code, at: 'header, patient' }],
    name: name[0],
    birthDate: day === undefined ? undefined : dateTimeOfParts(day),
    sex: sexOf(sex),
    at: 'header, patient',
  });
}

/** `Startdate 02-MAR-2002 code technician equipment` in EDF+; the two-digit year of the header pivots at 85. */
function readRecording(text: string, [date, time]: readonly [string, string], draft: EcgDraft): void {
  const [word, full, , technician, equipment] = text.split(' ').map((part) => part.replaceAll('_', ' '));
  const short = /^(\d{2})[./](\d{2})[./](\d{2})$/.exec(date);
  const year = Number(short?.[3] ?? Number.NaN);
  const pivoted =
    short === null ? undefined : ([year + (year >= 85 ? 1900 : 2000), Number(short[2]), Number(short[1])] as const);
  const day = (word === 'Startdate' ? dayOf(full) : undefined) ?? pivoted;
  const clock = /^(\d{2})[.:](\d{2})[.:](\d{2})$/.exec(time);
  const start =
    day === undefined
      ? undefined
      : dateTimeOfParts(day, clock === null ? undefined : [Number(clock[1]), Number(clock[2]), Number(clock[3])]);
  const known = (part: string | undefined): string | undefined =>
    part === undefined || part === 'X' ? undefined : part;
  const isPlus = word === 'Startdate';
  draft.acquisition = present({
    start,
    startAt: 'header, start',
    technician: isPlus ? known(technician) : undefined,
  });
  draft.device = present({ model: isPlus ? known(equipment) : undefined });
}
