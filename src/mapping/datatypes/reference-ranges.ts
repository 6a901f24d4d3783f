/** OBX-7 → Observation.referenceRange: the text as sent always, bounds where the text is surely a range (facts 5). */
import type { ReferenceRange } from '../../terms/fhir.ts';
import { toUcum } from '../../units/to-ucum.ts';
import type { Reading } from '../reading.ts';
import type { Run } from '../run.ts';
import { type RangeText, readReferenceRange } from '../values/reference-range.ts';
import { unitOf, type UnitText, withUnit } from './units.ts';

const GENDER = 'http://hl7.org/fhir/administrative-gender';

export function obxToReferenceRanges(s: Reading, f: number, run: Run): ReferenceRange[] | undefined {
  const text = s.all(f);
  if (text === undefined) return undefined;
  const ranges = readReferenceRange(text);
  if (ranges.length === 0) {
    if (/\d/.test(text)) run.problem('mapping/range-unreadable', 'information', s.at(f));
    return [{ text }];
  }
  const unit = unitOf(s, run);
  return ranges.map((range) => rangeOf(range, text, unit));
}

function rangeOf(range: RangeText, text: string, ofValue: UnitText | undefined): ReferenceRange {
  const unit = range.unit === undefined ? ofValue : { text: range.unit, code: toUcum(range.unit)?.code };
  const made: ReferenceRange = {};
  if (range.low !== undefined) made.low = withUnit({ value: range.low }, unit);
  if (range.high !== undefined) made.high = withUnit({ value: range.high }, unit);
  if (range.appliesTo !== undefined) made.appliesTo = [{ coding: [{ system: GENDER, code: range.appliesTo }] }];
  made.text = text;
  return made;
}
