/** What holds of every ECG file: encoders and readers agree on any recording, and no bytes at all make a reader throw. */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { aecgOptions } from '../../fixtures/ecg/cases/aecg-cases.ts';
import { dicomGroup, dicomOptions } from '../../fixtures/ecg/cases/dicom-cases.ts';
import { wfdbOptions } from '../../fixtures/ecg/cases/holter-cases.ts';
import { mferFrame, mferOptions } from '../../fixtures/ecg/cases/mfer-cases.ts';
import { museOptions, philipsOptions } from '../../fixtures/ecg/cases/muse-philips-cases.ts';
import { scpOptions } from '../../fixtures/ecg/cases/scp-cases.ts';
import { mortaraOptions, zoncareOptions } from '../../fixtures/ecg/cases/vendor-cases.ts';
import { encodeAecg } from '../../fixtures/ecg/encoders/aecg.ts';
import { latin1, utf8 } from '../../fixtures/ecg/encoders/bytes.ts';
import { encodeDicom } from '../../fixtures/ecg/encoders/dicom.ts';
import { encodeMfer } from '../../fixtures/ecg/encoders/mfer.ts';
import { encodeMortara } from '../../fixtures/ecg/encoders/mortara.ts';
import { encodeMuse } from '../../fixtures/ecg/encoders/muse.ts';
import { encodePhilips } from '../../fixtures/ecg/encoders/philips.ts';
import { encodeScp } from '../../fixtures/ecg/encoders/scp.ts';
import { OWN_TABLES } from '../../fixtures/ecg/encoders/scp-huffman.ts';
import type { Lead } from '../../fixtures/ecg/encoders/signal.ts';
import { encodeWfdb } from '../../fixtures/ecg/encoders/wfdb.ts';
import { encodeZoncare } from '../../fixtures/ecg/encoders/zoncare.ts';
import { readEcg } from '../../src/formats/ecg/read-ecg.ts';
import { printSamples, readSamples } from '../../src/signals/sampled-data.ts';
import { bundleText, groupsOfBundle, mapFile } from '../support/ecg-files.ts';
import { damagedEcg, ecgFaults, randomEcg } from './ecg-damage.ts';
import { ECG_SEEDS, type EcgSeed } from './ecg-seeds.ts';

const TWELVE = ['I', 'II', 'III', 'aVR', 'aVL', 'aVF', 'V1', 'V2', 'V3', 'V4', 'V5', 'V6'] as const;
const EIGHT = ['I', 'II', 'V1', 'V2', 'V3', 'V4', 'V5', 'V6'] as const;
const MS_MAX = 2_000;

/** Leads of one length, of any samples within the range: steps, flat parts and noise alike. */
function leadsOf(names: readonly string[], range: number): fc.Arbitrary<readonly Lead[]> {
  const sample = fc.oneof(
    { weight: 6, arbitrary: fc.integer({ min: -20, max: 20 }) },
    { weight: 2, arbitrary: fc.integer({ min: -range, max: range }) },
    { weight: 1, arbitrary: fc.constantFrom(-range, range, 0) },
  );
  return fc
    .integer({ min: 2, max: 80 })
    .chain((count) =>
      fc
        .tuple(...names.map(() => fc.array(sample, { minLength: count, maxLength: count })))
        .map((all) => names.map((name, k) => ({ name, samples: Int32Array.from(all[k] as number[]) }))),
    );
}

type Encode = (leads: readonly Lead[]) => EcgSeed;
const SERIES = { code: 'RHYTHM', rateHz: 500, unitUv: 2.5, start: '20260308091011', end: '20260308091021' } as const;
const scp = (changes: Partial<Parameters<typeof scpOptions>[0]>): Encode => {
  return (leads) => ({ bytes: encodeScp(scpOptions({ leads, ...changes })) });
};
const own = { kind: 'own', tables: OWN_TABLES } as const;

