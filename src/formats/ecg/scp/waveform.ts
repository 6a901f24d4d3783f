/** Sections 3 to 6 of SCP-ECG: which leads there are, where beats lie, and the samples (EN 1064, 5.6 to 5.9). */
import { LIMITS } from '../../../base/limits.ts';
import type { ProblemList } from '../../../base/problem-list.ts';
import { decodeHuffman, type Huffman } from './huffman.ts';
import { type Section, viewOf } from './sections.ts';

/** A lead as section 3 declares it; samples from 1, inclusive. */
export interface DeclaredLead {
  readonly number: number;
  readonly start: number;
  readonly end: number;
}

export interface LeadList {
  readonly leads: readonly DeclaredLead[];
  /** A reference beat was subtracted from the rhythm. */
  readonly subtracted: boolean;
}

const LEAD_BYTES = 9;

export function readLeads(section: Section | undefined, problems: ProblemList): LeadList {
  if (section === undefined || section.bytes.length < 2) return { leads: [], subtracted: false };
  const { view } = section;
  const count = Math.min(view.getUint8(0), Math.floor((view.byteLength - 2) / LEAD_BYTES));
  if (count < view.getUint8(0)) problems.add('ecg/section-cut', 'error', 'section 3');
  const leads = Array.from({ length: count }, (_, k) => {
    const at = 2 + k * LEAD_BYTES;
    return {
      start: view.getUint32(at, true),
      end: view.getUint32(at + 4, true),
      number: view.getUint8(at + 8),
    };
  });
  return { leads, subtracted: (view.getUint8(1) & 1) === 1 };
}

/** Where the beats lie (section 4). Samples count from 1. */
export interface Beats {
  readonly referenceMs: number;
  /** Sample of the reference beat at which it is laid over a beat of the rhythm. */
  readonly fiducial: number;
  readonly beats: readonly Beat[];
}

export interface Beat {
  readonly type: number;
  readonly start: number;
  readonly fiducial: number;
  readonly end: number;
  /** Kept at the full rate where the rest is not (bimodal compression). */
  readonly protectedFrom: number;
  readonly protectedTo: number;
}

export function readBeats(section: Section | undefined): Beats | undefined {
  if (section === undefined || section.bytes.length < 6) return undefined;
  const { view } = section;
  const stated = view.getUint16(4, true);
  const count = Math.min(stated, Math.floor((view.byteLength - 6) / 14));
  const zones = 6 + stated * 14;
  const beats = Array.from({ length: count }, (_, k) => {
    const at = 6 + k * 14;
    const zone = zones + k * 8;
    const hasZone = zone + 8 <= view.byteLength;
    return {
      type: view.getUint16(at, true),
      start: view.getUint32(at + 2, true),
      fiducial: view.getUint32(at + 6, true),
      end: view.getUint32(at + 10, true),
      protectedFrom: hasZone ? view.getUint32(zone, true) : 0,
      protectedTo: hasZone ? view.getUint32(zone + 4, true) : 0,
    };
  });
  return { referenceMs: view.getUint16(0, true), fiducial: view.getUint16(2, true), beats };
}

/** Section 5 (reference beat) or 6 (rhythm): its head, and each lead's own bytes. */
export interface Samples {
  /** Nanovolt of one unit. */
  readonly unitNv: number;
  /** Microseconds between two samples. */
  readonly intervalUs: number;
  readonly differences: number;
  readonly bimodal: boolean;
  readonly leads: readonly Uint8Array[];
}

export function readSamples(section: Section | undefined, leads: number, problems: ProblemList): Samples | undefined {
  const head = 6 + leads * 2;
  if (section === undefined || section.bytes.length < head) return undefined;
  const { bytes, view, id } = section;
  let at = head;
  const parts = Array.from({ length: leads }, (_, k) => {
    const length = view.getUint16(6 + k * 2, true);
    const part = bytes.subarray(Math.min(at, bytes.length), Math.min(at + length, bytes.length));
    if (part.length < length) problems.add('ecg/lead-cut', 'error', `section ${id}, lead ${k + 1}`);
    at += length;
    return part;
  });
  return {
    unitNv: view.getUint16(0, true),
    intervalUs: view.getUint16(2, true),
    differences: view.getUint8(4),
    bimodal: id === 6 && view.getUint8(5) === 1,
    leads: parts,
  };
}

/** The integers of one lead, differences undone. Fewer than `count` when the bytes hold no more. */
export function decodeLead(
  bytes: Uint8Array,
  count: number,
  { huffman, differences }: { readonly huffman: Huffman | 'none'; readonly differences: number },
): Int32Array {
  const wanted = Math.min(count, LIMITS.ecgSamplesMax);
  const values = huffman === 'none' ? plainValues(bytes, wanted) : decodeHuffman(huffman, bytes, wanted).values;
  undoDifferences(values, differences);
  return values;
}

function plainValues(bytes: Uint8Array, count: number): Int32Array {
  const view = viewOf(bytes);
  const values = new Int32Array(Math.min(count, bytes.length >> 1));
  for (let k = 0; k < values.length; k++) values[k] = view.getInt16(k * 2, true);
  return values;
}

/** 1: x[i] = d[i] + x[i-1]; 2: x[i] = d[i] + 2x[i-1] - x[i-2]; the first one or two values are absolute. */
function undoDifferences(values: Int32Array, order: number): void {
  if (order === 1) {
    for (let k = 1; k < values.length; k++) values[k] = (values[k] as number) + (values[k - 1] as number);
  } else if (order === 2) {
    for (let k = 2; k < values.length; k++)
      values[k] = (values[k] as number) + 2 * (values[k - 1] as number) - (values[k - 2] as number);
  }
}
