/** Limits of depth, items, elements, bytes and time: what is within them is read, one more is refused with its reason. */
import { deflateRawSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { ctInstance, encodeFile, nested, sequence, SYNTAXES, text } from '../../../../fixtures/dicom/encoder.ts';
import { concat } from '../../../../fixtures/ecg/encoders/bytes.ts';
import { LIMITS } from '../../../../src/base/limits.ts';
import { readIndex } from '../../../../src/formats/dicom/read-index.ts';

const file = encodeFile;
const told = (bytes: Uint8Array) =>
  readIndex(bytes).problems.map(({ code, severity, at }) => `${severity} ${code} ${at}`);

describe('limits', () => {
  const refusal = (bytes: Uint8Array): readonly [string[], number] => {
    const before = performance.now();
    const said = told(bytes);
    return [said, performance.now() - before];
  };

  it('of depth: 64 levels are read, one more is refused', () => {
    for (const undefinedLengths of [false, true]) {
      expect(told(file(ctInstance({}, nested(LIMITS.dicomDepthMax)), { undefinedLengths }))).toEqual([]);
      expect(told(file(ctInstance({}, nested(LIMITS.dicomDepthMax + 1)), { undefinedLengths }))).toEqual([
        'fatal dicom/too-nested data set',
      ]);
    }
  });

  it('of depth hold for a million levels that are never closed', () => {
    const level = [
      0x08, 0, 0x40, 0x11, 0x53, 0x51, 0, 0, 0xff, 0xff, 0xff, 0xff, 0xfe, 0xff, 0, 0xe0, 0xff, 0xff, 0xff, 0xff,
    ];
    const bytes = new Uint8Array(20 * 1_000_000);
    for (let k = 0; k < bytes.length; k += 20) bytes.set(level, k);
    const [said, ms] = refusal(concat(file([text(0x00080005, 'CS', 'GB18030')]), bytes));
    expect(said).toEqual(['fatal dicom/too-nested data set']);
    expect(ms).toBeLessThan(200);
  });

  it('of items: as many as may be are read, one more is refused', () => {
    const items = (count: number) =>
      file(ctInstance({}, sequence(0x00081140, ...Array.from({ length: count }, () => []))));
    // The anatomy of the instance is an item, too.
    expect(told(items(LIMITS.dicomItemsMax - 1))).toEqual([]);
    expect(told(items(LIMITS.dicomItemsMax))).toEqual(['fatal dicom/too-many data set']);
  });

  it('of elements hold where no item is', () => {
    const one = [0x08, 0, 0, 0x40, 0x4c, 0x4f, 0, 0];
    const bytes = new Uint8Array(8 * (LIMITS.dicomElementsMax + 1));
    for (let k = 0; k < bytes.length; k += 8) bytes.set(one, k);
    const [said, ms] = refusal(concat(file([text(0x00080005, 'CS', 'GB18030')]), bytes));
    expect(said).toEqual(['fatal dicom/too-many data set']);
    expect(ms).toBeLessThan(5_000);
  });

  it('of bytes hold for files and for what they inflate to', () => {
    expect(told(new Uint8Array(LIMITS.dicomBytesMax + 1))).toEqual(['fatal dicom/too-large data set']);
    const bomb = concat(
      file([], { stated: SYNTAXES.deflated }),
      deflateRawSync(new Uint8Array(LIMITS.dicomInflatedBytesMax + 1)),
    );
    expect(bomb.length).toBeLessThan(100_000);
    const [said, ms] = refusal(bomb);
    expect(said).toEqual(['fatal dicom/too-large data set']);
    expect(ms).toBeLessThan(10_000);
  });

  it('of time hold for zeros, for endless fragments and for values that are scanned', () => {
    const header = file(ctInstance().filter(({ tag }) => tag < 0x7fe00000));
    const zeros = concat(header, new Uint8Array(8_000_000), [1]);
    const begun = [0xe0, 0x7f, 0x10, 0, 0x4f, 0x42, 0, 0, 0xff, 0xff, 0xff, 0xff];
    const parts = new Uint8Array(8 * 1_000_000);
    for (let k = 0; k < parts.length; k += 8) parts.set([0xfe, 0xff, 0, 0xe0], k);
    for (const bytes of [zeros, concat(header, begun, parts), concat(header, new Uint8Array(8_000_000).fill(0x41))]) {
      const [said, ms] = refusal(bytes);
      expect(said).toHaveLength(1);
      expect(ms).toBeLessThan(5_000);
    }
  });
});
