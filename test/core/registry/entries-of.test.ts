/** Result entries of a container version, and what a new version changes of them (src/registry/entries-of.ts). */
import { describe, expect, test } from 'vitest';
import { EXTENSIONS } from '../../../src/mapping/systems.ts';
import { diffEntries } from '../../../src/registry/diff-entries.ts';
import { entriesOf, type EntryContext } from '../../../src/registry/entries-of.ts';
import { QUALITY_FLAGS } from '../../../src/signals/quality.ts';
import { NO_SIGNAL, OTHER_FLAG, SIGNAL_QUALITY } from '../../../src/terms/signal-quality.ts';
import type { ContainerElement, ContainerVersion } from '../../../src/terms/container.ts';
import type { DiagnosticReport, Observation, Resource, Specimen } from '../../../src/terms/fhir.ts';
import type { Decimal } from '../../../src/base/decimal.ts';
import type { ResultEntry } from '../../../src/terms/result-entry.ts';
import { BUCKET, day, FACILITY, headOf, ID, steps, type Told } from './report-builder.ts';

const CONTEXT: EntryContext = {
  facility: FACILITY,
  production: true,
  knownFrom: day(20),
  regionZone: 'Asia/Shanghai',
  itemOf: (_system, code) => (code === 'WBC' ? 'WBC' : null),
};

function version(
  parts: {
    readonly report?: Partial<DiagnosticReport>;
    readonly observation?: Partial<Observation>;
    readonly specimens?: readonly Partial<Specimen>[];
  } = {},
): ContainerVersion {
  const element = (key: string, resource: object): ContainerElement => ({
    key,
    version: 3,
    statedAt: day(9),
    resource: resource as Resource,
  });
  return {
    kind: 'report',
    bucket: BUCKET,
    id: ID,
    version: 4,
    facility: FACILITY,
    patient: 'p1',
    elements: [
      element('', { resourceType: 'DiagnosticReport', id: ID, status: 'final', code: {}, ...parts.report }),
      element('WBC', {
        resourceType: 'Observation',
        id: `${ID}.a`,
        status: 'final',
        code: { coding: [{ system: 'urn:local', code: 'WBC', display: '白细胞' }] },
        ...parts.observation,
      }),
      ...(parts.specimens ?? []).map((specimen, index) =>
        element(`specimen|${index}`, { resourceType: 'Specimen', id: `${ID}.s${index}`, ...specimen }),
      ),
    ],
  };
}

const entry = (parts: Parameters<typeof version>[0] = {}) => entriesOf(version(parts), CONTEXT)[0] as ResultEntry;

test('every Observation has one entry, with or without an item, that points at it', () => {
  expect(entry()).toMatchObject({
    bucket: BUCKET,
    patient: 'p1',
    item: 'WBC',
    facility: FACILITY,
    system: 'urn:local',
    code: 'WBC',
    display: '白细胞',
    production: true,
    container: ID,
    element: `${ID}.a`,
    version: 3,
    knownFrom: day(20),
    knownTo: null,
  });
  expect(entry({ observation: { code: { coding: [{ system: 'urn:local', code: 'ZZ' }] } } }).item).toBeNull();
  expect(entriesOf(version({ specimens: [{}] }), CONTEXT)).toHaveLength(1);
});

describe('codes', () => {
  const codesOf = (code: Observation['code']) => {
    const { system, code: local, display, loinc } = entry({ observation: { code } });
    return { system, code: local, display, loinc };
  };
  test('the local one leads, LOINC stands beside it, in either order', () => {
    const local = { system: 'urn:local', code: 'X1', display: 'x' };
    const loinc = { system: 'http://loinc.org', code: '6690-2' };
    const expected = { system: 'urn:local', code: 'X1', display: 'x', loinc: '6690-2' };
    expect(codesOf({ coding: [local, loinc] })).toEqual(expected);
    expect(codesOf({ coding: [loinc, local] })).toEqual(expected);
  });
  test('LOINC alone is both', () =>
    expect(codesOf({ coding: [{ system: 'http://loinc.org', code: '6690-2', display: 'L' }] })).toEqual({
      system: 'http://loinc.org',
      code: '6690-2',
      display: 'L',
      loinc: '6690-2',
    }));
  test('a text without code is known by its text', () =>
    expect(codesOf({ text: '白细胞' })).toEqual({ system: '', code: '白细胞', display: '白细胞', loinc: undefined }));
});

