/** Keys of the elements within a report (SETTLED 5). */
import { joinKey } from '../base/digest.ts';
import type { FacilityProfile } from '../terms/facility.ts';
import type { Reading } from './reading.ts';
import type { Memory } from './recall.ts';

/** Counts equal keys over one report. */
export type ElementCounts = Map<string, number>;

/** OBX-3.1 (else 3.2) + OBX-4 + the n-th occurrence in the report; OBX-21 only by profile. */
export function resultKeyOf(obx: Reading, counts: ElementCounts, profile: FacilityProfile, memory: Memory): string {
  const code = codeOf(obx, memory);
  const subId = obx.has(4) ? (obx.segment.text(4) ?? '') : '';
  const instance = profile.elementKeyByObx21 === true ? (obx.peek(21, 1, 0, 1) ?? '') : '';
  const pair = code + (subId === '' ? NONE : joinKey(subId)) + (instance === '' ? '' : joinKey(instance));
  return pair + countOf(pair, counts);
}

/** The code's part of the key. Looks without counting as reading; what it finds is remembered by OBX-3's text. */
function codeOf(obx: Reading, memory: Memory): string {
  const known = memory.find(obx, 3, codeOf);
  if (known !== undefined) return known.value as string;
  const fresh = obx.seen(3) === 0;
  const stated = obx.peek(3, 1, 0, 1) ?? obx.peek(3, 1, 0, 2) ?? obx.peek(3, 1, 0, 4) ?? obx.peek(3, 1, 0, 5);
  const code = joinKey(stated ?? '');
  if (fresh) memory.keep(obx, 3, codeOf, code);
  return code;
}

/** SPM-2 (filler's number, else placer's), else SPM-4; `source` for the specimen of an OBR-15. */
export function specimenKeyOf(spm: Reading | undefined, counts: ElementCounts): string {
  if (spm === undefined) return 'specimen|source';
  const number = spm.peek(2, 1, 2, 1) ?? spm.peek(2, 1, 1, 1);
  const pair = `specimen|${number === undefined ? joinKey('type', spm.peek(4, 1, 0, 1) ?? spm.peek(4, 1, 0, 2) ?? '') : joinKey('id', number)}`;
  return pair + countOf(pair, counts);
}

const FIRST = joinKey('1');
const NONE = joinKey('');

function countOf(pair: string, counts: ElementCounts): string {
  const count = (counts.get(pair) ?? 0) + 1;
  counts.set(pair, count);
  return count === 1 ? FIRST : joinKey(String(count));
}
