/** Compressions that ECG files have: Huffman codes of SCP-ECG, Philips' XLI; what a broken one still holds, and nothing more. */
import { describe, expect, it } from 'vitest';
import { philipsOptions } from '../../../../fixtures/ecg/cases/muse-philips-cases.ts';
import { recording } from '../../../../fixtures/ecg/cases/truth.ts';
import { compressXli } from '../../../../fixtures/ecg/encoders/philips-xli.ts';
import {
  encodeSamples,
  huffmanSection,
  OWN_TABLES,
  type ScpCoding,
} from '../../../../fixtures/ecg/encoders/scp-huffman.ts';
import { readXli, addLimbLeads } from '../../../../src/formats/ecg/philips/xli.ts';
import { decodeHuffman, type Huffman, readHuffman } from '../../../../src/formats/ecg/scp/huffman.ts';
import { addReferenceBeat, reducedCount, toFullRate } from '../../../../src/formats/ecg/scp/rebuild.ts';
import type { Beat } from '../../../../src/formats/ecg/scp/waveform.ts';

function sectionOf(bytes: Uint8Array) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return { id: 2, bytes, view, protocol: 20, offset: 0 };
}

function codesOf(coding: ScpCoding): Huffman {
  return readHuffman(sectionOf(huffmanSection(coding) ?? new Uint8Array())) as Huffman;
}

describe('Huffman codes', () => {
  const values = Int32Array.of(0, 1, -1, 8, -8, 9, -9, 127, -128, 128, -129, 32_767, -32_768, 0, 0, 5);
  const CODINGS: readonly (readonly [string, ScpCoding])[] = [
    ['the default table', { kind: 'default' }],
    ['own tables that switch', { kind: 'own', tables: OWN_TABLES }],
  ];

  it.each(CODINGS)('of %s give back every value', (_, coding) => {
    const bytes = encodeSamples(values, 0, coding);
    expect([...decodeHuffman(codesOf(coding), bytes, values.length).values]).toEqual([...values]);
  });

  it.each(CODINGS)('of %s end with the bits: a cut is a shorter lead and never another one', (_, coding) => {
    const bytes = encodeSamples(values, 0, coding);
    for (let length = 0; length < bytes.length; length++) {
      const { values: some, short } = decodeHuffman(codesOf(coding), bytes.subarray(0, length), values.length);
      expect(short).toBe(true);
      expect([...some]).toEqual([...values.subarray(0, some.length)]);
    }
  });

  it('that fill the last byte with zeros make no samples, whatever number is declared', () => {
    const bytes = encodeSamples(Int32Array.of(3, 1), 0, { kind: 'default' });
    const { values: found, short } = decodeHuffman(codesOf({ kind: 'default' }), bytes, 4_000_000_000);
    expect(short).toBe(true);
    expect([...found]).toEqual([3, 1]);
  });

  it('longer than a byte, or than a window, are read', () => {
    const prefixes = Array.from({ length: 20 }, (_, k) => `${'1'.repeat(k)}0`);
    const table = prefixes.map((prefix, k) => ({ prefix, extraBits: 0, mode: 1 as const, base: k * 100 - 900 }));
    const coding = { kind: 'own', tables: [table] } as const;
    const all = Int32Array.from(table, ({ base }) => base);
    expect([...decodeHuffman(codesOf(coding), encodeSamples(all, 0, coding), all.length).values]).toEqual([...all]);
  });

  it.each([
    ['a code twice', [[code('0'), code('0')]]],
    ['a code that begins another', [[code('0'), code('01')]]],
    ['a code of no bits', [[code('')]]],
    ['a switch to a table that is missing', [[{ ...code('0'), mode: 0 as const, base: 2 }]]],
    ['more tables than any writer has use for', Array.from({ length: 65 }, () => [code('0')])],
  ])('with %s are none', (_, tables) => {
    const bytes = huffmanSection({ kind: 'own', tables: [[code('0')]], written: tables }) as Uint8Array;
    expect(readHuffman(sectionOf(bytes))).toBe('unreadable');
  });

  it('that are cut within their tables are none, and no section is no code', () => {
    const bytes = huffmanSection({ kind: 'own', tables: OWN_TABLES }) as Uint8Array;
    for (const length of [3, 5, bytes.length - 1])
      expect(readHuffman(sectionOf(bytes.slice(0, length)))).toBe('unreadable');
    expect(readHuffman(undefined)).toBe('none');
    expect(readHuffman(sectionOf(new Uint8Array(2)))).toBe('none');
  });
});

