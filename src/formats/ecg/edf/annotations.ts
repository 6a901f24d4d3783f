/** Annotations of EDF+ (time-stamped lists): when each record begins, and what was noted. */
import { LIMITS } from '../../../base/limits.ts';
import type { EcgDraft } from '../draft.ts';
import { numberOf } from '../values.ts';
import type { EdfHeader } from './header.ts';

const [END, SEPARATOR, DURATION] = [0x00, '\u0014', '\u0015'];

/** Six days in records of a second: what lies behind follows without a gap. */
const RECORDS_MAX = 500_000;

/** Milliseconds from the start at which each record begins; undefined without annotations. Notes become comments. */
export function readTimes(
  bytes: Uint8Array,
  { header, records, perRecord }: { readonly header: EdfHeader; readonly records: number; readonly perRecord: number },
  draft: EcgDraft,
): readonly (number | undefined)[] | undefined {
  let offset = 0;
  const places: { readonly offset: number; readonly length: number }[] = [];
  for (const { kind, samples, bytes: width } of header.signals) {
    if (kind === 'annotations') places.push({ offset, length: samples * width });
    offset += samples * width;
  }
  const [first] = places;
  if (first === undefined) return undefined;
  const times: (number | undefined)[] = [];
  for (let record = 0; record < Math.min(records, RECORDS_MAX); record++) {
    const base = header.bytes + record * perRecord;
    for (const { offset: from, length } of places) {
      const lists = listsIn(bytes.subarray(base + from, base + from + length));
      // The first list of the first such signal keeps the time.
      if (from === first.offset) times.push(onsetOf(lists[0]));
      for (const list of lists) addNotes(list, record, draft);
    }
  }
  return times;
}

function listsIn(bytes: Uint8Array): readonly string[] {
  const lists: string[] = [];
  let from = 0;
  for (let k = 0; k <= bytes.length; k++) {
    if (k < bytes.length && bytes[k] !== END) continue;
    if (k > from) lists.push(new TextDecoder('utf-8').decode(bytes.subarray(from, k)));
    from = k + 1;
  }
  return lists;
}

function onsetOf(list: string | undefined): number | undefined {
  const onset = numberOf(list?.split(SEPARATOR)[0]?.split(DURATION)[0]);
  const ms = onset === undefined ? Number.NaN : Number(onset) * 1000;
  return Number.isFinite(ms) ? ms : undefined;
}

function addNotes(list: string, record: number, draft: EcgDraft): void {
  for (const note of list.split(SEPARATOR).slice(1)) {
    if (note === '' || draft.statements.length > LIMITS.ecgAnnotationsMax) continue;
    draft.statements.push({ text: note, kind: 'comment', by: 'unknown', at: `record ${record + 1}` });
  }
}
