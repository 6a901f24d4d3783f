/** DICOM data sets: any transfer syntax that ECGs come in, texts by their character set, and bounds on what is made of them. */
import { deflateRawSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { dicomGroup, dicomOptions } from '../../../../fixtures/ecg/cases/dicom-cases.ts';
import { concat, gbk, latin1, utf8 } from '../../../../fixtures/ecg/encoders/bytes.ts';
import { encodeDicom } from '../../../../fixtures/ecg/encoders/dicom.ts';
import {
  binary,
  type Element,
  part10,
  sequence,
  text,
  us,
  writeDataset,
} from '../../../../fixtures/ecg/encoders/dicom-dataset.ts';
import { LIMITS } from '../../../../src/base/limits.ts';
import { looksLikeDicom, readDataset } from '../../../../src/formats/dicom/read-dataset.ts';
import { decodeDicomText } from '../../../../src/formats/dicom/text.ts';
import { readEcg } from '../../../../src/formats/ecg/read-ecg.ts';

const DEFLATED = '1.2.840.10008.1.2.1.99';
const BIG_ENDIAN = '1.2.840.10008.1.2.2';
const META = { sopClass: '1.2.3', sopInstance: '1.2.3.4', transferSyntax: '1.2.840.10008.1.2.1' };
const SYNTAX = { explicit: true, undefinedLengths: false } as Parameters<typeof writeDataset>[1];
const file = (...elements: readonly Element[]) => part10(writeDataset(elements, SYNTAX), META);
const codesOf = (bytes: Uint8Array) => readDataset(bytes).problems.map(({ code, at }) => `${code} ${at}`);

describe('a data set', () => {
  const whole = encodeDicom(dicomOptions([dicomGroup()]));
  const metaLength = 144 + (whole[140] as number) + (whole[141] as number) * 256;
  const body = whole.slice(metaLength);

  it('that is deflated is read as it is without that', () => {
    const deflated = part10(new Uint8Array(deflateRawSync(body)), { ...META, transferSyntax: DEFLATED });
    expect(readEcg(deflated).value).toEqual(readEcg(whole).value);
    expect(readEcg(deflated).problems).toEqual([]);
  });

  it('that inflates beyond the limit is refused, and its memory is not taken', () => {
    const bomb = part10(new Uint8Array(deflateRawSync(new Uint8Array(LIMITS.dicomInflatedBytesMax + 1))), {
      ...META,
      transferSyntax: DEFLATED,
    });
    expect(bomb.length).toBeLessThan(200_000);
    expect(codesOf(bomb)).toEqual(['dicom/too-large data set']);
    expect(readDataset(bomb).value).toBeUndefined();
  });

  it('that is cut while deflated keeps what was inflated, and says so', () => {
    const packed = new Uint8Array(deflateRawSync(body));
    const cut = part10(packed.slice(0, packed.length >> 1), { ...META, transferSyntax: DEFLATED });
    const { problems } = readDataset(cut);
    expect(problems.map(({ code }) => code)).toContain('dicom/truncated');
  });

  it('in big-endian order has its numbers and samples the same', () => {
    const big = part10(swapped(body), { ...META, transferSyntax: BIG_ENDIAN });
    const [one, two] = [readEcg(whole).value, readEcg(big).value];
    expect(two?.groups.map(({ leads }) => leads.map(({ samples }) => samples))).toEqual(
      one?.groups.map(({ leads }) => leads.map(({ samples }) => samples)),
    );
  });

  it('without a header is told from its first element', () => {
    expect(codesOf(body)).toEqual(['dicom/headerless (0002,0010)']);
    expect(looksLikeDicom(body)).toBe(true);
    for (const bytes of [new Uint8Array(0), latin1('hello, this is no data set'), new Uint8Array(200)])
      expect(looksLikeDicom(bytes)).toBe(false);
    expect(codesOf(latin1('no data set'))).toEqual(['dicom/unreadable (0002,0010)']);
  });
});

describe('texts', () => {
  const nameOf = (charset: string | undefined, bytes: Uint8Array) => {
    const elements = [
      ...(charset === undefined ? [] : [text(0x00080005, 'CS', charset)]),
      text(0x00100010, 'PN', bytes),
    ];
    const { value, problems } = readDataset(file(...elements));
    return { text: value?.text('00100010'), problems: problems.map(({ code, at }) => `${code} ${at}`) };
  };
  const guessed = ['dicom/text-guessed (0010,0010)'];
  it.each([
    ['GB18030', gbk('测试甲'), '测试甲', []],
    ['GBK', gbk('测试甲'), '测试甲', []],
    ['ISO_IR 192', utf8('测试甲'), '测试甲', []],
    ['ISO_IR 100', latin1('JÖRG'), 'JÖRG', []],
    ['\\ISO 2022 IR 58', concat([0x1b, 0x24, 0x29, 0x41], gbk('测试')), '测试', []],
    [undefined, gbk('测试甲'), '测试甲', guessed],
    [undefined, utf8('测试甲'), '测试甲', guessed],
    ['ISO_IR 100', gbk('测试甲'), '测试甲', guessed],
    ['GB18030', utf8('测试甲'), '测试甲', guessed],
    ['ISO_IR 6', latin1('TEST'), 'TEST', []],
  ] as const)('in %j', (charset, bytes, wanted, problems) => {
    expect(nameOf(charset, bytes)).toEqual({ text: wanted, problems });
  });

  it('are split at backslashes only when they are characters', () => {
    // The second byte of this character is a backslash in GB18030.
    const tricky = concat([0x81, 0x5c], latin1('\\B'));
    const { value } = readDataset(file(text(0x00080005, 'CS', 'GB18030'), text(0x00080008, 'CS', tricky)));
    expect(value?.texts('00080008')).toEqual(['乗', 'B']);
  });

  it('lose the blanks and NUL around them, and are none when nothing is left', () => {
    const { value } = readDataset(file(text(0x00100020, 'LO', ' A1 \0'), text(0x00100040, 'CS', '  ')));
    expect(value?.text('00100020')).toBe('A1');
    expect(value?.text('00100040')).toBeUndefined();
    expect(value?.texts('00100030')).toEqual([]);
  });

  it('of bytes that no character set has are told as a guess', () => {
    expect(decodeDicomText(new Uint8Array([0x41, 0xff, 0x42]), []).guessed).toBe(true);
  });
});

describe('values', () => {
  it('of items are read within their items', () => {
    const item = [us(0x003a0005, 12), text(0x003a001a, 'DS', '500')];
    const { value } = readDataset(file(sequence(0x54000100, [item, []])));
    const [first, second] = value?.items('54000100') ?? [];
    expect([first?.uint16('003a0005'), first?.text('003a001a')]).toEqual([12, '500']);
    expect(second?.uint16('003a0005')).toBeUndefined();
    expect(value?.items('0040b020')).toEqual([]);
  });

  it('that are too short for a number are none', () => {
    const { value } = readDataset(file(binary(0x003a0005, 'US', new Uint8Array(0)), us(0x003a0010, 7)));
    expect([value?.uint16('003a0005'), value?.uint32('003a0010')]).toEqual([undefined, undefined]);
  });
});

/** Every element of an explicit data set of defined lengths with its numbers turned round. */
function swapped(body: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  const out = body.slice();
  turn(out, 0, out.length);
  return out;
}

const LONG = new Set(['OB', 'OW', 'SQ', 'UN', 'UT']);

function turn(bytes: Uint8Array, from: number, to: number): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  for (let at = from; at < to; ) {
    const vr = String.fromCharCode(bytes[at + 4] as number, bytes[at + 5] as number);
    const isItem = view.getUint16(at, true) === 0xfffe;
    const head = isItem || !LONG.has(vr) ? 8 : 12;
    const length = isItem || head === 12 ? view.getUint32(at + head - 4, true) : view.getUint16(at + 6, true);
    const begin = at + head;
    if (isItem || vr === 'SQ') turn(bytes, begin, begin + length);
    else if (vr === 'US' || vr === 'OW') turnWords(bytes, begin, length, 2);
    else if (vr === 'UL') turnWords(bytes, begin, length, 4);
    turnWords(bytes, at, 4, 2);
    if (isItem || head === 12) turnWords(bytes, begin - 4, 4, 4);
    else turnWords(bytes, at + 6, 2, 2);
    at = begin + length;
  }
}

function turnWords(bytes: Uint8Array, at: number, length: number, width: number): void {
  for (let k = at; k + width <= at + length; k += width) bytes.subarray(k, k + width).reverse();
}
