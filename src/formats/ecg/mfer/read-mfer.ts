/**
 * MFER (ISO 22077-1, 22077-2; formerly ISO/TS 11073-92001): tags with a length each, definitions that hold until changed,
 * and waveform frames of blocks. Byte order is that of values; lengths are big-endian.
 */
import { LIMITS } from '../../../base/limits.ts';
import type { Parsed } from '../../../base/problem.ts';
import type { Ecg } from '../../../terms/parsed/ecg.ts';
import { draftOf, type EcgDraft, finish } from '../draft.ts';
import { Definitions } from './definitions.ts';
import { addFrame } from './frame.ts';
import { readCircumstance } from './circumstances.ts';

const END = 0x80;
const CHANNEL = 0x3f;
const WAVEFORM = 0x1e;

export function readMfer(bytes: Uint8Array): Parsed<Ecg> {
  const draft = draftOf('mfer');
  walk(bytes, 0, new Definitions(), draft);
  return finish(draft);
}

interface Tag {
  readonly tag: number;
  readonly value: Uint8Array;
  /** Offset in the file of the tag. */
  readonly at: number;
}

function walk(bytes: Uint8Array, start: number, definitions: Definitions, draft: EcgDraft): void {
  const { problems } = draft;
  for (const item of tagsOf(bytes, start, draft)) {
    const at = `byte ${item.at}`;
    if (item.tag === CHANNEL) readChannel(item, definitions, draft);
    else if (item.tag === WAVEFORM) {
      if (draft.groups.length + draft.medians.length >= LIMITS.ecgGroupsMax)
        return problems.add('ecg/too-many-groups', 'error', at);
      addFrame(item.value, definitions, { at }, draft);
    } else if (!definitions.take(item.tag, item.value))
      readCircumstance(item.tag, item.value, { definitions, at }, draft);
  }
  return undefined;
}

/** 0x3F is followed by the channel's number instead of a length: its own definitions are nested. */
function readChannel({ value, at }: Tag, definitions: Definitions, draft: EcgDraft): void {
  const channel = value[0] ?? 0;
  const own = definitions.channel(channel);
  for (const inner of tagsOf(value.subarray(1), at + 1, draft)) {
    if (!own.take(inner.tag, inner.value))
      readCircumstance(inner.tag, inner.value, { definitions: own, at: `byte ${at}` }, draft);
  }
}

function* tagsOf(bytes: Uint8Array, start: number, draft: EcgDraft): Generator<Tag> {
  let at = 0;
  while (at < bytes.length) {
    const began = start + at;
    const tag = bytes[at] as number;
    at += 1;
    if (tag === 0) continue;
    if (tag === END) return;
    let channel: number | undefined;
    if (tag === CHANNEL) {
      const number = numberAt(bytes, at);
      channel = number.value;
      at = number.next;
    }
    const length = lengthAt(bytes, at);
    const value = bytes.subarray(length.next, length.next + length.value);
    if (length.next > bytes.length || value.length < length.value) {
      draft.problems.add('ecg/tag-cut', 'error', `byte ${began}`);
      // A cut waveform still shows what it holds.
      if (tag !== WAVEFORM || value.length === 0) return;
    }
    yield { tag, value: channel === undefined ? value : prefixed(channel, value), at: began };
    at = length.next + length.value;
  }
}

function prefixed(channel: number, value: Uint8Array): Uint8Array {
  const made = new Uint8Array(value.length + 1);
  made[0] = Math.min(channel, 255);
  made.set(value, 1);
  return made;
}

/** Seven bits a byte, the highest says that another follows. */
function numberAt(bytes: Uint8Array, from: number): { readonly value: number; readonly next: number } {
  let value = 0;
  let at = from;
  for (let k = 0; k < 3; k++) {
    const byte = bytes[at] ?? 0;
    at += 1;
    value = value * 128 + (byte & 0x7f);
    if (byte < 0x80) break;
  }
  return { value, next: at };
}

/** One byte, or 0x80 | n and n bytes. */
function lengthAt(bytes: Uint8Array, from: number): { readonly value: number; readonly next: number } {
  const first = bytes[from] ?? 0;
  if (first < 0x80) return { value: first, next: from + 1 };
  const count = first & 0x7f;
  let value = 0;
  for (let k = 0; k < Math.min(count, 8); k++) value = value * 256 + (bytes[from + 1 + k] ?? 0);
  return { value: count > 8 ? Number.MAX_SAFE_INTEGER : value, next: from + 1 + count };
}
