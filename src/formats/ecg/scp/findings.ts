/** What an SCP-ECG file says of its recording: sections 7 and 10 (measurements), 8 and 11 (statements); EN 1064, 5.10 to 5.14. */
import { leadName } from '../../../signals/leads.ts';
import type { EcgMeasurementKind } from '../../../terms/parsed/ecg.ts';
import type { EcgDraft } from '../draft.ts';
import { dateTimeOfParts, decimalOf, measured, powerOfTen } from '../values.ts';
import type { Section } from './sections.ts';
import type { Texts } from './texts.ts';

/** Not computed, rejected, and noise. */
const isSentinel = (value: number): boolean => value === 29_999 || value === 29_998 || value === 19_999;
const AXIS_UNDEFINED = 999;

/** Section 7: intervals come from onsets and offsets in the reference beat. */
export function readGlobalMeasurements(section: Section | undefined, draft: EcgDraft): void {
  if (section === undefined || section.bytes.length < 6) return;
  const { view } = section;
  const at = 'section 7';
  const add = (kind: EcgMeasurementKind, value: number): void => {
    if (!isSentinel(value)) draft.measurements.push(...measured(kind, decimalOf(value), at));
  };
  const blocks = view.getUint8(0);
  const spikes = view.getUint8(1);
  add('rr', view.getUint16(2, true));
  add('pp', view.getUint16(4, true));
  if (blocks > 0 && view.byteLength >= 22) {
    const [pOn, pOff, qrsOn, qrsOff, tOff] = [0, 1, 2, 3, 4].map((k) => view.getUint16(6 + k * 2, true));
    const span = (kind: EcgMeasurementKind, from = 0, to = 0): void => {
      if (!isSentinel(from) && !isSentinel(to) && to > from) add(kind, to - from);
    };
    span('p-duration', pOn, pOff);
    span('pr', pOn, qrsOn);
    span('qrs', qrsOn, qrsOff);
    span('qt', qrsOn, tOff);
    const axes = (['p-axis', 'qrs-axis', 't-axis'] as const).map(
      (kind, k) => [kind, view.getInt16(16 + k * 2, true)] as const,
    );
    for (const [kind, axis] of axes) if (axis !== AXIS_UNDEFINED) add(kind, axis);
  }
  const types = 6 + blocks * 16 + spikes * 10;
  if (types + 2 > view.byteLength) return;
  const tail = types + 2 + view.getUint16(types, true);
  if (tail + 6 > view.byteLength) return;
  add('ventricular-rate', view.getUint16(tail, true));
  add('atrial-rate', view.getUint16(tail + 2, true));
  add('qtc', view.getUint16(tail + 4, true));
}

const PER_LEAD = ['p-duration', 'pr', 'qrs', 'qt'] as const;
const [R_AMPLITUDE, S_AMPLITUDE] = [10, 11];

/** Section 10: some of the measurements of single leads. */
export function readLeadMeasurements(section: Section | undefined, draft: EcgDraft): void {
  if (section === undefined || section.bytes.length < 4) return;
  const { view } = section;
  const leads = view.getUint16(0, true);
  let at = 4;
  for (let k = 0; k < leads && at + 4 <= view.byteLength; k++) {
    const number = view.getUint16(at, true);
    const length = view.getUint16(at + 2, true);
    const values = Math.min(length >> 1, (view.byteLength - at - 4) >> 1);
    const valueAt = (index: number): number => (index < values ? view.getInt16(at + 4 + index * 2, true) : 29_999);
    const lead = leadName(number) ?? `SCP ${number}`;
    const where = `section 10, lead ${k + 1}`;
    for (const [index, kind] of PER_LEAD.entries())
      if (!isSentinel(valueAt(index)))
        draft.measurements.push(...measured(kind, decimalOf(valueAt(index)), where, { lead }));
    const amplitude = (kind: EcgMeasurementKind, index: number): void => {
      const value = valueAt(index);
      if (!isSentinel(value)) draft.measurements.push(...measured(kind, powerOfTen(decimalOf(value), -3), where));
    };
    if (number === 7) amplitude('r-v5', R_AMPLITUDE);
    if (number === 3) amplitude('s-v1', S_AMPLITUDE);
    at += 4 + length;
  }
}

const CONFIRMED: Readonly<Record<number, EcgDraft['confirmed']>> = {
  0: 'unconfirmed',
  1: 'confirmed',
  2: 'unconfirmed',
};

/** Sections 8 and 11: `u8 confirmed, date, time, u8 n`, then `u8 sequence, u16 length, bytes` each. */
export function readStatements(section: Section | undefined, texts: Texts, draft: EcgDraft): void {
  if (section === undefined || section.bytes.length < 9) return;
  const { view, bytes, id } = section;
  const state = view.getUint8(0);
  const confirmed = CONFIRMED[state];
  if (confirmed !== undefined && draft.confirmed !== 'confirmed') draft.confirmed = confirmed;
  const [hour, minute, second] = [view.getUint8(5), view.getUint8(6), view.getUint8(7)];
  const edited = dateTimeOfParts([view.getUint16(1, true), view.getUint8(3), view.getUint8(4)], [hour, minute, second]);
  if (edited !== undefined) draft.acquisition = { ...draft.acquisition, editedAt: edited };
  let at = 9;
  for (let k = 0; k < view.getUint8(8) && at + 3 <= bytes.length; k++) {
    const length = view.getUint16(at + 1, true);
    // Section 11 leads each statement with its type: 1 a code, 2 text, 3 logic.
    const head = id === 11 ? 1 : 0;
    const own = bytes.subarray(at + 3 + head, at + 3 + length);
    const text = texts.read(own, `section ${id}, statement ${k + 1}`);
    const isLogic = id === 11 && bytes[at + 3] === 3;
    if (text !== undefined && !isLogic)
      draft.statements.push({
        text,
        ...(id === 11 && bytes[at + 3] === 1 ? { code: text } : {}),
        kind: 'statement',
        by: state === 1 ? 'person' : 'machine',
        at: `section ${id}, statement ${k + 1}`,
      });
    at += 3 + length;
  }
}
