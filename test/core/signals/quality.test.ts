/** What speaks against a recording: each flag by a signal that has it and by one that has not (ecg.md 0.10, 6.6). */
import { describe, expect, it } from 'vitest';
import type { Decimal } from '../../../src/base/decimal.ts';
import { QUALITY_FLAGS, qualityOf } from '../../../src/signals/quality.ts';
import type { EcgGroup } from '../../../src/terms/parsed/ecg.ts';
import { changed, groupOf, moved, unscaled } from './signals-of.ts';

const WHOLE = groupOf();
const INDEPENDENT = groupOf({ leads: ['I', 'II', 'V1', 'V2', 'V3', 'V4', 'V5', 'V6'] });
const flagsOf = (...groups: readonly EcgGroup[]) =>
  qualityOf({ groups }).map(({ code, leads }) => `${code} ${leads.join(' ')}`.trim());
const without = (...names: readonly string[]): EcgGroup => ({
  ...WHOLE,
  leads: WHOLE.leads.filter(({ name }) => !names.includes(name)),
});
/** Whole numbers from -range to range, the same on every run. */
const noise = (range: number) => {
  let state = 1;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * (2 * range + 1)) - range;
  };
};

it('a clean recording of twelve or of eight leads has no flag', () => {
  expect(flagsOf(WHOLE)).toEqual([]);
  expect(flagsOf(INDEPENDENT)).toEqual([]);
  expect(flagsOf(groupOf({ rateHz: 1000, unitUv: 1 }))).toEqual([]);
});

it('nothing at all has no flag: there is nothing to judge', () => {
  expect(flagsOf()).toEqual([]);
});

describe('no-scale', () => {
  it('names the leads whose voltage nobody knows, and says nothing else of them', () => {
    expect(flagsOf(unscaled(WHOLE))).toEqual(['no-scale I II III aVR aVL aVF V1 V2 V3 V4 V5 V6']);
  });
});

describe('leads-missing', () => {
  it('is told when one of I, II, V1 to V6 is missing, and not for limb leads that follow', () => {
    expect(flagsOf(without('V3'))).toEqual(['leads-missing']);
    expect(flagsOf(without('aVR', 'aVF'))).toEqual([]);
  });

  it('is not told when groups that follow one another have them all', () => {
    const parts = [0, 1, 2, 3].map((part) => {
      const leads = WHOLE.leads.slice(part * 3, part * 3 + 3);
      const samples = leads.map((lead) => ({ ...lead, samples: lead.samples.slice(part * 1250, part * 1250 + 1250) }));
      return { ...WHOLE, leads: samples, offsetMs: String(part * 2500) as Decimal };
    });
    expect(flagsOf(...parts)).toEqual([]);
    expect(flagsOf(...parts.slice(0, 3))).toEqual(['leads-missing', 'short']);
  });
});

describe('low-rate', () => {
  it('is told below 500 samples a second, and not at them', () => {
    expect(flagsOf(groupOf({ rateHz: 250 }))).toEqual(['low-rate']);
    expect(flagsOf(groupOf({ rateHz: 500 }))).toEqual([]);
  });
});

describe('short', () => {
  it('is told of less than eight seconds', () => {
    expect(flagsOf(groupOf({ seconds: 7 }))).toEqual(['short']);
    expect(flagsOf(groupOf({ seconds: 8 }))).toEqual([]);
  });

  it('counts the recording alone, not the calibration behind it', () => {
    expect(flagsOf({ ...WHOLE, tail: { from: 3_000, kind: 'calibration' } })).toEqual(['short']);
  });
});

describe('lead-off and flat', () => {
  it('a lead of one value throughout is off; one of 50 µV and less is flat', () => {
    expect(flagsOf(changed(WHOLE, () => 7, 'V2'))).toEqual(['lead-off V2']);
    expect(flagsOf(changed(WHOLE, (_, k) => k % 19, 'V2'))).toEqual(['flat V2']);
    expect(flagsOf(changed(WHOLE, (_, k) => 3 * (Math.floor(k / 40) % 10), 'V2'))).toEqual([]);
  });

  it('a lead whose samples are all missing is off', () => {
    const leads = WHOLE.leads.map((lead) =>
      lead.name === 'V5' ? { ...lead, samples: lead.samples.map(() => -32_768), absent: -32_768 } : lead,
    );
    expect(flagsOf({ ...WHOLE, leads })).toEqual(['lead-off V5']);
  });
});

