/** One recording has one hash, however it is written; what is nearly one is told apart from what is another (ecg.md 0.3). */
import { describe, expect, it } from 'vitest';
import type { Decimal } from '../../../src/base/decimal.ts';
import { withDerivedLeads } from '../../../src/signals/derive-leads.ts';
import { isNearlyEqual, signalHash } from '../../../src/signals/signal-hash.ts';
import type { EcgGroup } from '../../../src/terms/parsed/ecg.ts';
import { changed, groupOf, unscaled } from './signals-of.ts';

const WHOLE = groupOf();
const hashOf = (...groups: readonly EcgGroup[]) => signalHash({ groups });
const HASH = hashOf(WHOLE);

describe('the hash of a recording', () => {
  const same: readonly (readonly [string, EcgGroup])[] = [
    ['another order of leads', { ...WHOLE, leads: WHOLE.leads.toReversed() }],
    [
      'only the leads that are measured by themselves',
      groupOf({ leads: ['I', 'II', 'V1', 'V2', 'V3', 'V4', 'V5', 'V6'] }),
    ],
    [
      'derived limb leads',
      { ...WHOLE, leads: withDerivedLeads(groupOf({ leads: ['I', 'II', 'V1', 'V2', 'V3', 'V4', 'V5', 'V6'] }).leads) },
    ],
    ['other labels and places', { ...WHOLE, label: 'RHYTHM', at: 'x' }],
    [
      'a calibration behind it',
      {
        ...WHOLE,
        leads: WHOLE.leads.map((lead) => ({ ...lead, samples: Int32Array.of(...lead.samples, 0, 0, 9) })),
        tail: { from: 5_000, kind: 'calibration' },
      },
    ],
    [
      'samples held as floating point',
      { ...WHOLE, leads: WHOLE.leads.map((lead) => ({ ...lead, samples: Float64Array.from(lead.samples) })) },
    ],
  ];
  it.each(same)('is the same with %s', (_, group) => {
    expect(hashOf(group)).toBe(HASH);
  });

  const other: readonly (readonly [string, EcgGroup])[] = [
    ['one sample', changed(WHOLE, (sample, k) => sample + (k === 4_999 ? 1 : 0), 'V6')],
    ['the rate', { ...WHOLE, rate: { hz: '1000' as Decimal, periodMs: '1' as Decimal } }],
    ['a scale', { ...WHOLE, leads: WHOLE.leads.map((lead) => ({ ...lead, scale: '5' as Decimal })) }],
    ['an offset', { ...WHOLE, leads: WHOLE.leads.map((lead) => ({ ...lead, offset: '5' as Decimal })) }],
    ['its time within the recording', { ...WHOLE, offsetMs: '2500' as Decimal }],
    ['a lead', { ...WHOLE, leads: WHOLE.leads.slice(0, -1) }],
    ['its last sample', { ...WHOLE, leads: WHOLE.leads.map((l) => ({ ...l, samples: l.samples.slice(0, -1) })) }],
    ['samples beyond 16 bits', changed(WHOLE, (sample) => sample + 65_536, 'V6')],
  ];
  it.each(other)('is another with another %s', (_, group) => {
    expect(hashOf(group)).toMatch(/^[\w-]{43}$/);
    expect(hashOf(group)).not.toBe(HASH);
  });

  it('is of all stated leads where none of the eight is there, and none without a lead', () => {
    const limbs = groupOf({ leads: ['III', 'aVF'] });
    expect(hashOf(limbs)).toMatch(/^[\w-]{43}$/);
    expect(hashOf({ ...limbs, leads: limbs.leads.slice(0, 1) })).not.toBe(hashOf(limbs));
    expect(hashOf()).toBeUndefined();
    expect(hashOf({ ...WHOLE, leads: [] })).toBeUndefined();
  });

  it('does not confuse which lead has which samples', () => {
    const swapped = WHOLE.leads.map((lead) => {
      const from = lead.name === 'V1' ? 'V2' : lead.name === 'V2' ? 'V1' : lead.name;
      return { ...lead, samples: WHOLE.leads.find(({ name }) => name === from)?.samples ?? lead.samples };
    });
    expect(hashOf({ ...WHOLE, leads: swapped })).not.toBe(HASH);
  });
});

describe('two recordings are nearly equal', () => {
  const near = (one: EcgGroup, two: EcgGroup) => isNearlyEqual({ groups: [one] }, { groups: [two] });

  it('within 25 µV at every sample of every lead that both have', () => {
    expect(
      near(
        WHOLE,
        changed(WHOLE, (sample) => sample + 10),
      ),
    ).toBe(true);
    expect(
      near(
        WHOLE,
        changed(WHOLE, (sample) => sample + 11),
      ),
    ).toBe(false);
    expect(
      near(
        WHOLE,
        changed(WHOLE, (sample, k) => sample + (k === 777 ? 11 : 0), 'V3'),
      ),
    ).toBe(false);
    expect(near(WHOLE, { ...WHOLE, leads: WHOLE.leads.filter(({ name }) => name !== 'V3') })).toBe(true);
  });

  it('whatever their units are', () => {
    const fine = groupOf({ unitUv: 1 });
    expect(near(WHOLE, fine)).toBe(true);
    expect(hashOf(fine)).not.toBe(HASH);
  });

  it('when they end within a second of one another, at one rate', () => {
    expect(near(WHOLE, groupOf({ seconds: 9.5 }))).toBe(true);
    expect(near(WHOLE, groupOf({ seconds: 8.5 }))).toBe(false);
    expect(near(WHOLE, groupOf({ rateHz: 250 }))).toBe(false);
  });

  it('never with fewer than two leads in common, without a scale or without samples', () => {
    const only = (...names: readonly string[]) => ({
      ...WHOLE,
      leads: WHOLE.leads.filter((l) => names.includes(l.name)),
    });
    expect(near(WHOLE, only('V3'))).toBe(false);
    expect(near(only('I', 'II'), only('V1', 'V2'))).toBe(false);
    expect(near(WHOLE, unscaled(WHOLE))).toBe(false);
    const empty = { ...WHOLE, leads: WHOLE.leads.map((lead) => ({ ...lead, samples: new Int32Array() })) };
    expect(near(empty, empty)).toBe(false);
    expect(isNearlyEqual({ groups: [] }, { groups: [] })).toBe(false);
  });
});
