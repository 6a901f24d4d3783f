/** Waveform Data (5400,1010): sample 1 of every channel, then sample 2; exactly channels × samples are read, a pad byte is not. */
import { LIMITS } from '../../../base/limits.ts';
import type { ProblemList } from '../../../base/problem-list.ts';
import type { DicomItem } from '../../dicom/read-dataset.ts';

export interface ChannelSamples {
  readonly leads: readonly (Int32Array | Float64Array)[];
  /** Bits of one stored sample. */
  readonly bits: number;
  readonly signed: boolean;
  /** Waveform Padding Value: "no sample here". */
  readonly padding?: number;
}

interface Form {
  readonly bytes: 1 | 2 | 4;
  readonly signed: boolean;
}

/** Waveform Sample Interpretation (5400,1006). MB and AB are companded sound. */
const FORMS: ReadonlyMap<string, Form> = new Map([
  ['SB', { bytes: 1, signed: true }],
  ['UB', { bytes: 1, signed: false }],
  ['SS', { bytes: 2, signed: true }],
  ['US', { bytes: 2, signed: false }],
  ['SL', { bytes: 4, signed: true }],
  ['UL', { bytes: 4, signed: false }],
]);

export function readChannels(
  item: DicomItem,
  { channels, at }: { readonly channels: number; readonly at: string },
  problems: ProblemList,
): ChannelSamples | undefined {
  const bits = item.uint16('54001004') ?? 16;
  const form = FORMS.get(item.text('54001006') ?? 'SS');
  if (form === undefined || form.bytes * 8 !== bits) {
    problems.add('ecg/samples-unsupported', 'error', `${at}(5400,1006)`);
    return undefined;
  }
  const data = item.bytes('54001010');
  const stated = item.uint32('003a0010') ?? 0;
  const held = Math.floor((data?.length ?? 0) / (channels * form.bytes));
  const count = Math.min(stated === 0 ? held : stated, held, Math.floor(LIMITS.ecgSamplesMax / channels));
  if (stated > held) problems.add('ecg/fewer-samples', 'warning', `${at}(003A,0010)`);
  if (data === undefined || count === 0) {
    problems.add('ecg/lead-empty', 'error', `${at}(5400,1010)`);
    return undefined;
  }
  const flat = flatSamples(data, form, item.bigEndian);
  const leads = Array.from({ length: channels }, (_, channel) => {
    const samples = form.bytes === 4 && !form.signed ? new Float64Array(count) : new Int32Array(count);
    for (let k = 0, at = channel; k < count; k++, at += channels) samples[k] = flat[at] as number;
    return samples;
  });
  const padding = paddingOf(item, form);
  return { leads, bits, signed: form.signed, ...(padding === undefined ? {} : { padding }) };
}

type Flat = Int8Array | Uint8Array | Int16Array | Uint16Array | Int32Array | Uint32Array;

/** All samples in the order of the file. Copied, so that they begin where their width wants it, in the machine's order. */
function flatSamples(data: Uint8Array, { bytes, signed }: Form, bigEndian: boolean): Flat {
  // Not by `slice`, which Node's Buffer takes for a view.
  const whole = new Uint8Array(data.subarray(0, data.length - (data.length % bytes)));
  if (bytes > 1 && bigEndian !== MACHINE_IS_BIG_ENDIAN) swap(whole, bytes);
  const { buffer } = whole;
  if (bytes === 1) return signed ? new Int8Array(buffer) : whole;
  if (bytes === 2) return signed ? new Int16Array(buffer) : new Uint16Array(buffer);
  return signed ? new Int32Array(buffer) : new Uint32Array(buffer);
}

const MACHINE_IS_BIG_ENDIAN = new Uint8Array(Uint16Array.of(1).buffer)[0] === 0;

function swap(bytes: Uint8Array, width: number): void {
  for (let k = 0; k < bytes.length; k += width) bytes.subarray(k, k + width).reverse();
}

function paddingOf(item: DicomItem, form: Form): number | undefined {
  const value = item.bytes('5400100a');
  return value === undefined || value.length < form.bytes ? undefined : flatSamples(value, form, item.bigEndian)[0];
}