describe('saturated', () => {
  it('stands at its highest value for 40 ms beyond 1 mV; a spike does not', () => {
    const stand = (from: number, to: number) => (sample: number, k: number) => (k >= from && k < to ? 2_000 : sample);
    expect(flagsOf(changed(WHOLE, stand(1_000, 1_020), 'V4'))).toEqual(['saturated V4']);
    expect(flagsOf(changed(WHOLE, stand(1_000, 1_019), 'V4'))).toEqual([]);
    const low = (sample: number, k: number) => (k >= 1_000 && k < 1_030 ? 300 : sample);
    expect(flagsOf(changed(WHOLE, low, 'V6'))).toEqual([]);
  });
});

describe('noise', () => {
  it('is told of muscle and mains, and not of a quiet trace with a QRS', () => {
    const muscle = noise(40);
    expect(flagsOf(changed(WHOLE, (sample) => sample + muscle(), 'V1'))).toEqual(['noise V1']);
    const mains = (sample: number, k: number) => sample + Math.round(60 * Math.sin((2 * Math.PI * 50 * k) / 500));
    expect(flagsOf(changed(WHOLE, mains, 'V6'))).toEqual(['noise V6']);
    const faint = noise(4);
    expect(flagsOf(changed(WHOLE, (sample) => sample + faint(), 'V1'))).toEqual([]);
  });

  it('is not told where no samples are', () => {
    const leads = WHOLE.leads.map((lead) => ({
      ...lead,
      samples: lead.samples.map((sample, k) => (k % 500 < 200 ? -32_768 : sample)),
      absent: -32_768,
    }));
    expect(flagsOf({ ...WHOLE, leads })).toEqual([]);
  });
});

describe('amplitude', () => {
  it('is told beyond 20 mV: millivolts that are microvolts', () => {
    const scaled = { ...INDEPENDENT, leads: INDEPENDENT.leads.map((lead) => ({ ...lead, scale: '2500' as Decimal })) };
    expect(qualityOf({ groups: [scaled] }).map(({ code }) => code)).toContain('amplitude');
    expect(flagsOf(INDEPENDENT)).toEqual([]);
  });
});

describe('einthoven', () => {
  it('is told when III is not II less I, and not for roundings', () => {
    expect(flagsOf(changed(WHOLE, (sample) => sample + 10, 'III'))).toEqual(['einthoven I II III']);
    expect(flagsOf(changed(WHOLE, (sample, k) => sample + (k % 3) - 1, 'III'))).toEqual([]);
  });

  it('is not told of leads that do not state III', () => {
    expect(flagsOf(without('III'))).toEqual([]);
  });
});

describe('reversal', () => {
  it('is told when the electrodes of the arms are exchanged', () => {
    // I is upside down, II and III, aVR and aVL change places.
    const arms = moved(WHOLE, { II: 'III', III: 'II', aVR: 'aVL', aVL: 'aVR' }, ['I']);
    expect(qualityOf({ groups: [arms] }).map(({ code }) => code)).toContain('reversal');
  });

  it('is told when right arm and leg are exchanged: II is almost flat', () => {
    const leg = changed(WHOLE, (_, k) => (k % 30 < 15 ? 0 : 12), 'II');
    const iii = moved(leg, { III: 'I', aVR: 'aVF' }, ['III']);
    expect(qualityOf({ groups: [iii] }).map(({ code }) => code)).toContain('reversal');
  });

  it('is not told of a left axis, nor of a heart on the right side, whose V6 points down too', () => {
    const left = moved(WHOLE, {}, ['III', 'aVF']);
    expect(qualityOf({ groups: [left] }).map(({ code }) => code)).not.toContain('reversal');
    const right = moved(WHOLE, { II: 'III', III: 'II', aVR: 'aVL', aVL: 'aVR' }, ['I', 'V6']);
    expect(qualityOf({ groups: [right] }).map(({ code }) => code)).not.toContain('reversal');
  });
});

it('flags come in the order in which they are listed', () => {
  const bad = changed(groupOf({ rateHz: 250, seconds: 5 }), () => 0, 'V1');
  const found = qualityOf({ groups: [bad] }).map(({ code }) => code);
  expect(found).toEqual(['low-rate', 'short', 'lead-off']);
  expect(found.map((code) => QUALITY_FLAGS.indexOf(code))).toEqual([...found.keys()].map((k) => [2, 3, 4][k]));
});