function code(prefix: string) {
  return { prefix, extraBits: 0, mode: 1 as const, base: 0 };
}

describe('XLI', () => {
  const { leads } = philipsOptions();
  const count = leads[0]?.samples.length as number;
  const bytes = compressXli(leads.map(({ samples }) => samples));
  const samplesOf = (packed: Uint8Array) => addLimbLeads(readXli(packed, 12, count).map(({ samples }) => samples));

  it('gives back twelve leads, of which four are rebuilt', () => {
    expect(samplesOf(bytes).map((samples) => [...samples])).toEqual(leads.map(({ samples }) => [...samples]));
  });

  it('that is cut gives the beginning of each lead, and no lead that its residual needs', () => {
    for (let part = 1; part < 40; part++) {
      const some = samplesOf(bytes.subarray(0, Math.floor((bytes.length * part) / 40)));
      for (const [k, samples] of some.entries())
        expect([...samples], `lead ${k} of part ${part}`).toEqual([
          ...(leads[k]?.samples.subarray(0, samples.length) ?? []),
        ]);
    }
  });

  it('of a long even line reaches into the words that it is making', () => {
    const even = leads.map((_, lead) => Int32Array.from({ length: 4_000 }, (__, k) => (lead === 7 ? k % 7 : 0)));
    const found = readXli(compressXli(even), 12, 4_000);
    expect(addLimbLeads(found.map(({ samples }) => samples)).map((samples) => [...samples])).toEqual(
      even.map((samples) => [...samples]),
    );
    expect(found.every(({ short }) => !short)).toBe(true);
  });
});

describe('a reference beat', () => {
  const { leads, rPeaks } = recording({ rateHz: 500, seconds: 4, unitUv: 2.5, leads: ['II'] });
  const lead = leads[0]?.samples as Int32Array;
  const reference = lead.slice((rPeaks[1] as number) - 125, (rPeaks[1] as number) + 175);
  const beats: readonly Beat[] = rPeaks.map((peak) => ({
    type: 0,
    start: peak + 1 - 5,
    fiducial: peak + 1,
    end: peak + 1 + 5,
    protectedFrom: 0,
    protectedTo: 0,
  }));
  const subtracted = (base: 0 | 1) => {
    const made = lead.slice();
    for (const { start, fiducial, end } of beats)
      for (let t = start; t <= end; t++)
        made[t - 1] = (made[t - 1] as number) - (reference[125 + base - fiducial + t - base] ?? 0);
    return made;
  };

  it.each([1, 0] as const)('whose samples count from %i comes back as it was', (base) => {
    const stated = { referenceMs: 600, fiducial: 125 + base, beats };
    const { leads: found, base: told } = addReferenceBeat([subtracted(base)], [reference], stated);
    expect(told).toBe(base);
    expect([...(found[0] ?? [])]).toEqual([...lead]);
  });
});

describe('bimodal compression', () => {
  const beat = (protectedFrom: number, protectedTo: number): Beat => {
    return { type: 0, start: 0, fiducial: 0, end: 0, protectedFrom, protectedTo };
  };

  it('keeps protected zones as they are and draws lines between the rest', () => {
    const stored = Int32Array.of(0, 4, 100, 101, 102, 8, 8);
    expect(reducedCount(19, [beat(9, 11)], 4)).toBe(7);
    const whole = toFullRate(stored, 19, [beat(9, 11)], 4);
    expect(whole).toHaveLength(19);
    expect([...whole.subarray(8, 11)]).toEqual([100, 101, 102]);
    expect([...whole.subarray(0, 8)]).toEqual([0, 0, 1, 2, 3, 4, 4, 4]);
    expect([...whole.subarray(11)]).toEqual(Array(8).fill(8));
  });

  it('ends where the stored samples end', () => {
    expect(toFullRate(Int32Array.of(1, 1), 100, [beat(9, 11)], 4)).toHaveLength(8);
    expect(toFullRate(Int32Array.of(1, 1, 7), 100, [beat(9, 11)], 4)).toHaveLength(9);
    expect(toFullRate(new Int32Array(), 100, [], 4)).toHaveLength(0);
  });
});
