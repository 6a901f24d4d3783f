/** Files with something broken: nothing throws, nothing takes long, nothing is told but codes and places. */
import { deflateRawSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { CHINESE_CASES } from '../../../../fixtures/dicom/chinese-cases.ts';
import {
  ctInstance,
  encodeFile,
  fragments,
  nested,
  raw,
  sequence,
  SYNTAXES,
  type Syntax,
  text,
} from '../../../../fixtures/dicom/encoder.ts';
import { concat, gbk, latin1 } from '../../../../fixtures/ecg/encoders/bytes.ts';
import { SENTENCES } from '../../../../src/formats/dicom/problems.ts';
import { readDataset } from '../../../../src/formats/dicom/read-dataset.ts';
import { readIndex } from '../../../../src/formats/dicom/read-index.ts';
import { decodeAs, decodeDicomText } from '../../../../src/formats/dicom/text.ts';

const MUTATIONS = 400;
const EXTREMES = [0, 1, 2, 8, 0x1b, 0x5c, 0x7f, 0x80, 0xfe, 0xff];
const AT = /^(?:\([0-9A-F]{4},[0-9A-F]{4}\)|data set)$/;

/** The same numbers on every run (a linear congruential generator). */
function numbers(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 0x1_0000_0000) * below);
  };
}

function damaged(bytes: Uint8Array, next: (below: number) => number): Uint8Array {
  let made = bytes.slice();
  for (let times = next(4) + 1; times > 0 && made.length > 0; times--) {
    // Most damage behind the preamble, where heads are.
    const at = made.length > 132 && next(8) > 0 ? 132 + next(made.length - 132) : next(made.length);
    const kind = next(5);
    if (kind === 0) made[at] = next(256);
    else if (kind === 1) made.fill(EXTREMES[next(EXTREMES.length)] as number, at, at + 1 + next(4));
    else if (kind === 2) made = made.slice(0, at);
    else if (kind === 3) made = concat(made.subarray(0, at), made.subarray(at + 1 + next(40)));
    else made = concat(made.subarray(0, at), made.subarray(next(made.length)).subarray(0, next(60)), made.subarray(at));
  }
  return made;
}

const rich = ctInstance(
  { charset: '\\ISO 2022 IR 58', name: CHINESE_CASES[5]?.bytes ?? '' },
  nested(5),
  sequence(0x00081032, [raw(0x00081199, 'OV', new Uint8Array(8)), text(0x00080104, 'LO', gbk('胸部'))], []),
  sequence(0x00091001, [text(0x00091002, 'LO', 'PRIVATE')]),
);

const seeds = (Object.keys(SYNTAXES) as Syntax[]).flatMap((syntax) =>
  [false, true].map((undefinedLengths) => {
    const pixels = syntax === 'encapsulated' ? [fragments(latin1('12345678'))] : [];
    return [
      `${syntax}, ${undefinedLengths ? 'delimiters' : 'lengths'}`,
      encodeFile([...rich.filter(({ tag }) => pixels.length === 0 || tag < 0x7fe00000), ...pixels], {
        syntax,
        undefinedLengths,
      }),
    ] as const;
  }),
);

function check(bytes: Uint8Array): void {
  for (const { value, problems } of [readIndex(bytes), readDataset(bytes)]) {
    expect(value === undefined).toBe(problems.some(({ severity }) => severity === 'fatal'));
    for (const { code, at } of problems) {
      expect(Object.hasOwn(SENTENCES, code)).toBe(true);
      expect(at).toMatch(AT);
    }
  }
}

it.each(seeds)('damaged files throw nothing and take no time: %s', (name, seed) => {
  const next = numbers(seed.length * 7 + name.length);
  const before = performance.now();
  for (let k = 0; k < MUTATIONS; k++) check(damaged(seed, next));
  expect(performance.now() - before).toBeLessThan(10_000);
});

it('every beginning of a file is read or refused', () => {
  const [, seed] = seeds[0] as (typeof seeds)[number];
  for (let length = 0; length < seed.length; length += 3) check(seed.slice(0, length));
});

it('what inflates to something broken is that', () => {
  const next = numbers(11);
  const head = encodeFile([], { stated: SYNTAXES.deflated });
  const body = encodeFile(rich, { head: 'bare' });
  for (let k = 0; k < 100; k++) check(concat(head, deflateRawSync(damaged(body, next))));
});

it('bytes without sense are texts under every character set', () => {
  const next = numbers(5);
  const terms = [
    '',
    'ISO_IR 100',
    'ISO_IR 192',
    'GB18030',
    '\\ISO 2022 IR 58',
    '\\ISO 2022 IR 87',
    'ISO 2022 IR 13\\ISO 2022 IR 159',
    '\\ISO 2022 IR 149',
    'ISO_IR 144',
    'ISO_IR 166',
    'NONE',
  ];
  const spice = [0x1b, 0x24, 0x28, 0x29, 0x41, 0x42, 0x43, 0x44, 0x2d, 0x5c, 0x5e, 0x3d, 0x0d, 0x20];
  for (let k = 0; k < 3_000; k++) {
    const bytes = Uint8Array.from({ length: next(24) }, () =>
      next(3) === 0 ? (spice[next(spice.length)] as number) : next(256),
    );
    for (const term of terms) {
      const {
        text: made,
        label,
        guessed,
      } = decodeDicomText(bytes, term.split('\\'), { kind: next(2) === 0 ? 'PN' : 'text' });
      expect([typeof made, typeof label, typeof guessed]).toEqual(['string', 'string', 'boolean']);
      expect(made.includes('\u001b')).toBe(false);
      expect(decodeAs(bytes, label === 'ascii' ? 'utf-8' : label).length).toBeLessThanOrEqual(bytes.length);
    }
  }
});

it('a long text is decoded in time that its length allows', () => {
  const long = new Uint8Array(1_000_000).map(
    (_, k) => [0x1b, 0x24, 0x29, 0x41, 0xb2, 0xe2, 0x5e, 0xff][k % 8] as number,
  );
  for (const bytes of [long, long.map((byte) => (byte === 0x1b ? 0x41 : byte))]) {
    const before = performance.now();
    for (const terms of [['ISO_IR 100'], ['', 'ISO 2022 IR 58'], []]) decodeDicomText(bytes, terms);
    expect(performance.now() - before).toBeLessThan(15_000);
  }
});
