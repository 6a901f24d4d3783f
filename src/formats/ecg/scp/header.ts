/** Section 1 of SCP-ECG: patient, acquisition, device and filters, as tags (EN 1064, 5.4). */
import type { Decimal } from '../../../base/decimal.ts';
import type { EcgAcquisition, EcgDevice, EcgFilters, EcgPatient } from '../../../terms/parsed/ecg.ts';
import type { EcgDraft } from '../draft.ts';
import { dateTimeOfParts, decimalOf, ONE, powerOfTen, present } from '../values.ts';
import { scaleDecimal } from '../../../base/decimal.ts';
import { type Section, viewOf } from './sections.ts';
import { textsIn, type Texts } from './texts.ts';

interface Tag {
  readonly tag: number;
  readonly bytes: Uint8Array;
  readonly view: DataView;
}

const END = 255;
const AGE_UNITS: Readonly<Record<number, NonNullable<EcgPatient['age']>['unit']>> = {
  1: 'a',
  2: 'mo',
  3: 'wk',
  4: 'd',
  5: 'h',
};
const SEXES: Readonly<Record<number, EcgPatient['sex']>> = { 0: 'unknown', 1: 'male', 2: 'female' };
const PRIORITY_TAG = 24;

/** Fills the draft, and gives the texts of the file's language for the other sections. */
export function readHeader(section: Section | undefined, draft: EcgDraft): Texts {
  const tags = section === undefined ? [] : tagsOf(section, draft);
  const first = (tag: number): Tag | undefined => tags.find((one) => one.tag === tag && one.bytes.length > 0);
  const texts = textsIn(languageOf(first(14)) ?? languageOf(first(15)) ?? 0, draft.problems);
  const text = (tag: number): string | undefined => {
    const found = first(tag);
    return found === undefined ? undefined : texts.read(found.bytes, whereOf(tag));
  };
  draft.patient = patientOf(first, text);
  draft.acquisition = acquisitionOf(first, text);
  draft.device = { ...deviceOf(first(14), texts), ...analysisOf(first(15), texts) };
  draft.filters = filtersOf(first);
  return texts;
}

function whereOf(tag: number): string {
  return `section 1, tag ${tag}`;
}

function tagsOf({ bytes, view }: Section, draft: EcgDraft): readonly Tag[] {
  const tags: Tag[] = [];
  for (let at = 0; at + 3 <= bytes.length; ) {
    const tag = view.getUint8(at);
    if (tag === END) return tags;
    const length = view.getUint16(at + 1, true);
    const value = bytes.subarray(at + 3, at + 3 + length);
    if (value.length < length) draft.problems.add('ecg/tag-cut', 'error', whereOf(tag));
    tags.push({ tag, bytes: value, view: viewOf(value) });
    at += 3 + length;
  }
  return tags;
}

type First = (tag: number) => Tag | undefined;
type TextOfTag = (tag: number) => string | undefined;

function patientOf(first: First, text: TextOfTag): EcgPatient {
  const id = text(2);
  const [second, family] = [text(3), text(0)];
  const age = amountOf(first(4));
  const unit = AGE_UNITS[age?.unit ?? 0];
  return present<EcgPatient>({
    identifiers: id === undefined ? [] : [{ value: id, at: whereOf(2) }],
    family: family === undefined || second === undefined ? family : `${family} ${second}`,
    given: text(1),
    birthDate: dateOf(first(5)),
    sex: SEXES[first(8)?.bytes[0] ?? 255],
    age: age === undefined || unit === undefined ? undefined : { value: age.value, unit },
    heightCm: inUnit(amountOf(first(6)), { 1: ['1', '1'], 2: ['254', '100'], 3: ['1', '10'] }),
    weightKg: inUnit(amountOf(first(7)), {
      1: ['1', '1'],
      2: ['1', '1000'],
      3: ['45359237', '100000000'],
      4: ['45359237', '1600000000'],
    }),
    at: 'section 1',
  });
}

function acquisitionOf(first: First, text: TextOfTag): EcgAcquisition {
  return present<EcgAcquisition>({
    start: startOf(first),
    startAt: whereOf(25),
    facility: text(16),
    department: text(18),
    room: text(23),
    order: text(31),
    reason: text(13),
    priority: priorityOf(first(PRIORITY_TAG)),
    technician: text(22),
    referrer: text(20),
    confirmer: text(21),
  });
}

/** Urgency 1 to 10; 0 is routine and says nothing. */
function priorityOf(tag: Tag | undefined): string | undefined {
  const level = tag?.bytes[0] ?? 0;
  return level === 0 ? undefined : String(level);
}