describe('time and its basis', () => {
  const at = '2026-03-01T08:00:00+08:00';
  const timeOf = (parts: Parameters<typeof version>[0]) => {
    const { effectiveStart, effectiveEnd, basis } = entry(parts);
    return [basis, effectiveStart, effectiveEnd];
  };
  test('collection of the specimen first', () =>
    expect(
      timeOf({
        specimens: [{ collection: { collectedDateTime: at } }],
        report: { effectiveDateTime: '2026-03-02T08:00:00+08:00' },
        observation: { effectiveDateTime: '2026-03-03T08:00:00+08:00' },
      }),
    ).toEqual(['collected', '2026-03-01T00:00:00.000Z', '2026-03-01T00:00:00.000Z']));
  test('then OBR-7 and OBR-8', () =>
    expect(timeOf({ report: { effectivePeriod: { start: at, end: '2026-03-01T09:00:00+08:00' } } })).toEqual([
      'collected',
      '2026-03-01T00:00:00.000Z',
      '2026-03-01T01:00:00.000Z',
    ]));
  test('then OBX-14', () =>
    expect(timeOf({ observation: { effectiveDateTime: at, issued: '2026-03-09T00:00:00Z' } })[0]).toBe('performed'));
  test('then only the report', () =>
    expect(timeOf({ report: { issued: '2026-03-05T00:00:00Z' } })).toEqual([
      'reported',
      '2026-03-05T00:00:00.000Z',
      '2026-03-05T00:00:00.000Z',
    ]));
  test('with nothing at all, when it was stated, as reported', () =>
    expect(timeOf({})).toEqual(['reported', day(9), day(9)]));
  test('a date is a day of the region', () =>
    expect(timeOf({ report: { effectiveDateTime: '2026-03-01' } })).toEqual([
      'collected',
      '2026-02-28T16:00:00.000Z',
      '2026-03-01T15:59:59.999Z',
    ]));
  test('a month and a year are as long as they are', () => {
    expect(timeOf({ report: { effectiveDateTime: '2026-02' } })[2]).toBe('2026-02-28T15:59:59.999Z');
    expect(timeOf({ report: { effectiveDateTime: '2026' } })[2]).toBe('2026-12-31T15:59:59.999Z');
  });
});

describe('status is the worse of result and report', () => {
  test.each([
    ['final', 'final', 'final'],
    ['corrected', 'final', 'corrected'],
    ['final', 'corrected', 'final'],
    ['amended', 'appended', 'amended'],
    ['final', 'preliminary', 'preliminary'],
    ['final', 'partial', 'preliminary'],
    ['final', 'registered', 'registered'],
    ['preliminary', 'final', 'preliminary'],
    ['final', 'unknown', 'unknown'],
    ['final', 'cancelled', 'cancelled'],
    ['final', 'entered-in-error', 'entered-in-error'],
    ['entered-in-error', 'final', 'entered-in-error'],
    ['cancelled', 'preliminary', 'cancelled'],
  ] as const)('%s in a %s report: %s', (own, report, expected) =>
    expect(entry({ observation: { status: own }, report: { status: report } }).status).toBe(expected),
  );
});

describe('value', () => {
  const valueOf = (observation: Partial<Observation>) => entry({ observation }).value;
  const d = (text: string) => text as Decimal;
  test('a quantity keeps its digits, comparator, unit and UCUM code', () =>
    expect(
      valueOf({
        valueQuantity: {
          value: d('0.50'),
          comparator: '<',
          unit: '10^9/L',
          system: 'http://unitsofmeasure.org',
          code: '10*9/L',
        },
      }),
    ).toEqual({ kind: 'quantity', value: '0.50', comparator: '<', unit: '10^9/L', ucum: '10*9/L' }));
  test('a code of another system is no UCUM', () =>
    expect(valueOf({ valueQuantity: { value: d('1'), system: 'urn:x', code: 'g' } })).toEqual({
      kind: 'quantity',
      value: '1',
    }));
  test.each([
    [{ valueString: '阴性' }, '阴性'],
    [{ valueCodeableConcept: { coding: [{ code: 'A', display: 'A型' }] } }, 'A型'],
    [{ valueRatio: { numerator: { value: d('1') }, denominator: { value: d('80') } } }, '1:80'],
    [{ valueRange: { low: { value: d('0') }, high: { value: d('2') } } }, '0-2'],
    [
      {
        component: [
          { code: {}, valueString: 'a' },
          { code: {}, valueQuantity: { value: d('2'), unit: 'g' } },
        ],
      },
      'a; 2 g',
    ],
    [
      {
        component: [
          { code: { text: 'Heart rate' }, valueQuantity: { value: d('72'), unit: '/min' } },
          { code: { text: 'QRS duration' }, valueQuantity: { value: d('92'), unit: 'ms' } },
        ],
      },
      'Heart rate 72 /min; QRS duration 92 ms',
    ],
    [{ valueInteger: 3 }, '3'],
    [{ valueDateTime: '2026-03-01' }, '2026-03-01'],
  ])('%j in words', (observation, text) =>
    expect(valueOf(observation as Partial<Observation>)).toEqual({ kind: 'text', text }),
  );
  test('none is none', () => expect(valueOf({})).toEqual({ kind: 'none' }));
  test('a waveform is no value in words', () => {
    const valueSampledData = { origin: {}, period: d('2'), dimensions: 1, data: '1 2 3' };
    expect(valueOf({ component: [{ code: { text: 'I' }, valueSampledData }] })).toEqual({ kind: 'none' });
  });
});

