/** Leads by their one number, limb leads that follow from two, and sampled data: nothing is rounded on the way. */
import { describe, expect, it } from 'vitest';
import type { Decimal } from '../../../src/base/decimal.ts';
import { withDerivedLeads } from '../../../src/signals/derive-leads.ts';
import { leadName, leadNumber, mdcLeadCode, mdcPotentialCode, STANDARD_LEADS } from '../../../src/signals/leads.ts';
import { microvoltsAt, microvoltsOf, secondsOf, withoutTail } from '../../../src/signals/physical.ts';
import { printSamples, readSamples } from '../../../src/signals/sampled-data.ts';
import type { EcgGroup, EcgLead } from '../../../src/terms/parsed/ecg.ts';
import { withoutScale } from './signals-of.ts';

const lead = (name: string, samples: readonly number[], more: Partial<EcgLead> = {}): EcgLead => ({
  name,
  number: leadNumber(name) as number,
  samples: Int32Array.from(samples),
  scale: '2.5' as Decimal,
  offset: '0' as Decimal,
  at: name,
  ...more,
});

describe('the number of a lead', () => {
  it.each([
    ['I', 1],
    ['aVR', 62],
    ['AVR', 62],
    ['Lead I (Einthoven)', 1],
    ['Lead aVL', 63],
    ['ECG V1', 3],
    ['EKG-V6', 8],
    ['MDC_ECG_LEAD_III', 61],
    ['MDC_ECG_LEAD_AVF', 64],
    ['MDC_ECG_ELEC_POTL_V2', 4],
    ['MINDRAY_ECG_LEAD_V3R', 11],
    ['V4R\0', 12],
    [' -aVR ', 65],
  ])('of %j is %i', (text, number) => {
    expect(leadNumber(text)).toBe(number);
  });

  it.each(['', 'V10', 'IIII', 'aV', 'EEG Fp1', 'constructor', 'I'.repeat(65)])('of %j is none', (text) => {
    expect(leadNumber(text)).toBeUndefined();
  });

  it('is the one of SCP-ECG, DICOM, MFER and IEEE 11073 alike', () => {
    expect(STANDARD_LEADS.map(leadName)).toEqual('I II III aVR aVL aVF V1 V2 V3 V4 V5 V6'.split(' '));
    expect([mdcLeadCode(1), mdcPotentialCode(1), mdcPotentialCode(61)]).toEqual([131_073, 131_329, 131_389]);
  });
});

describe('derived limb leads', () => {
  const [one, two] = [lead('I', [1, 2, -3]), lead('II', [4, 3, 8])];
  const byName = (leads: readonly EcgLead[]) => Object.fromEntries(leads.map((each) => [each.name, each]));
  const microvolts = (each: EcgLead | undefined) => [0, 1, 2].map((k) => microvoltsAt(each as EcgLead, k));

  it('keep the halves of odd sums', () => {
    const { III, aVR, aVL, aVF } = byName(withDerivedLeads([one, two]));
    expect(microvolts(III)).toEqual(['7.5', '2.5', '27.5']);
    expect(microvolts(aVR)).toEqual(['-6.25', '-6.25', '-6.25']);
    expect(microvolts(aVL)).toEqual(['-2.5', '1.25', '-17.5']);
    expect(microvolts(aVF)).toEqual(['8.75', '5', '23.75']);
    for (const each of [III, aVR, aVL, aVF]) expect(each?.derived).toBe(true);
  });

  it('have the offset that follows from that of I and II', () => {
    const shifted = [one, two].map((each) => ({ ...each, offset: '10' as Decimal }));
    const { III, aVR, aVL, aVF } = byName(withDerivedLeads(shifted));
    // I is 12.5, II 20: III 7.5, aVR -16.25, aVL 2.5, aVF 13.75.
    expect([III, aVR, aVL, aVF].map((each) => microvolts(each)[0])).toEqual(['7.5', '-16.25', '2.5', '13.75']);
  });

  it('have no sample where I or II has none', () => {
    const holed = [lead('I', [1, -32_768, 3], { absent: -32_768 }), lead('II', [4, 5, -32_768], { absent: -32_768 })];
    const { III } = byName(withDerivedLeads(holed));
    expect(microvolts(III)).toEqual(['7.5', undefined, undefined]);
  });

  it('are not those that the file states', () => {
    const stated = lead('III', [9, 9, 9]);
    const leads = withDerivedLeads([one, two, stated]);
    expect(leads.map(({ name }) => name)).toEqual(['I', 'II', 'III', 'aVR', 'aVL', 'aVF']);
    expect(leads[2]).toBe(stated);
  });

  it.each([
    ['II is missing', [one]],
    ['scales differ', [one, { ...two, scale: '5' as Decimal }]],
    ['offsets differ', [one, { ...two, offset: '5' as Decimal }]],
    ['lengths differ', [one, lead('II', [1])]],
    ['there is no scale', [one, two].map(withoutScale)],
  ])('are none where %s', (_, leads) => {
    expect(withDerivedLeads(leads)).toEqual(leads);
  });
});

