/**
 * Code extension (PS3.5 6.1.2.5): escape sequences call up sets, and delimiters call the first set back (6.1.2.5.3). Read
 * byte by byte, since a byte of a kanji in G0 may look like `\`, `^` or `=`, and so may a second byte of GBK in G1.
 */
import { DESIGNATIONS, type Designation, isWide } from './charsets.ts';
import { loosely } from './decode-bytes.ts';

export interface Iso2022Text {
  readonly text: string;
  /** An escape sequence is not known, or bytes do not fit what was called up. */
  readonly damaged: boolean;
}

const ESC = 0x1b;

/**
 * `first` is the label that G1 begins with; `resets` the delimiters besides control characters that bring it back.
 */
export function decodeIso2022(bytes: Uint8Array, first: string | undefined, resets: string): Iso2022Text {
  const reader = readerOf(bytes, first);
  while (reader.at < bytes.length) {
    const byte = bytes[reader.at] as number;
    if (byte === ESC) reader.escape();
    else if (byte < 0x20) reader.control();
    else if (byte >= 0x80) reader.upper(byte);
    else reader.lower(byte, resets);
  }
  return reader.finish();
}

interface Reader {
  at: number;
  escape(): void;
  control(): void;
  upper(byte: number): void;
  lower(byte: number, resets: string): void;
  finish(): Iso2022Text;
}

function readerOf(bytes: Uint8Array, first: string | undefined): Reader {
  const start: Designation | undefined =
    first === undefined
      ? undefined
      : { side: 'G1', label: first, width: isWide(first) && first !== 'shift_jis' ? 2 : 1 };
  let [lowSet, highSet]: (Designation | undefined)[] = [undefined, start];
  let text = '';
  let damaged = false;
  // Bytes of one label in a row are decoded together.
  let run: number[] = [];
  let label = 'ascii';
  const decode = decoderOfRuns();
  const flush = (): void => {
    if (run.length === 0) return;
    const made = decode(run, label);
    if (made.damaged) damaged = true;
    text += made.text;
    run = [];
  };
  const take = (next: string, ...taken: readonly number[]): void => {
    if (next !== label) flush();
    label = next;
    run.push(...taken);
  };
  const reset = (): void => {
    [lowSet, highSet] = [undefined, start];
  };
  const reader: Reader = {
    at: 0,
    escape: () => {
      flush();
      const { length, designation } = escapeAt(bytes, reader.at);
      reader.at += length;
      if (designation === undefined) damaged = true;
      else if (designation.side === 'G0') lowSet = designation.label === 'ascii' ? undefined : designation;
      else highSet = designation;
    },
    control: () => {
      take('ascii', bytes[reader.at] as number);
      reader.at += 1;
      reset();
    },
    upper: (byte) => {
      const width = highSet?.width === 2 ? wideLength(highSet.label, bytes, reader.at) : 1;
      if (highSet === undefined) damaged = true;
      take(highSet?.label ?? 'windows-1252', byte, ...bytes.subarray(reader.at + 1, reader.at + width));
      reader.at += width;
    },
    lower: (byte, resets) => {
      const next = bytes[reader.at + 1] ?? 0;
      if (lowSet?.width === 2 && byte > 0x20 && byte < 0x7f && next > 0x20 && next < 0x7f) {
        const { label: low, prefix } = lowSet;
        take(low, ...(prefix === undefined ? [] : [prefix]), byte | 0x80, next | 0x80);
        reader.at += 2;
        return;
      }
      const isKana = lowSet?.width === 1 && byte > 0x20 && byte < 0x60;
      if (isKana) take('shift_jis', byte | 0x80);
      else take('ascii', byte);
      reader.at += 1;
      if (!isKana && resets.includes(String.fromCharCode(byte))) reset();
    },
    finish: () => {
      flush();
      return { text, damaged };
    },
  };
  return reader;
}

function asciiOf(run: readonly number[]): string {
  let text = '';
  for (const byte of run) text += String.fromCharCode(byte);
  return text;
}

/** Decoders are made once for a text, and not used again after an error, since some platforms keep state behind it. */
function decoderOfRuns(): (run: readonly number[], label: string) => Iso2022Text {
  const made = new Map<string, TextDecoder>();
  let isDamaged = false;
  return (run, label) => {
    if (label === 'ascii') return { text: asciiOf(run), damaged: false };
    const bytes = Uint8Array.from(run);
    // Errors cost time: behind the first one nobody asks any more.
    if (isDamaged) return { text: loosely(bytes, label) ?? '', damaged: true };
    try {
      const decoder = made.get(label) ?? new TextDecoder(label, { fatal: true, ignoreBOM: true });
      made.set(label, decoder);
      return { text: decoder.decode(bytes), damaged: false };
    } catch {
      isDamaged = true;
      return { text: loosely(bytes, label) ?? '', damaged: true };
    }
  };
}

/** ESC, bytes 20 to 2F, one byte 30 to 7E (ISO/IEC 2022, 13.1). */
function escapeAt(bytes: Uint8Array, at: number): { length: number; designation: Designation | undefined } {
  let end = at + 1;
  while (end < bytes.length && end < at + 4 && (bytes[end] as number) >= 0x20 && (bytes[end] as number) < 0x30)
    end += 1;
  const code = String.fromCharCode(...bytes.subarray(at + 1, end + 1));
  const designation = DESIGNATIONS.get(code);
  // What is no escape sequence loses its ESC and nothing else.
  const isSequence = (bytes[end] ?? 0) >= 0x30 && (bytes[end] ?? 0) < 0x7f && end > at + 1;
  return { length: isSequence ? end + 1 - at : 1, designation };
}

/** How many bytes the character takes: GBK stands behind the escape sequence of GB 2312 in practice. */
function wideLength(label: string, bytes: Uint8Array, at: number): number {
  const [, next = 0, third = 0, fourth = 0] = bytes.subarray(at, at + 4);
  const isDigit = (byte: number): boolean => byte >= 0x30 && byte <= 0x39;
  if (label !== 'gb18030') return next >= 0x80 ? 2 : 1;
  if (isDigit(next)) return third > 0x80 && isDigit(fourth) ? 4 : 1;
  return next >= 0x40 && next !== 0x7f ? 2 : 1;
}
