/** Values of an index, each judged by its form: what is none is left out and told by its position. */
import { LIMITS } from '../../base/limits.ts';
import type { Severity } from '../../base/problem.ts';
import type { DicomCode, DicomIssuer, DicomMoment, DicomName } from '../../terms/parsed/dicom.ts';
import { type DicomItem, positionOf } from './read-dataset.ts';
import { isDate, isDateTime, isDecimal, isInteger, isTime, isUid } from './values.ts';

export interface IndexReading {
  readonly dataset: DicomItem;
  readonly tell: (code: string, severity: Severity, at: string) => void;
}

/** Without the members that are undefined. */
export function present<T extends object>(
  members: { readonly [K in keyof T]-?: undefined extends T[K] ? T[K] | undefined : T[K] },
): T {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined)) as T;
}

/** As `present`; undefined when nothing is left. */
export function anyOf<T extends object>(
  members: { readonly [K in keyof T]-?: undefined extends T[K] ? T[K] | undefined : T[K] },
): T | undefined {
  const made = present<T>(members);
  return Object.keys(made).length === 0 ? undefined : made;
}

/** The items of a sequence, as many as an index lists. */
export function listOf({ dataset, tell }: IndexReading, tag: string): readonly DicomItem[] {
  const items = dataset.items(tag);
  if (items.length > LIMITS.dicomListMax) tell('dicom/more-items', 'warning', positionOf(tag));
  return items.slice(0, LIMITS.dicomListMax);
}

/** A UID that every instance has, or may lack. */
export function uidOf({ dataset, tell }: IndexReading, tag: string, isWanted = true): string | undefined {
  const text = dataset.text(tag);
  if (text !== undefined && isUid(text)) return text;
  if (text !== undefined) tell('dicom/uid-invalid', 'error', positionOf(tag));
  else if (isWanted) tell('dicom/uid-missing', 'error', positionOf(tag));
  return undefined;
}

export function dateOf({ dataset, tell }: IndexReading, tag: string): string | undefined {
  return judged(dataset.text(tag), isDate, () => tell('dicom/date-invalid', 'warning', positionOf(tag)));
}

export function momentOf(reading: IndexReading, date: string, time: string): DicomMoment | undefined {
  const { dataset, tell } = reading;
  return anyOf<DicomMoment>({
    date: dateOf(reading, date),
    time: judged(dataset.text(time), isTime, () => tell('dicom/date-invalid', 'warning', positionOf(time))),
  });
}

export function dateTimeOf({ dataset, tell }: IndexReading, tag: string): string | undefined {
  return judged(dataset.text(tag), isDateTime, () => tell('dicom/date-invalid', 'warning', positionOf(tag)));
}

function judged(text: string | undefined, isGood: (text: string) => boolean, tell: () => void): string | undefined {
  if (text === undefined || isGood(text)) return text;
  tell();
  return undefined;
}

/** Numbers stay as they are written: what is none is told. */
export function integerOf({ dataset, tell }: IndexReading, tag: string): string | undefined {
  const text = dataset.text(tag);
  if (text !== undefined && !isInteger(text)) tell('dicom/number-invalid', 'warning', positionOf(tag));
  return text;
}

export function decimalsOf({ dataset, tell }: IndexReading, tag: string): readonly string[] {
  const texts = dataset.texts(tag).filter((text) => text !== '');
  if (!texts.every(isDecimal)) tell('dicom/number-invalid', 'warning', positionOf(tag));
  return texts;
}

/** Groups of a name (PS3.5 6.2): alphabetic = ideographic = phonetic; empty ones, and the `^` at their ends, are nothing. */
export function nameOf(text: string | undefined): DicomName | undefined {
  const [alphabetic, ideographic, phonetic] = (text ?? '').split('=').map((group) => {
    const kept = group.replace(/[\s^]+$/, '').trimStart();
    return kept === '' ? undefined : kept;
  });
  return anyOf<DicomName>({ alphabetic, ideographic, phonetic });
}

export function namesOf(dataset: DicomItem, tag: string): readonly DicomName[] {
  return dataset.names(tag).flatMap((text) => nameOf(text) ?? []);
}

/** A code value of whichever length (PS3.3 8.8). */
export function codeOf(item: DicomItem | undefined): DicomCode | undefined {
  if (item === undefined) return undefined;
  return anyOf<DicomCode>({
    value: item.text('00080100') ?? item.text('00080119') ?? item.text('00080120'),
    scheme: item.text('00080102'),
    meaning: item.text('00080104'),
  });
}

/** An HL7v2 Hierarchic Designator item (PS3.3 10.14). */
export function issuerOf(item: DicomItem | undefined, local?: string): DicomIssuer | undefined {
  return anyOf<DicomIssuer>({
    local: item?.text('00400031') ?? local,
    universal: item?.text('00400032'),
    type: item?.text('00400033'),
  });
}