test('reference text, interpretation, method, site and performer', () => {
  const v3 = 'http://terminology.hl7.org/CodeSystem/v3-ObservationInterpretation';
  const full = entry({
    observation: {
      referenceRange: [{ text: '3.5-9.5' }],
      interpretation: [{ coding: [{ system: v3, code: 'H' }] }, { text: 'QCF' }, { text: '看备注' }],
      method: { text: '仪器法' },
      bodySite: { coding: [{ code: 'LA', display: '左臂' }] },
      performer: [{ reference: 'PractitionerRole/r' }, { reference: 'Organization/o1', display: '中心检验所' }],
    },
  });
  expect(full).toMatchObject({
    referenceText: '3.5-9.5',
    interpretation: ['H', 'QCF'],
    method: '仪器法',
    bodySite: '左臂',
    performer: '中心检验所',
  });
  for (const key of ['referenceText', 'method', 'bodySite', 'performer', 'specimen', 'loinc'])
    expect(entry()).not.toHaveProperty(key);
  expect(entry({ report: { performer: [{ reference: 'Organization/o1' }] } }).performer).toBe('o1');
});

describe('specimen and quality', () => {
  test.each([
    [{ coding: [{ code: 'SER' }] }, 'serum'],
    [{ coding: [{ code: '1', display: '血清' }] }, 'serum'],
    [{ text: '全血' }, 'blood'],
    [{ text: '24小时尿' }, 'urine-day'],
    [{ text: '不明' }, undefined],
  ])('%j', (type, kind) => expect(entry({ specimens: [{ type }] }).specimen).toBe(kind));
  test('the specimen that the Observation names, among several', () => {
    const specimens = [{ type: { text: '血清' } }, { type: { text: '尿液' } }];
    expect(entry({ specimens, observation: { specimen: { reference: `Specimen/${ID}.s1` } } }).specimen).toBe('urine');
    expect(entry({ specimens }).specimen).toBeUndefined();
    expect(entry({ specimens, report: { specimen: [{ reference: `Specimen/${ID}.s0` }] } }).specimen).toBe('serum');
  });
  test.each([
    [{ specimens: [{ condition: [{ coding: [{ code: 'HEM' }] }] }] }, ['haemolysed']],
    [{ specimens: [{ condition: [{ text: '脂血' }, { text: '黄疸' }] }] }, ['icteric', 'lipaemic']],
    [{ specimens: [{ status: 'unsatisfactory' as const }] }, ['unsatisfactory']],
    [{ observation: { interpretation: [{ text: '溶血' }] } }, ['haemolysed']],
    [{ observation: { note: [{ text: '标本轻度溶血，请结合临床' }] } }, ['haemolysed']],
    [{ observation: { note: [{ text: '标本有凝块。建议重采' }] } }, ['clotted']],
    [{ observation: { note: [{ text: 'Specimen hemolyzed.' }] } }, ['haemolysed']],
    [{ observation: { note: [{ text: '无溶血、脂血、黄疸' }] } }, []],
    [{ observation: { note: [{ text: '溶血：无' }] } }, []],
    [{ observation: { note: [{ text: 'not hemolyzed' }] } }, []],
    [{ observation: { note: [{ text: '不排除溶血' }] } }, ['haemolysed']],
    [{}, []],
  ])('%j → %j', (parts, flags) => expect(entry(parts).qualityFlags).toEqual(flags));

  const said = (...flags: readonly (string | undefined)[]) => ({
    derivedFrom: [{ reference: 'Observation/w' }],
    extension: flags.map((valueCode) => ({
      url: SIGNAL_QUALITY,
      extension: [...(valueCode === undefined ? [] : [{ url: 'flag', valueCode }]), { url: 'lead', valueString: 'V1' }],
    })),
  });
  test('every flag of a signal is one of the result', () =>
    expect(entry({ observation: said(...QUALITY_FLAGS) }).qualityFlags).toEqual(QUALITY_FLAGS.toSorted()));
  test('a flag of several leads is one, beside what is said of the specimen', () => {
    const observation = { ...said('noise', 'lead-off', 'noise'), note: [{ text: '溶血' }] };
    expect(entry({ observation }).qualityFlags).toEqual(['haemolysed', 'lead-off', 'noise']);
  });
  test('a flag that nobody here knows, and one without a code, are not dropped', () => {
    expect(entry({ observation: said('wobbly') }).qualityFlags).toEqual([OTHER_FLAG]);
    expect(entry({ observation: said(undefined) }).qualityFlags).toEqual([OTHER_FLAG]);
  });
  test('extensions of another kind are no flags', () => {
    const extension = [{ url: 'urn:x', extension: [{ url: 'flag', valueCode: 'noise' }] }];
    expect(entry({ observation: { extension } }).qualityFlags).toEqual([]);
  });
  test('the extension is the one that mapping writes', () => expect(SIGNAL_QUALITY).toBe(EXTENSIONS.signalQuality));
  test('an ECG of which no waveform is told says so; its waveform has no such flag', () => {
    const code = (of: string) => ({ code: { coding: [{ system: 'http://loinc.org', code: of }] } });
    const flagsOf = (observation: Partial<Observation>) => entry({ observation }).qualityFlags;
    for (const of of ['34534-8', '11524-6', '18754-2']) expect(flagsOf(code(of))).toEqual([NO_SIGNAL]);
    expect(flagsOf({ ...code('34534-8'), ...said() })).toEqual([]);
    const valueSampledData = { origin: {}, period: '2' as Decimal, dimensions: 1, data: '1 2' };
    expect(flagsOf({ ...code('11524-6'), component: [{ code: {}, valueSampledData }] })).toEqual([]);
    expect(flagsOf(code('2823-3'))).toEqual([]);
  });
});

