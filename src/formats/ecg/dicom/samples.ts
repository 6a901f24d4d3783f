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
const FORMS: Readonly<Record<string, Form>> = {
  SB: { bytes: 1, signed: true },
  UB: { bytes: 1, signed: false },
  SS: { bytes: 2, signed: true },
  US: { bytes: 2, signed: false },
  SL: { bytes: 4, signed: true },
  UL: { bytes: 4, signed: false },
};

export function readChannels(
  item: DicomItem,
  { channels, at }: { readonly channels: number; readonly at: string },
  problems: ProblemList,
): ChannelSamples | undefined {
  const bits = item.uint16('54001004') ?? 16;
  const form = FORMS[item.text('54001006') ?? 'SS'];
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
  const read = readerOf(data, form, item.bigEndian);
  const leads = Array.from({ length: channels }, (_, channel) => {
    const samples = form.bytes === 4 && !form.signed ? new Float64Array(count) : new Int32Array(count);
    for (let k = 0; k < count; k++) samples[k] = read((k * channels + channel) * form.bytes);
    return samples;
  });
  const padding = paddingOf(item, form);
  return { leads, bits, signed: form.signed, ...(padding === undefined ? {} : { padding }) };
}

type Read = (offset: number) => number;

function readerOf(data: Uint8Array, { bytes, signed }: Form, bigEndian: boolean): Read {
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  const little = !bigEndian;
  if (bytes === 1) return signed ? (at) => view.getInt8(at) : (at) => view.getUint8(at);
  if (bytes === 2) return signed ? (at) => view.getInt16(at, little) : (at) => view.getUint16(at, little);
  return signed ? (at) => view.getInt32(at, little) : (at) => view.getUint32(at, little);
}

function paddingOf(item: DicomItem, form: Form): number | undefined {
  const value = item.bytes('5400100a');
  return value === undefined || value.length < form.bytes ? undefined : readerOf(value, form, item.bigEndian)(0);
}
