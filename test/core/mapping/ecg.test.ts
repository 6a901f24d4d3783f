/** An ECG as FHIR has it (ecg.md 3.2, 3.3): who signed what, what is not known, and waveforms of other systems. */
import { describe, expect, it } from 'vitest';
import { ECG_CASES, type EcgCase } from '../../../fixtures/ecg/cases.ts';
import type { Decimal } from '../../../src/base/decimal.ts';
import { groupOfWaveform, waveformOf } from '../../../src/mapping/ecg/waveform.ts';
import { microvoltsAt } from '../../../src/signals/physical.ts';
import type { Observation } from '../../../src/terms/fhir.ts';
import type { Instant } from '../../../src/terms/instant.ts';
import type { Mapped } from '../../../src/terms/mapped.ts';
import type { Ecg, EcgLead } from '../../../src/terms/parsed/ecg.ts';
import { mapFile, readCase } from '../../support/ecg-files.ts';

const mapped = (name: string, change = (ecg: Ecg) => ecg, receivedAt?: Instant): Mapped => {
  const one = ECG_CASES.find((known) => known.name === name) as EcgCase;
  const bytes = one.make();
  return mapFile(change(readCase(one, bytes).value as Ecg), bytes, receivedAt);
};
const resourcesOf = (made: Mapped, type: string) =>
  made.patients
    .flatMap(({ reports }) => reports.flatMap(({ elements }) => elements.map(({ resource }) => resource)))
    .filter(({ resourceType }) => resourceType === type) as unknown as readonly Record<string, unknown>[];

describe('a recording', () => {
  it("without a time of its own is told: 'mapping/recording-undated'", () => {
    const undated = mapped('scp-measurements-and-statements', (ecg) => {
      const { start: _, ...acquisition } = ecg.acquisition;
      return { ...ecg, acquisition };
    });
    expect(undated.problems.map(({ code, at }) => `${code} ${at}`)).toEqual([
      'mapping/recording-undated section 1, tag 25',
    ]);
    for (const observation of resourcesOf(undated, 'Observation'))
      expect(observation).not.toHaveProperty('effectiveDateTime');
  });

  it("whose clock runs ahead is told, and stated no later than it came: 'mapping/recording-ahead'", () => {
    const received = '2026-03-08T00:00:00.000Z' as Instant;
    const { patients, problems } = mapped('scp-measurements-and-statements', undefined, received);
    expect(problems.map(({ code }) => code)).toContain('mapping/recording-ahead');
    for (const { statedAt } of patients.flatMap(({ reports }) => reports)) expect(statedAt).toBe(received);
  });

  it('without a zone gets the facility’s, and says so', () => {
    const { problems } = mapped('scp-measurements-and-statements');
    expect(problems.map(({ code }) => code)).toEqual(['mapping/zone-assumed']);
    expect(mapped('scp-latin-1-text').problems).toEqual([]);
  });

  it('is one report and one recording under one key, whatever format brings it', () => {
    const ids = [
      'scp-default-huffman-second-difference-12-leads',
      'dicom-12-lead-explicit',
      'mfer-big-endian-planar',
    ].map((name) =>
      mapped(name).patients.flatMap(({ reports }) => reports.map(({ id, kind }) => `${kind ?? 'report'} ${id}`)),
    );
    expect(ids[0]).toHaveLength(2);
    expect(new Set(ids.map(String)).size).toBe(1);
  });

  it('of a PDF is a report with the file and no recording', () => {
    const made = mapped('pdf-report');
    expect(resourcesOf(made, 'Observation')).toEqual([]);
    expect(resourcesOf(made, 'DiagnosticReport')[0]).toHaveProperty('presentedForm');
    expect(made.problems.map(({ code }) => code)).toEqual(['mapping/patient-without-identity']);
  });
});

