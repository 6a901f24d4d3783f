/** Synthetic HL7 v2 inputs that are not right: damaged messages, structure without sense, and bytes at random. */
import * as fc from 'fast-check';
import { validMessage } from './hl7-arbitraries.ts';

const encoder = new TextEncoder();

type Damage = (bytes: Uint8Array) => Uint8Array;

const SPLINTERS = [
  '|',
  '^',
  '~',
  '\\',
  '&',
  '\r',
  '\n',
  '""',
  '\\F\\',
  '\\X',
  '\\X41\\',
  '\\.br\\',
  '\\C2842\\',
  '\u000b',
  '\u001c\r',
  '\ufeff',
  'OBX|',
  'OBR|',
  'PID|',
  'MSH|^~\\&|',
  'FHS|^~\\&\r',
  'BHS|^~\\&\r',
  'BTS|9\r',
  'NTE|1||',
  '\u0000',
  '9'.repeat(400),
].map((one) => encoder.encode(one));

function spliced(bytes: Uint8Array, from: number, to: number, inserted: Uint8Array): Uint8Array {
  const out = new Uint8Array(from + inserted.length + bytes.length - to);
  out.set(bytes.subarray(0, from));
  out.set(inserted, from);
  out.set(bytes.subarray(to), from + inserted.length);
  return out;
}

/** A place in the bytes, evenly: fast-check's own bias would break every MSH. */
const share = fc.noBias(fc.nat(9999)).map((part) => part / 10_000);
const damage: fc.Arbitrary<Damage> = fc.oneof(
  fc.tuple(share, share).map(
    ([a, b]): Damage =>
      (bytes) => {
        const [from, to] = [Math.floor(Math.min(a, b) * bytes.length), Math.floor(Math.max(a, b) * bytes.length)];
        return spliced(bytes, from, Math.min(to, from + 40), new Uint8Array());
      },
  ),
  fc.tuple(share, fc.constantFrom(...SPLINTERS)).map(
    ([a, splinter]): Damage =>
      (bytes) => {
        const at = Math.floor(a * bytes.length);
        return spliced(bytes, at, at, splinter);
      },
  ),
  fc.tuple(share, fc.nat(255)).map(
    ([a, byte]): Damage =>
      (bytes) => {
        const at = Math.floor(a * bytes.length);
        return spliced(bytes, at, Math.min(at + 1, bytes.length), Uint8Array.of(byte));
      },
  ),
  fc.tuple(share, share).map(
    ([a, b]): Damage =>
      (bytes) => {
        const from = Math.floor(a * bytes.length);
        return spliced(bytes, Math.floor(b * bytes.length), Math.floor(b * bytes.length), bytes.slice(from, from + 60));
      },
  ),
  share.map(
    (a): Damage =>
      (bytes) =>
        bytes.slice(0, Math.ceil((0.3 + 0.7 * a) * bytes.length)),
  ),
);

/** A right message with one to six things broken. */
export const damagedMessage: fc.Arbitrary<Uint8Array> = fc
  .tuple(validMessage, fc.array(damage, { minLength: 1, maxLength: 6 }))
  .map(([message, damages]) => damages.reduce((bytes, one) => one(bytes), message.bytes));

/** Bytes without sense, half of them behind a right-looking MSH. */
export const randomBytes: fc.Arbitrary<Uint8Array> = fc
  .tuple(
    fc.uint8Array({ maxLength: 300 }),
    fc.constantFrom('', '', 'MSH|^~\\&|', 'MSH|^~\\&|A|B|||2026||ORU^R01|1|P|2.4\rOBX|1|NM|'),
  )
  .map(([bytes, head]) => spliced(bytes, 0, 0, encoder.encode(head)));

/** Made of structure only: delimiters, segment names and escapes in any order. */
export const structureSoup: fc.Arbitrary<Uint8Array> = fc
  .tuple(
    fc.constantFrom('', 'MSH|^~\\&|A|B|||20260301||ORU^R01|1|P|2.4||||||\r', 'MSHabcde', 'MSH||||||||||\r', 'MSH'),
    fc.array(
      fc.constantFrom(
        '|',
        '^',
        '~',
        '\\',
        '&',
        '\r',
        'MSH',
        'PID',
        'OBR',
        'OBX',
        'NTE',
        'SPM',
        'ORC',
        'PV1',
        'FHS',
        'BHS',
        'BTS',
        'FTS',
        'DSC',
        'NM',
        'SN',
        'ED',
        'CWE',
        '1',
        '""',
        '<',
        '血',
        '\\F\\',
        '\\X4',
        'a',
        '#',
      ),
      { maxLength: 80 },
    ),
  )
  .map(([head, parts]) => encoder.encode(head + parts.join('')));

export const anyInput: fc.Arbitrary<Uint8Array> = fc.oneof(
  { weight: 3, arbitrary: validMessage.map((one) => one.bytes) },
  { weight: 5, arbitrary: damagedMessage },
  { weight: 1, arbitrary: randomBytes },
  { weight: 2, arbitrary: structureSoup },
);