/** A value of u16 and its unit; all zero is not given. */
function amountOf(tag: Tag | undefined): { readonly value: Decimal; readonly unit: number } | undefined {
  if (tag === undefined || tag.bytes.length < 3) return undefined;
  const value = tag.view.getUint16(0, true);
  const unit = tag.view.getUint8(2);
  return value === 0 || unit === 0 ? undefined : { value: decimalOf(value), unit };
}

function inUnit(
  amount: ReturnType<typeof amountOf>,
  factors: Readonly<Record<number, readonly [string, string]>>,
): Decimal | undefined {
  const factor = factors[amount?.unit ?? 0];
  if (amount === undefined || factor === undefined) return undefined;
  return scaleDecimal(amount.value, factor[0] as Decimal, factor[1] as Decimal);
}

function dateOf(tag: Tag | undefined): string | undefined {
  if (tag === undefined || tag.bytes.length < 4) return undefined;
  return dateTimeOfParts([tag.view.getUint16(0, true), tag.view.getUint8(2), tag.view.getUint8(3)]);
}

function startOf(first: First): string | undefined {
  const [date, time, zone] = [first(25), first(26), first(34)];
  if (date === undefined || date.bytes.length < 4) return undefined;
  const day = [date.view.getUint16(0, true), date.view.getUint8(2), date.view.getUint8(3)] as const;
  if (time === undefined || time.bytes.length < 3) return dateTimeOfParts(day);
  const [hour = 0, minute = 0, second = 0] = time.bytes;
  const local = dateTimeOfParts(day, [hour, minute, second]);
  return local === undefined ? dateTimeOfParts(day) : `${local}${offsetOf(zone)}`;
}

/** Minutes east of UTC; 0x7FFF is not known. */
function offsetOf(zone: Tag | undefined): string {
  const minutes = zone !== undefined && zone.bytes.length >= 2 ? zone.view.getInt16(0, true) : 0x7fff;
  if (Math.abs(minutes) > 14 * 60) return '';
  const [hours, rest] = [Math.floor(Math.abs(minutes) / 60), Math.abs(minutes) % 60];
  return `${minutes < 0 ? '-' : '+'}${String(hours).padStart(2, '0')}:${String(rest).padStart(2, '0')}`;
}

const LANGUAGE_BYTE = 16;

function languageOf(tag: Tag | undefined): number | undefined {
  return tag?.bytes[LANGUAGE_BYTE];
}

const STRINGS_FROM = 36;
const MODEL = { from: 8, to: 14 } as const;

/** Model in six bytes; behind byte 35 (a length) five strings: analysis, serial, device software, SCP software, maker. */
function deviceOf(tag: Tag | undefined, texts: Texts): EcgDevice {
  if (tag === undefined) return {};
  const at = whereOf(tag.tag);
  const [analysis, serial, software, , maker] = stringsOf(tag.bytes.subarray(STRINGS_FROM), texts, at);
  return present<EcgDevice>({
    model: texts.read(tag.bytes.subarray(MODEL.from, MODEL.to), at),
    analysis: known(analysis),
    serial: known(serial),
    software: known(software),
    maker: known(maker),
  });
}

function analysisOf(tag: Tag | undefined, texts: Texts): EcgDevice {
  if (tag === undefined) return {};
  return present<EcgDevice>({ analysis: known(stringsOf(tag.bytes.subarray(STRINGS_FROM), texts, whereOf(15))[0]) });
}

function known(text: string | undefined): string | undefined {
  return text?.toLowerCase() === 'unknown' ? undefined : text;
}

function stringsOf(bytes: Uint8Array, texts: Texts, at: string): readonly (string | undefined)[] {
  const found: (string | undefined)[] = [];
  let from = 0;
  for (let k = 0; k < bytes.length && found.length < 5; k++) {
    if (bytes[k] !== 0) continue;
    found.push(texts.read(bytes.subarray(from, k), at));
    from = k + 1;
  }
  if (from < bytes.length && found.length < 5) found.push(texts.read(bytes.subarray(from), at));
  return found;
}

function filtersOf(first: First): EcgFilters {
  const [high, low, bits] = [first(27), first(28), first(29)?.bytes[0] ?? 0];
  const highPass = high !== undefined && high.bytes.length >= 2 ? high.view.getUint16(0, true) : 0;
  const lowPass = low !== undefined && low.bytes.length >= 2 ? low.view.getUint16(0, true) : 0;
  return present<EcgFilters>({
    highPassHz: highPass === 0 ? undefined : powerOfTen(decimalOf(highPass), -2),
    lowPassHz: lowPass === 0 ? undefined : scaleDecimal(decimalOf(lowPass), ONE, ONE),
    notchHz: (bits & 2) !== 0 ? decimalOf(50) : (bits & 1) !== 0 ? decimalOf(60) : undefined,
  });
}