describe('what a new version changes of the registry', () => {
  const moved = (...messages: Told[]) => {
    const versions = steps(messages).flatMap((step) => (step.kind === 'new-version' ? [step.version] : []));
    const [before, after] = [versions.at(-2), headOf(steps(messages))];
    return diffEntries(
      before === undefined || versions.length < 2 ? [] : entriesOf(before, CONTEXT),
      entriesOf(after, { ...CONTEXT, knownFrom: day(21) }),
    );
  };
  const elements = (list: readonly { readonly element: string }[]) =>
    list.map(({ element }) => element.slice(ID.length + 1));
  test('a first sight adds all', () => {
    const { retired, added } = moved({ at: day(1), results: { A: 'F 1', B: 'F 2' } });
    expect([elements(retired), elements(added)]).toEqual([[], ['A', 'B']]);
  });
  test('a correction moves its own entry only', () => {
    const { retired, added } = moved(
      { at: day(1), results: { A: 'F 1', B: 'F 2' } },
      { at: day(2), results: { A: 'C 3' } },
    );
    expect([elements(retired), elements(added)]).toEqual([['A'], ['A']]);
    expect(added[0]).toMatchObject({ status: 'corrected', version: 2, knownFrom: day(21) });
  });
  test('a retraction closes the entry, and the one that comes is not open to recognition', () => {
    const { retired, added } = moved(
      { at: day(1), results: { A: 'F 1', B: 'F 2' } },
      { at: day(2), results: { A: 'W' } },
    );
    expect(elements(retired)).toEqual(['A']);
    expect(added.map(({ status }) => status)).toEqual(['entered-in-error']);
  });
  test('a change of the report alone moves all of its entries', () => {
    const { retired, added } = moved(
      { at: day(1), report: 'P', results: { A: 'F 1', B: 'F 2' } },
      { at: day(2), report: 'F' },
    );
    expect([elements(retired), elements(added)]).toEqual([
      ['A', 'B'],
      ['A', 'B'],
    ]);
    expect(added.map(({ status }) => status)).toEqual(['final', 'final']);
  });
  test('a later statement of the same moves none', () => {
    const same = { results: { A: 'F 1' }, more: { effectiveDateTime: '2026-03-01T08:00:00+08:00' } };
    const { retired, added } = moved({ at: day(1), ...same }, { at: day(2), ...same });
    expect([retired, added]).toEqual([[], []]);
  });
});
