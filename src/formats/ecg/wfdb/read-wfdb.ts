/**
 * WFDB (PhysioNet): a text header and signal files of format 16 or 212, which the header names. Each signal's 16-bit checksum
 * and first sample are compared.
 */
import { LIMITS } from '../../../base/limits.ts';
import type { Parsed } from '../../../base/problem.ts';
import { leadName, leadNumber } from '../../../signals/leads.ts';
import type { Ecg, EcgLead, EcgPatient } from '../../../terms/parsed/ecg.ts';
import { draftOf, type EcgDraft, finish, unreadable } from '../draft.ts';
import { readInt16 } from '../integers.ts';
import { numberOf, present, sexOf } from '../values.ts';
import { readWfdbHeader, type WfdbHeader, type WfdbSignal } from './header.ts';

/** The other files of one recording, by the name that the header gives them. */
export type Companions = (name: string) => Uint8Array | undefined;

/** The first bytes that could be a record line with one of signals or comments behind it. */
export function looksLikeWfdb(bytes: Uint8Array): boolean {
  if (bytes.length > LIMITS.wfdbHeaderBytesMax || bytes.includes(0)) return false;
  const header = readWfdbHeader(new TextDecoder('utf-8').decode(bytes));
  return header !== undefined && (header.signals.length > 0 || header.segments > 0);
}

export function readWfdb(bytes: Uint8Array, companions: Companions): Parsed<Ecg> {
  const draft = draftOf('wfdb');
  const header = readWfdbHeader(new TextDecoder('utf-8').decode(bytes));
  if (header === undefined) return unreadable(draft, 'ecg/header-unreadable', 'line 1');
  if (header.segments > 0) return unreadable(draft, 'ecg/variant-unsupported', 'line 1');
  if (header.incomplete) return unreadable(draft, 'ecg/header-unreadable', 'line 2');
  draft.acquisition = present({ id: header.record, start: header.start, startAt: 'line 1' });
  draft.patient = patientOf(header.comments);
  if (header.rate === undefined) return unreadable(draft, 'ecg/rate-missing', 'line 1');
  const leads: EcgLead[] = [];
  for (const file of new Set(header.signals.map((signal) => signal.file))) {
    const signals = header.signals.filter((signal) => signal.file === file);
    // A path is nobody's companion.
    const data = /[/\\]/.test(file) ? undefined : companions(file);
    if (data === undefined) draft.problems.add('ecg/companion-missing', 'error', signals[0]?.at ?? 'line 1');
    else leads.push(...leadsIn(data, signals, header, draft));
  }
  if (leads.length > 0) draft.groups.push({ kind: 'rhythm', rate: header.rate, leads, at: 'signals' });
  return finish(draft);
}

/** Signals of one file lie sample by sample beside one another. */
function leadsIn(
  data: Uint8Array,
  signals: readonly WfdbSignal[],
  header: WfdbHeader,
  draft: EcgDraft,
): readonly EcgLead[] {
  const { problems } = draft;
  const [first] = signals;
  if (first === undefined) return [];
  if (
    signals.some(({ format, perFrame }) => format !== first.format || perFrame !== 1) ||
    ![16, 212].includes(first.format)
  ) {
    problems.add('ecg/samples-unsupported', 'error', first.at);
    return [];
  }
  const body = data.subarray(first.byteOffset);
  const all = first.format === 16 ? readInt16(body) : samples212(body);
  const held = Math.floor(all.length / signals.length);
  const count = Math.min(header.samples ?? held, held);
  if ((header.samples ?? 0) > held) problems.add('ecg/fewer-samples', 'warning', first.at);
  return signals.map((signal, k) => {
    const samples = new Int32Array(count);
    for (let s = 0, at = k; s < count; s++, at += signals.length) samples[s] = all[at] as number;
    check(signal, samples, { isWhole: count === (header.samples ?? count) }, draft);
    const number = leadNumber(signal.label);
    if (number === undefined) problems.add('ecg/lead-unknown', 'warning', signal.at);
    if (signal.scale === undefined) problems.add('ecg/scale-missing', 'error', signal.at);
    return {
      name: (number === undefined ? undefined : leadName(number)) ?? signal.label,
      ...(number === undefined ? {} : { number }),
      samples,
      ...(signal.scale === undefined ? {} : { scale: signal.scale }),
      offset: signal.offset,
      // The lowest value of a format stands for no sample.
      absent: signal.format === 16 ? -32_768 : -2_048,
      at: signal.at,
    };
  });
}

function check(
  signal: WfdbSignal,
  samples: Int32Array,
  { isWhole }: { readonly isWhole: boolean },
  draft: EcgDraft,
): void {
  const { first, checksum, at } = signal;
  if (first !== undefined && samples.length > 0 && samples[0] !== first)
    draft.problems.add('ecg/first-sample-differs', 'error', at);
  if (checksum === undefined || !isWhole) return;
  let sum = 0;
  for (let k = 0; k < samples.length; k++) sum = (sum + (samples[k] as number)) & 0xffff;
  if (sum !== (checksum & 0xffff)) draft.problems.add('ecg/crc-wrong', 'error', at);
}

/** Two samples of 12 bits in three bytes: the low bytes first, both high nibbles between them. */
function samples212(bytes: Uint8Array): Int32Array {
  const pairs = Math.floor(bytes.length / 3);
  const rest = bytes.length - pairs * 3;
  const samples = new Int32Array(pairs * 2 + (rest === 2 ? 1 : 0));
  for (let k = 0; k < samples.length; k++) {
    const at = (k >> 1) * 3;
    const middle = bytes[at + 1] as number;
    const value =
      k % 2 === 0 ? ((middle & 0x0f) << 8) | (bytes[at] as number) : ((middle & 0xf0) << 4) | (bytes[at + 2] as number);
    samples[k] = value >= 0x800 ? value - 0x1000 : value;
  }
  return samples;
}

/** `age: 60`, `sex: M` as PhysioNet's headers write them. */
function patientOf(comments: readonly string[]): EcgPatient {
  const said = (name: string): string | undefined =>
    comments
      .map((line) => new RegExp(`^<?${name}>?:\\s*(\\S{1,20})`, 'i').exec(line)?.[1])
      .find((found) => found !== undefined);
  const age = numberOf(said('age'));
  return present<EcgPatient>({
    identifiers: [],
    sex: sexOf(said('sex')),
    age: age === undefined ? undefined : { value: age, unit: 'a' },
    at: 'comments',
  });
}
