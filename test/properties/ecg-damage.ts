/** ECG files with something broken, and what must hold of each: nothing throws, nothing is made up, nothing is told of a value. */
import * as fc from 'fast-check';
import { printResource } from '../../src/base/json.ts';
import { LIMITS } from '../../src/base/limits.ts';
import { readEcg } from '../../src/formats/ecg/read-ecg.ts';
import { SENTENCES as dicom } from '../../src/formats/dicom/problems.ts';
import { SENTENCES as ecg } from '../../src/formats/ecg/problems.ts';
import { SENTENCES as xml } from '../../src/formats/xml/problems.ts';
import { toBundle } from '../../src/mapping/bundle.ts';
import { SENTENCES as mapping } from '../../src/mapping/problems.ts';
import { mapFile } from '../support/ecg-files.ts';
import type { EcgSeed } from './ecg-seeds.ts';

const CODES: ReadonlySet<string> = new Set([ecg, dicom, xml, mapping].flatMap((sentences) => Object.keys(sentences)));
/** Places are made of a format's own names and numbers. */
const AT =
  /^(?:[\w*.@-]+(?:\[\d+\])?(?:\/[\w*.@-]+(?:\[\d+\])?)*|(?:\(\w{4},\w{4}\)(?:\[\d+\])?)+|[a-z]+(?: [a-z]+)*(?: \d+)?(?:, [a-z]+(?: [a-z]+)*(?: \d+)?)*|\d+ more|)$/;
/** No compression of any format makes more samples of a byte: a word of Philips' LZW has at most 768 bytes. */
const SAMPLES_PER_BYTE = 640;

/** The faults of one file; empty when all holds. A throw goes through. */
export function ecgFaults({ bytes, companions = {} }: EcgSeed): string[] {
  const { value, problems } = readEcg(bytes, (name) =>
    Object.hasOwn(companions, name) ? companions[name] : undefined,
  );
  const faults: string[] = [];
  if ((value === undefined) !== problems.some(({ severity }) => severity === 'fatal'))
    faults.push('a value is missing exactly when a problem is fatal');
  if (value === undefined) return [...faults, ...problems.flatMap(problemFaults)];
  const held = bytes.length + Object.values(companions).reduce((sum, one) => sum + one.length, 0);
  const leads = [...value.groups, ...value.medians].flatMap((group) => group.leads);
  const samples = leads.filter(({ derived }) => !derived).reduce((sum, lead) => sum + lead.samples.length, 0);
  if (samples > held * SAMPLES_PER_BYTE || samples > LIMITS.ecgSamplesMax)
    faults.push('more samples than the file holds');
  if (leads.some(({ scale }) => scale !== undefined && !(Math.abs(Number(scale)) > 0)))
    faults.push('a scale of nothing');
  const mapped = mapFile(value, bytes);
  JSON.parse(printResource(toBundle(mapped)));
  return [...faults, ...[...problems, ...mapped.problems].flatMap(problemFaults)];
}

function problemFaults({ code, at }: { readonly code: string; readonly at: string }): string[] {
  const faults: string[] = [];
  if (!CODES.has(code)) faults.push(`${code}: a code without a sentence`);
  if (!AT.test(at)) faults.push(`${code}: a place that is none`);
  return faults;
}

type Damage = (bytes: Uint8Array) => Uint8Array;

function spliced(bytes: Uint8Array, from: number, to: number, inserted: Uint8Array): Uint8Array {
  const out = new Uint8Array(from + inserted.length + bytes.length - to);
  out.set(bytes.subarray(0, from));
  out.set(inserted, from);
  out.set(bytes.subarray(to), from + inserted.length);
  return out;
}

/** Half of all places lie in the first two kilobytes, where headers are. */
const place = fc.tuple(fc.boolean(), fc.noBias(fc.nat(99_999))).map(
  ([isEarly, part]) =>
    (length: number) =>
      Math.floor((part / 100_000) * (isEarly ? Math.min(length, 2_048) : length)),
);
const EXTREMES = [0, 1, 2, 0x7f, 0x80, 0xff, 0x7fff, 0x8000, 0xffff, 0x7fff_ffff, 0x8000_0000, 0xffff_ffff];
const SPLINTERS = [
  '<',
  '>',
  '</a>',
  '&',
  '&#0;',
  ']]>',
  '"',
  '<!--',
  '<![CDATA[',
  '<!DOCTYPE a [',
  '\0',
  '\r',
  '-',
  '1e400',
  '9'.repeat(400),
  'NaN',
  'constructor',
  '__proto__',
  '\\',
].map((text) => new TextEncoder().encode(text));
const NUMBERS = [
  '0',
  '-1',
  '',
  '1e9',
  '1e400',
  '99999999999999999999',
  'x',
  '-0',
  '0.0000001',
  '65536',
  '__proto__',
].map((text) => new TextEncoder().encode(text));

