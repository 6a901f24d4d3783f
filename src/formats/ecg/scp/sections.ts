/** Sections of an SCP-ECG record (EN 1064, 5.2 and 5.3): found by the pointers of section 0, checked by CRC and bounds. */
import type { ProblemList } from '../../../base/problem-list.ts';
import { crcCcitt } from '../crc.ts';

/** One section's own bytes, behind its header of 16. */
export interface Section {
  readonly id: number;
  readonly bytes: Uint8Array;
  readonly view: DataView;
  /** Protocol version of the section: 13 is 1.3. */
  readonly protocol: number;
  /** Offset in the file of the section's first own byte. */
  readonly offset: number;
}

const HEADER = 16;
const POINTER = 10;
const RECORD_HEADER = 6;

/** Sections by id. A length of 0 is an absent section; what lies beyond the file is cut and told. */
export function readSections(bytes: Uint8Array, problems: ProblemList): ReadonlyMap<number, Section> {
  const view = viewOf(bytes);
  checkRecord(bytes, view, problems);
  const found = new Map<number, Section>();
  const directory = sectionAt(bytes, { id: 0, start: RECORD_HEADER, length: lengthAt(view, RECORD_HEADER) }, problems);
  if (directory === undefined) return found;
  found.set(0, directory);
  for (let at = 0; at + POINTER <= directory.bytes.length; at += POINTER) {
    const id = directory.view.getUint16(at, true);
    const length = directory.view.getUint32(at + 2, true);
    const index = directory.view.getUint32(at + 6, true);
    if (length === 0 || id === 0 || found.has(id)) continue;
    // The index counts from 1.
    const section = sectionAt(bytes, { id, start: index - 1, length }, problems);
    if (section !== undefined) found.set(id, section);
  }
  return found;
}

function checkRecord(bytes: Uint8Array, view: DataView, problems: ProblemList): void {
  const length = view.getUint32(2, true);
  if (length !== bytes.length) problems.add('ecg/length-differs', 'warning', 'record');
  const end = length > RECORD_HEADER && length <= bytes.length ? length : bytes.length;
  if (crcCcitt(bytes, 2, end) !== view.getUint16(0, true)) problems.add('ecg/crc-wrong', 'error', 'record');
}

function lengthAt(view: DataView, start: number): number {
  return start + 8 <= view.byteLength ? view.getUint32(start + 4, true) : 0;
}

function sectionAt(
  bytes: Uint8Array,
  { id, start, length }: { readonly id: number; readonly start: number; readonly length: number },
  problems: ProblemList,
): Section | undefined {
  const at = `section ${id}`;
  if (start < RECORD_HEADER || length < HEADER || start + HEADER > bytes.length) {
    problems.add('ecg/section-outside', 'error', at);
    return undefined;
  }
  const end = Math.min(start + length, bytes.length);
  const view = new DataView(bytes.buffer, bytes.byteOffset + start, end - start);
  if (end < start + length) problems.add('ecg/section-cut', 'error', at);
  else if (crcCcitt(bytes, start + 2, end) !== view.getUint16(0, true)) problems.add('ecg/crc-wrong', 'error', at);
  // Whatever stands there instead would be read as samples or names that nobody wrote.
  if (view.getUint16(2, true) !== id) {
    problems.add('ecg/section-mislabelled', 'error', at);
    return undefined;
  }
  const own = bytes.subarray(start + HEADER, end);
  return { id, bytes: own, view: viewOf(own), protocol: view.getUint8(9), offset: start + HEADER };
}

export function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