describe('what is said of it', () => {
  const statusOf = (name: string) => [
    resourcesOf(mapped(name), 'DiagnosticReport')[0]?.['status'],
    ...resourcesOf(mapped(name), 'Observation').map(({ status }) => status),
  ];

  it('is final when a doctor confirmed it, else preliminary; the waveform is what it is', () => {
    expect(statusOf('muse-confirmed-and-original')).toEqual(['final', 'final', 'final', 'final']);
    expect(statusOf('muse-median-and-rhythm').toSorted(byText)).toEqual([
      'final',
      'final',
      'preliminary',
      'preliminary',
    ]);
    expect(statusOf('scp-plain-without-section-2').toSorted(byText)).toEqual(['final', 'preliminary', 'preliminary']);
  });

  it('has a component for each global measurement, and none for a sentinel', () => {
    const codes = (name: string) =>
      resourcesOf(mapped(name), 'Observation')
        .flatMap(({ component }) => (component ?? []) as NonNullable<Observation['component']>)
        .flatMap(({ code, valueQuantity }) => (valueQuantity === undefined ? [] : [code.coding?.[0]?.code]));
    expect(codes('scp-sentinels').toSorted(byText)).toEqual(['8632-2', '8867-4']);
    expect(codes('aecg-annotations-global-and-per-lead')).toContain('8625-6');
  });

  it('names an abnormal summary by its code', () => {
    const [report] = resourcesOf(mapped('philips-1.04-statements-and-repeats'), 'DiagnosticReport');
    expect(report?.['conclusion']).toBe('- ABNORMAL ECG -\n>>> Acute MI <<<\nSINUS RHYTHM · normal P axis');
    expect(JSON.stringify(report?.['conclusionCode'])).toContain('102594003');
  });
});

describe('a waveform', () => {
  const group = (lead: Partial<EcgLead>, rate = { hz: '500', periodMs: '2' }) => ({
    kind: 'rhythm' as const,
    rate: rate as { hz: Decimal; periodMs: Decimal },
    leads: [
      {
        name: 'I',
        number: 1,
        samples: Int32Array.of(1, -2, 3),
        scale: '4.88' as Decimal,
        offset: '-10' as Decimal,
        at: '',
        ...lead,
      },
    ],
    at: '',
  });
  const back = (lead: Partial<EcgLead>, rate?: { hz: string; periodMs: string }) =>
    groupOfWaveform(waveformOf(group(lead, rate), { resourceType: 'Observation', status: 'final' }));

  it.each([
    ['360', '2.77777777778'],
    ['333.333333333', '3'],
    ['500', '2'],
    ['128', '7.8125'],
  ])('of %s samples a second comes back with that rate', (hz, periodMs) => {
    expect(back({}, { hz, periodMs })?.rate).toEqual({ hz, periodMs });
  });

  it('says no unit when nobody knows the scale, and gets none back', () => {
    const { scale: _, ...bare } = group({}).leads[0] as EcgLead;
    const observation = waveformOf({ ...group({}), leads: [bare] }, { resourceType: 'Observation', status: 'final' });
    expect(observation.component?.[0]?.valueSampledData?.origin).toEqual({ value: '-10' });
    expect(groupOfWaveform(observation)?.leads[0]).not.toHaveProperty('scale');
  });

  it('has holes where the recording has them', () => {
    const lead = back({ samples: Int32Array.of(1, -32_768, 3), absent: -32_768 })?.leads[0] as EcgLead;
    expect([0, 1, 2].map((k) => microvoltsAt(lead, k))).toEqual(['-5.12', undefined, '4.64']);
    expect([...lead.samples]).toEqual([1, -32_768, 3]);
  });

  it('of another system is read in mV, by either code of its lead', () => {
    const component = (system: string, code: string, data: string) => ({
      code: { coding: [{ system, code }] },
      valueSampledData: {
        origin: { value: '1' as Decimal, unit: 'mV', system: 'http://unitsofmeasure.org', code: 'mV' },
        period: '4' as Decimal,
        factor: '0.005' as Decimal,
        dimensions: 1,
        data,
      },
    });
    const found = groupOfWaveform({
      resourceType: 'Observation',
      status: 'final',
      code: { text: 'ECG' },
      component: [
        component('urn:oid:2.16.840.1.113883.6.24', '131329', '1 2 E'),
        component('urn:iso:std:iso:11073:10101', '131134', '4 5 6'),
        component('urn:oid:2.16.840.1.113883.6.24', '131330', '1.5 2'),
      ],
    } as unknown as Observation);
    expect(found?.leads.map(({ name, scale, offset }) => [name, scale, offset])).toEqual([
      ['I', '5', '1000'],
      ['aVR', '5', '1000'],
    ]);
    expect(found?.rate.hz).toBe('250');
    expect([0, 2].map((k) => microvoltsAt(found?.leads[0] as EcgLead, k))).toEqual(['1005', undefined]);
  });
});

function byText(left: unknown, right: unknown): number {
  return String(left) < String(right) ? -1 : 1;
}