const damage: fc.Arbitrary<Damage> = fc.oneof(
  fc.tuple(place, fc.nat(255)).map(
    ([at, byte]): Damage =>
      (bytes) => {
        const k = at(bytes.length);
        return spliced(bytes, k, Math.min(k + 1, bytes.length), Uint8Array.of(byte));
      },
  ),
  fc.tuple(place, fc.constantFrom(...EXTREMES), fc.constantFrom(1, 2, 4), fc.boolean()).map(
    ([at, value, width, little]): Damage =>
      (bytes) => {
        const k = at(bytes.length);
        const written = Uint8Array.from({ length: width }, (_, i) => value >>> (8 * (little ? i : width - 1 - i)));
        return spliced(bytes, k, Math.min(k + width, bytes.length), written);
      },
  ),
  fc.tuple(place, fc.nat(64)).map(
    ([at, length]): Damage =>
      (bytes) => {
        const k = at(bytes.length);
        return spliced(bytes, k, Math.min(k + length, bytes.length), new Uint8Array());
      },
  ),
  fc.tuple(place, place, fc.nat(200)).map(
    ([from, to, length]): Damage =>
      (bytes) => {
        const [a, b] = [from(bytes.length), to(bytes.length)];
        return spliced(bytes, b, b, bytes.slice(a, a + length));
      },
  ),
  fc.tuple(place, fc.constantFrom(...SPLINTERS)).map(
    ([at, splinter]): Damage =>
      (bytes) =>
        spliced(bytes, at(bytes.length), at(bytes.length), splinter),
  ),
  // The next number that is written in digits becomes another.
  fc.tuple(place, fc.constantFrom(...NUMBERS)).map(
    ([at, number]): Damage =>
      (bytes) => {
        const isDigit = (byte: number) => byte >= 48 && byte <= 57;
        let from = at(bytes.length);
        while (from < bytes.length && !isDigit(bytes[from] as number)) from += 1;
        let to = from;
        while (to < bytes.length && isDigit(bytes[to] as number)) to += 1;
        return spliced(bytes, from, to, number);
      },
  ),
  place.map(
    (at): Damage =>
      (bytes) =>
        bytes.slice(0, at(bytes.length)),
  ),
);

/** A file of the seeds, or its companion, with one to six things broken. */
export function damagedEcg(seeds: readonly EcgSeed[]): fc.Arbitrary<EcgSeed> {
  return fc
    .tuple(fc.constantFrom(...seeds), fc.array(damage, { minLength: 1, maxLength: 6 }), fc.boolean())
    .map(([seed, damages, isCompanion]) => {
      const broken = (bytes: Uint8Array): Uint8Array => damages.reduce((made, one) => one(made), bytes);
      const { companions } = seed;
      if (companions === undefined) return { bytes: broken(seed.bytes) };
      if (!isCompanion) return { bytes: broken(seed.bytes), companions };
      return {
        bytes: seed.bytes,
        companions: Object.fromEntries(Object.entries(companions).map(([name, one]) => [name, broken(one)])),
      };
    });
}

/** Bytes without sense behind a beginning that some format has. */
export const randomEcg: fc.Arbitrary<EcgSeed> = fc
  .tuple(
    fc.constantFrom(
      '',
      '%PDF-1.7',
      'ISHNE1.0',
      '0       ',
      '@\u0020MFR ',
      '<AnnotatedECG>',
      '<ECG>',
      'r 2 500 10\nr.dat 16 ',
      '\u0008\0\u0005\0CS\u0002\0  ',
      `${'\0'.repeat(16)}SCPECG`,
      `${'\0'.repeat(128)}DICM`,
    ),
    fc.uint8Array({ maxLength: 400 }),
  )
  .map(([head, tail]) => {
    const bytes = Uint8Array.from({ length: head.length }, (_, k) => head.charCodeAt(k));
    return { bytes: spliced(tail, 0, 0, bytes) };
  });