describe('samples in µV', () => {
  it('are offset and scale times the integer, exactly, and none without a scale or a sample', () => {
    const odd = lead('I', [3, -7], { scale: '4.88' as Decimal, offset: '-0.1' as Decimal, absent: -7 });
    expect([0, 1, 2].map((k) => microvoltsAt(odd, k))).toEqual(['14.54', undefined, undefined]);
    expect([...(microvoltsOf(odd) ?? [])]).toEqual([3 * 4.88 - 0.1, Number.NaN]);
    const { scale: _, ...bare } = odd;
    expect(microvoltsAt(bare, 0)).toBeUndefined();
    expect(microvoltsOf(bare)).toBeUndefined();
  });

  it('end before what is no recording', () => {
    const rate = { hz: '500' as Decimal, periodMs: '2' as Decimal };
    const group: EcgGroup = { kind: 'rhythm', rate, leads: [lead('I', [1, 2, 3, 4])], at: '' };
    const tailed: EcgGroup = { ...group, tail: { from: 3, kind: 'calibration' } };
    expect([...(withoutTail(tailed).leads[0]?.samples ?? [])]).toEqual([1, 2, 3]);
    expect(withoutTail(group)).toBe(group);
    expect(secondsOf(group)).toBeCloseTo(0.008, 12);
  });
});

describe('sampled data', () => {
  it.each([
    ['', []],
    ['0', [0]],
    ['-1 10 -100 999 1000 99999 100000', [-1, 10, -100, 999, 1000, 99_999, 100_000]],
    ['2147483647 -2147483648', [2_147_483_647, -2_147_483_648]],
  ])('%j are those integers, there and back', (text, samples) => {
    expect(printSamples(Int32Array.from(samples))).toBe(text);
    expect([...(readSamples(text, -999) ?? [])]).toEqual(samples);
  });

  it('of 32 bits without a sign have room', () => {
    const large = Float64Array.of(4_294_967_295, 0, -3);
    expect(printSamples(large)).toBe('4294967295 0 -3');
    expect(readSamples('4294967295 0 -3', -999)).toEqual(large);
  });

  it('have E where no sample is; E, U and L are read as none', () => {
    expect(printSamples(Int32Array.of(1, -5, 2), -5)).toBe('1 E 2');
    expect([...(readSamples('1 E U L 2', -5) ?? [])]).toEqual([1, -5, -5, -5, 2]);
  });

  it.each(['1.5', '1,2', '1 x', '- 1', '1e3', 'EE', '1E', '+1', '1\n2', '9'.repeat(16)])(
    '%j are no integers',
    (text) => {
      expect(readSamples(text, -999)).toBeUndefined();
    },
  );
});
