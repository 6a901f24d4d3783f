/** Definitions of an MFER file: the root's, and each channel's, which override them (ISO 22077-1, 5). */
import type { Decimal } from '../../../base/decimal.ts';
import type { EcgRate } from '../../../terms/parsed/ecg.ts';
import { decimalOf, powerOfTen, rateOfHz, rateOfPeriod } from '../values.ts';

const ORDER = 0x01;
const TEXT_CODE = 0x03;

/** Forms of a sample (tag 0x0A), by their number. */
export interface SampleForm {
  readonly bytes: number;
  readonly read: (view: DataView, at: number, little: boolean) => number;
}

const FORMS: Readonly<Record<number, SampleForm>> = {
  0: { bytes: 2, read: (view, at, little) => view.getInt16(at, little) },
  1: { bytes: 2, read: (view, at, little) => view.getUint16(at, little) },
  2: { bytes: 4, read: (view, at, little) => view.getInt32(at, little) },
  3: { bytes: 1, read: (view, at) => view.getUint8(at) },
  5: { bytes: 1, read: (view, at) => view.getInt8(at) },
};

export class Definitions {
  readonly #parent: Definitions | undefined;
  readonly #values = new Map<number, Uint8Array>();
  readonly #channels = new Map<number, Definitions>();

  constructor(parent?: Definitions) {
    this.#parent = parent;
  }

  channel(number: number): Definitions {
    let own = this.#channels.get(number);
    if (own === undefined) {
      own = new Definitions(this);
      this.#channels.set(number, own);
    }
    return own;
  }

  /** False for a tag that defines nothing of the waveform. */
  take(tag: number, value: Uint8Array): boolean {
    if (!DEFINES.has(tag)) return false;
    this.#values.set(tag, value);
    return true;
  }

  get little(): boolean {
    return this.#value(ORDER)?.[0] === 1;
  }

  /** Label of the texts that follow, as written. */
  get textCode(): string {
    const bytes = this.#value(TEXT_CODE) ?? new Uint8Array();
    return String.fromCharCode(...bytes.subarray(0, 32))
      .replaceAll('\0', '')
      .trim();
  }

  /** Samples of one channel in one sequence; channels in a sequence; sequences: undefined when not stated. */
  get block(): number | undefined {
    return this.unsigned(this.#value(0x04));
  }
  get channels(): number | undefined {
    return this.unsigned(this.#value(0x05));
  }
  get sequences(): number | undefined {
    return this.unsigned(this.#value(0x06));
  }
  get waveformClass(): number | undefined {
    return this.unsigned(this.#value(0x08));
  }

  /** Number of the lead, and the text behind it. */
  get lead(): { readonly number: number; readonly name: Uint8Array } | undefined {
    const value = this.#value(0x09);
    if (value === undefined || value.length === 0) return undefined;
    const width = value.length === 1 ? 1 : 2;
    return { number: this.unsigned(value.subarray(0, width)) ?? 0, name: value.subarray(width) };
  }

  /** Undefined for a form that is no integer. */
  get form(): SampleForm | undefined {
    return FORMS[this.unsigned(this.#value(0x0a)) ?? 0];
  }

  get rate(): EcgRate | undefined {
    const scaled = this.#scaled(0x0b);
    if (scaled === undefined) return undefined;
    if (scaled.unit === 0) return rateOfHz(scaled.value);
    return scaled.unit === 1 ? rateOfPeriod(powerOfTen(scaled.value, 3)) : undefined;
  }

  /** µV of one unit; undefined when no voltage is stated. */
  get scale(): Decimal | undefined {
    const scaled = this.#scaled(0x0c);
    return scaled?.unit === 0 ? powerOfTen(scaled.value, 6) : undefined;
  }

  /** In the form of the samples, so that 128 of unsigned bytes is 128. */
  get offset(): number {
    const value = this.#value(0x0d);
    const { form } = this;
    if (value === undefined || form === undefined) return 0;
    if (value.length !== form.bytes) return this.#signed(value) ?? 0;
    return form.read(new DataView(value.buffer, value.byteOffset, value.length), 0, this.little);
  }

  get absent(): number | undefined {
    const value = this.#value(0x12);
    const { form } = this;
    if (value === undefined || form === undefined || value.length < form.bytes) return undefined;
    return form.read(new DataView(value.buffer, value.byteOffset, value.length), 0, this.little);
  }

  unsigned(value: Uint8Array | undefined): number | undefined {
    if (value === undefined || value.length === 0 || value.length > 6) return undefined;
    const bytes = this.little ? value.toReversed() : value;
    return bytes.reduce((sum, byte) => sum * 256 + byte, 0);
  }

  #signed(value: Uint8Array | undefined): number | undefined {
    const number = this.unsigned(value);
    if (number === undefined || value === undefined) return undefined;
    const range = 256 ** value.length;
    return number >= range / 2 ? number - range : number;
  }

  /** `u8 unit, s8 exponent, mantissa`: the exponent is signed. */
  #scaled(tag: number): { readonly unit: number; readonly value: Decimal } | undefined {
    const bytes = this.#value(tag);
    if (bytes === undefined || bytes.length < 3) return undefined;
    const exponent = ((bytes[1] as number) << 24) >> 24;
    const mantissa = this.unsigned(bytes.subarray(2));
    const value = mantissa === undefined ? undefined : powerOfTen(decimalOf(mantissa), exponent);
    return value === undefined ? undefined : { unit: bytes[0] as number, value };
  }

  #value(tag: number): Uint8Array | undefined {
    return this.#values.get(tag) ?? this.#parent?.inherited(tag);
  }

  private inherited(tag: number): Uint8Array | undefined {
    return this.#value(tag);
  }
}

const DEFINES: ReadonlySet<number> = new Set([
  ORDER,
  0x02,
  TEXT_CODE,
  0x04,
  0x05,
  0x06,
  0x07,
  0x08,
  0x09,
  0x0a,
  0x0b,
  0x0c,
  0x0d,
  0x12,
]);