/** With the range of what a format's samples, and their differences, may be. */
const ENCODERS: readonly (readonly [name: string, names: readonly string[], range: number, encode: Encode])[] = [
  ['SCP-ECG, plain', EIGHT, 32_767, scp({ coding: { kind: 'plain' }, difference: 0 })],
  ['SCP-ECG, first differences, own tables', EIGHT, 8_000, scp({ coding: own, difference: 1 })],
  ['SCP-ECG, second differences', EIGHT, 8_000, scp({ difference: 2 })],
  ['aECG', TWELVE, 100_000, (leads) => ({ bytes: utf8(encodeAecg(aecgOptions({ series: [{ ...SERIES, leads }] }))) })],
  ['DICOM', TWELVE, 32_767, (leads) => ({ bytes: encodeDicom(dicomOptions([dicomGroup({ leads })])) })],
  [
    'MFER',
    EIGHT,
    32_767,
    (leads) => {
      const blockLength = leads[0]?.samples.length ?? 0;
      return { bytes: encodeMfer(mferOptions([mferFrame({ channels: leads, blockLength })])) };
    },
  ],
  [
    'MUSE',
    EIGHT,
    32_767,
    (leads) => {
      const waveform = { type: 'Rhythm', sampleBase: 500, sampleExponent: 0, leads, unitsPerBit: 4.88 } as const;
      return { bytes: latin1(encodeMuse(museOptions({ waveforms: [waveform] }))) };
    },
  ],
  [
    'Philips, uncompressed',
    TWELVE,
    32_767,
    (leads) => ({ bytes: encodePhilips(philipsOptions({ leads, compressed: false })) }),
  ],
  ['Philips, XLI', TWELVE, 2_000, (leads) => ({ bytes: encodePhilips(philipsOptions({ leads })) })],
  ['Mortara', EIGHT, 32_767, (leads) => ({ bytes: utf8(encodeMortara(mortaraOptions({ leads }))) })],
  ['Zoncare', TWELVE, 32_767, (leads) => ({ bytes: utf8(encodeZoncare(zoncareOptions({ leads, seconds: 0 }))) })],
  ...([16, 212] as const).map((format): (typeof ENCODERS)[number] => [
    `WFDB ${format}`,
    EIGHT,
    format === 16 ? 32_767 : 2_047,
    (leads) => {
      const files = encodeWfdb(wfdbOptions({ leads, format }));
      return { bytes: files.hea, companions: { [files.datName]: files.dat } };
    },
  ]),
];

describe('any recording', () => {
  it.each(ENCODERS)('in %s is read as it was, and comes back from FHIR as it is', (_, names, range, encode) => {
    fc.assert(
      fc.property(leadsOf(names, range), (leads) => {
        const { bytes, companions = {} } = encode(leads);
        const { value } = readEcg(bytes, (name) => companions[name]);
        const stated = (value?.groups[0]?.leads ?? []).filter(({ derived }) => !derived);
        expect(stated.map(({ name, samples }) => [name, [...samples]])).toEqual(
          leads.map(({ name, samples }) => [name, [...samples]]),
        );
        if (value === undefined) return;
        const [back] = groupsOfBundle(bundleText(mapFile(value, bytes)));
        for (const { name, samples } of leads)
          expect(back?.leads.find((lead) => lead.name === name)?.samples).toEqual(samples);
      }),
      { numRuns: 40 },
    );
  });
});

describe('any samples', () => {
  const whole = fc.oneof(fc.integer(), fc.integer({ min: -2_000, max: 2_000 }), fc.constantFrom(0, -1, 0x7fff_ffff));
  it('come back from their text', () => {
    fc.assert(
      fc.property(fc.array(whole), (samples) => {
        expect([...(readSamples(printSamples(Int32Array.from(samples)), 1) ?? [])]).toEqual(samples);
      }),
    );
  });

  it('of more than 32 bits too, and those that are missing', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -(10 ** 15) + 1, max: 10 ** 15 - 1 })), (samples) => {
        expect([...(readSamples(printSamples(Float64Array.from(samples)), 1) ?? [])]).toEqual(samples);
      }),
    );
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -3, max: 3 })), (samples) => {
        expect([...(readSamples(printSamples(Int32Array.from(samples), 2), 2) ?? [])]).toEqual(samples);
      }),
    );
  });

  it('are the numbers that blanks part, in any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'0123456789 -E.'.split('')) }), (text) => {
        const found = readSamples(text, -1);
        const parts = text.split(' ').filter((part) => part !== '');
        const are = parts.every((part) => /^(?:-?\d{1,15}|E)$/.test(part));
        expect(found === undefined ? undefined : [...found]).toEqual(
          are ? parts.map((part) => (part === 'E' ? -1 : Number(part) + 0)) : undefined,
        );
      }),
      { numRuns: 1000 },
    );
  });
});

describe('no bytes make a reader throw, make samples up or take long', () => {
  const check = (seed: EcgSeed): void => {
    const begin = performance.now();
    expect(ecgFaults(seed)).toEqual([]);
    expect(performance.now() - begin).toBeLessThan(MS_MAX);
  };

  it('of random bytes', () => {
    fc.assert(fc.property(randomEcg, check), { numRuns: 1500 });
  });

  it.each(Object.entries(ECG_SEEDS))('of damaged files: %s', (_, seeds) => {
    fc.assert(fc.property(damagedEcg(seeds), check), { numRuns: 250 });
  });

  it.each(Object.entries(ECG_SEEDS))('and its files are sound before they are damaged: %s', (format, seeds) => {
    for (const seed of seeds) {
      const { value } = readEcg(seed.bytes, (name) => seed.companions?.[name]);
      expect(value?.format).toBe(format);
      expect(value?.groups.length ?? 0).toBe(format === 'pdf' ? 0 : 1);
      check(seed);
    }
  });
});
