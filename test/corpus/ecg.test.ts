/**
 * Every sample recording through the real readers, lead by lead against what independent decoders found in it (ecg.md 7.1,
 * 7.2, 7.6, 7.9, 7.10), and through FHIR and back without one integer changed.
 */
import { describe, expect, it } from 'vitest';
import type { Decimal } from '../../src/base/decimal.ts';
import { readEcg } from '../../src/formats/ecg/read-ecg.ts';
import { microvoltsAt, microvoltsOf, withoutTail } from '../../src/signals/physical.ts';
import { qualityOf } from '../../src/signals/quality.ts';
import { isNearlyEqual, signalHash } from '../../src/signals/signal-hash.ts';
import type { Ecg, EcgLead } from '../../src/terms/parsed/ecg.ts';
import { bundleText, codesOf, groupsOfBundle, groupsToKeep, mapFile, sampleHash } from '../support/ecg-files.ts';
import { ecgCorpus, type Recording, type Reference } from '../support/ecg-corpus.ts';
import { corpusSkipReason } from '../support/corpus.ts';
import { r4Faults } from '../support/r4-validator.ts';
import { factsOf } from './ecg-facts.ts';

const skipped = corpusSkipReason === undefined ? '' : ` (skipped: ${corpusSkipReason})`;

describe.skipIf(corpusSkipReason !== undefined)(`the sample recordings${skipped}`, () => {
  const files = corpusSkipReason === undefined ? ecgCorpus() : [];
  const known = files.flatMap((file) => (file.reference === undefined ? [] : [[file.name, file] as const]));
  const read = (name: string): Ecg => {
    const file = files.find((one) => one.name === name);
    return readEcg(file?.bytes ?? new Uint8Array()).value as Ecg;
  };

  it('are there', () => {
    expect(known).toHaveLength(12);
  });

  it.each(known)('hold the samples, rates and scales that others read from them: %s', (_, { bytes, reference }) => {
    const expected = seriesOf(reference as Reference);
    expect(statedIn(readEcg(bytes).value as Ecg).slice(0, expected.length)).toEqual(expected);
  });

  it.each(known)('say what others read of patient, device and findings: %s', (_, { bytes, reference }) => {
    const facts = factsOf(reference as Reference);
    const found = readEcg(bytes).value as Ecg;
    const said = factsIn(found);
    expect(said).toMatchObject({ ...facts, start: said.start });
    expect(said.start ?? '').toMatch(new RegExp(`^${(facts.start ?? '').replace('+', '\\+')}`));
    if (facts.measurements !== undefined) {
      const invented = Object.keys(said.measurements).filter((kind) => !(kind in (facts.measurements ?? {})));
      // GE's mean RR and the P duration that SCP's onsets give stand in no reference.
      expect(invented.filter((kind) => kind !== 'rr' && kind !== 'p-duration')).toEqual([]);
    }
  });

  it('are one recording by their signal hash where they are one, in whatever format', () => {
    const scp = signalHash(read('ecgtoolkit-cs/Example.scp'));
    for (const name of [
      'fda-aecg/Example_aECG_HL7.xml',
      'fda-aecg/subject1_0.xml',
      'synthetic/aecg_gb18030.xml',
      'synthetic/scp_default_huffman_diff1.scp',
      'synthetic/mfer_12lead_planar_le.mwf',
    ])
      expect(signalHash(read(name)), name).toBe(scp);
    const others = known.map(([name]) => signalHash(read(name)));
    expect(new Set(others).size).toBe(known.length - 5);
  });

  it('hold the representative beats that others read from them', () => {
    const beats = (name: string) => read(name).medians.flatMap(({ leads }) => leads);
    const hashes = (name: string) => beats(name).map((lead) => [lead.name, sampleHash(lead)]);
    expect(hashes('ecgtoolkit-cs/Example.scp')).toEqual(hashes('fda-aecg/Example_aECG_HL7.xml'));
    const philips = known.find(([name]) => name.includes('3191723'))?.[1].reference?.['repbeats'];
    const found = beats('sierraecg/3191723_ZZDEMOPTONLY_1-04_orig.xml').map(({ name, samples, scale }) => ({
      lead: name,
      rate: 500,
      resolution: Number(scale),
      n: samples.length,
      first20: Array.from(samples.subarray(0, 20)),
    }));
    expect(found).toEqual(philips);
  });

  it('are nearly equal where a conversion has rounded them, and not otherwise', () => {
    const scp = read('ecgtoolkit-cs/Example.scp');
    const rounded = read('synthetic/zoncare_zqecg.xml');
    expect(signalHash(rounded)).not.toBe(signalHash(scp));
    expect(isNearlyEqual(scp, rounded)).toBe(true);
    expect(isNearlyEqual(scp, read('braveheart-muse/example1.xml'))).toBe(false);
    expect(isNearlyEqual(scp, read('pydicom/waveform_ecg.dcm'))).toBe(false);
  });

  it('that state next to nothing give what they state, or say that there is nothing', () => {
    const few = files.filter(({ reference }) => reference === undefined);
    expect(few.map(({ name }) => name)).toEqual([
      'fda-aecg/empty.xml',
      'fda-aecg/minimum_aecg.xml',
      'fda-aecg/minimum_aecg_effectiveTime_interval.xml',
      'fda-aecg/minimum_aecg_nouuid.xml',
    ]);
    const [empty, ...minimal] = few as [Recording, ...Recording[]];
    expect(codesOf(readEcg(empty.bytes).problems)).toEqual(['fatal ecg/no-leads']);
    for (const { bytes } of minimal) {
      const { value, problems } = readEcg(bytes);
      expect(problems).toEqual([]);
      expect(value?.groups.map(({ leads }) => leads.map(({ name, samples }) => [name, samples.length]))).toEqual([
        [['II', 13]],
      ]);
      expect(value?.groups[0]?.rate.hz).toBe('500');
    }
  });

  it('of Philips end where their calibration begins', () => {
    expect(read('sierraecg/3191723_ZZDEMOPTONLY_1-04_orig.xml').groups[0]?.tail?.from).toBe(5300);
    expect(read('sierraecg/129DYPRG.XML').groups[0]?.tail?.from).toBe(5264);
  });

  it.each(known)(
    'have limb leads that follow from I and II, and nothing that speaks against them: %s',
    (name, file) => {
      const ecg = readEcg(file.bytes).value as Ecg;
      for (const group of ecg.groups.map(withoutTail)) {
        const far = limbErrors(group.leads);
        const unit = Number(group.leads[0]?.scale);
        for (const [lead, error] of Object.entries(far))
          expect(error, lead).toBeLessThanOrEqual(ROUNDING * unit + 1e-9);
      }
      expect(qualityOf(ecg), name).toEqual([]);
    },
  );

  it.each(known)('come back from FHIR bit for bit: %s', (_, { bytes }) => {
    const ecg = readEcg(bytes).value as Ecg;
    const text = bundleText(mapFile(ecg, bytes));
    const back = groupsOfBundle(text);
    const kept = groupsToKeep(ecg);
    expect(back.map(({ kind, rate }) => ({ kind, rate }))).toEqual(kept.map(({ kind, rate }) => ({ kind, rate })));
    expect(back.map(({ leads }) => leads.map(wordsOf))).toEqual(kept.map(({ leads }) => leads.map(wordsOf)));
    expect(back.flatMap(({ leads }) => leads.map(someMicrovolts))).toEqual(
      kept.flatMap(({ leads }) => leads.map(someMicrovolts)),
    );
    expect(r4Faults(JSON.parse(text) as Record<string, unknown>)).toEqual([]);
  });
});

/** The longest first, whichever order a reader puts its groups in. */
function statedIn({ groups, medians }: Ecg): readonly Series[] {
  return [...groups, ...medians]
    .map(({ rate, leads }) => ({
      rate: Number(rate.hz),
      leads: leads
        .filter(({ derived }) => !derived)
        .map((lead) => ({
          lead: lead.name.toUpperCase(),
          samples: lead.samples.length,
          uVPerUnit: Number(lead.scale),
          offsetUv: Number(lead.offset),
          hash: sampleHash(lead),
        })),
    }))
    .toSorted(byLength);
}

/** Units by which leads that were each rounded are away from one another at most. */
const ROUNDING = 2;

interface Series {
  readonly rate: number;
  readonly leads: readonly {
    readonly lead: string;
    readonly samples: number;
    readonly uVPerUnit: number;
    readonly offsetUv: number;
    readonly hash: string;
  }[];
}

function byLength(left: Series, right: Series): number {
  return (right.leads[0]?.samples ?? 0) - (left.leads[0]?.samples ?? 0);
}

/** The longest first; the beats of SCP-ECG and Philips behind them are in no series of their references. */
function seriesOf({ series }: Reference): readonly Series[] {
  return series
    .map(({ samplingRateHz, leads }) => ({
      rate: samplingRateHz,
      leads: leads.map(({ lead, samples, uVPerUnit, offsetUv, rawSha256Int32LE }) => ({
        lead: lead
          .replace(/^Lead /, '')
          .replace(/ \(.*$/, '')
          .toUpperCase(),
        samples,
        uVPerUnit,
        offsetUv,
        hash: rawSha256Int32LE,
      })),
    }))
    .toSorted(byLength);
}

function factsIn({ patient, acquisition, device, confirmed, statements, measurements }: Ecg) {
  const names = [patient.family, patient.given].filter((part) => part !== undefined);
  return {
    id: patient.identifiers[0]?.value,
    name: patient.name ?? names.join(' '),
    sex: patient.sex,
    birthDate: patient.birthDate,
    start: acquisition.start,
    facility: acquisition.facility,
    maker: device.maker,
    model: device.model,
    confirmed,
    statements: statements.map(({ text }) => text),
    measurements: Object.fromEntries(
      measurements.filter(({ lead }) => lead === undefined).map(({ kind, value }) => [kind, Number(value)]),
    ),
  };
}

/** µV by which III, aVR, aVL and aVF are at most away from Einthoven's and Goldberger's equations. */
function limbErrors(leads: readonly EcgLead[]): Readonly<Record<string, number>> {
  const of = (number: number): Float64Array => microvoltsOf(leads.find((lead) => lead.number === number) as EcgLead)!;
  const [one, two, three, right, left, foot] = [of(1), of(2), of(61), of(62), of(63), of(64)];
  const errors = { III: 0, aVR: 0, aVL: 0, aVF: 0 };
  for (let k = 0; k < (one?.length ?? 0); k++) {
    const [i, ii] = [one?.[k] as number, two?.[k] as number];
    errors.III = Math.max(errors.III, Math.abs((three?.[k] as number) - (ii - i)));
    errors.aVR = Math.max(errors.aVR, Math.abs((right?.[k] as number) + (i + ii) / 2));
    errors.aVL = Math.max(errors.aVL, Math.abs((left?.[k] as number) - (i - ii / 2)));
    errors.aVF = Math.max(errors.aVF, Math.abs((foot?.[k] as number) - (ii - i / 2)));
  }
  return errors;
}

function wordsOf(lead: EcgLead) {
  const { name, number, scale, offset } = lead;
  return { name, number, scale, offset, count: lead.samples.length, hash: sampleHash(lead) };
}

/** As decimals, of one sample in fifty: to tell all of them takes longer than all else. */
function someMicrovolts(lead: EcgLead): readonly (Decimal | undefined)[] {
  return Array.from({ length: Math.ceil(lead.samples.length / 50) }, (_, k) => microvoltsAt(lead, k * 50));
}
