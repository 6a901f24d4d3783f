/** Files that are large in one thing take time in proportion to their bytes: each of these was, or would be, quadratic. */
import { expect, it } from 'vitest';
import { aecgOptions } from '../../../../fixtures/ecg/cases/aecg-cases.ts';
import { edfOptions } from '../../../../fixtures/ecg/cases/holter-cases.ts';
import { recording } from '../../../../fixtures/ecg/cases/truth.ts';
import { encodeAecg } from '../../../../fixtures/ecg/encoders/aecg.ts';
import { concat, latin1, utf8 } from '../../../../fixtures/ecg/encoders/bytes.ts';
import { part10, text, writeDataset } from '../../../../fixtures/ecg/encoders/dicom-dataset.ts';
import { encodeEdf } from '../../../../fixtures/ecg/encoders/edf.ts';
import { LIMITS } from '../../../../src/base/limits.ts';
import { readEcg } from '../../../../src/formats/ecg/read-ecg.ts';
import { mapFile } from '../../../support/ecg-files.ts';

const MS_MAX = 5_000;
const SHORT = recording({ rateHz: 500, seconds: 1, unitUv: 2.5, leads: ['I', 'II', 'V1'] });
const SERIES = { code: 'RHYTHM', rateHz: 500, unitUv: 2.5, start: '20260308091011', end: '20260308091012' } as const;
const aecg = (change: (xml: string) => string): Uint8Array =>
  utf8(change(encodeAecg(aecgOptions({ series: [{ ...SERIES, leads: SHORT.leads }] }))));
const statement = (words: string): string =>
  `<component><annotation><code code="MDC_ECG_INTERPRETATION_STATEMENT"/><value>${words}</value></annotation></component>`;
const annotated = (annotations: string): Uint8Array =>
  aecg((xml) =>
    xml.replace('</series>', `<subjectOf><annotationSet>${annotations}</annotationSet></subjectOf></series>`),
  );

const FILES: readonly (readonly [what: string, bytes: () => Uint8Array])[] = [
  [
    'thirty thousand statements beside one another',
    () => annotated(Array.from({ length: 30_000 }, (_, k) => statement(`${k}`)).join('')),
  ],
  [
    'eighty thousand measurements that are no numbers',
    () =>
      annotated(
        '<component><annotation><code code="MDC_ECG_TIME_PD_PR"/><value value="x"/></annotation></component>'.repeat(
          80_000,
        ),
      ),
  ],
  ['a statement of a megabyte of dashes', () => annotated(statement(`${'-'.repeat(1_000_000)}x`))],
  ['a name of a megabyte of blanks', () => aecg((xml) => xml.replace('<name>', `<name>a${' '.repeat(1_000_000)}b`))],
  ['a transfer syntax of blanks', () => part10(writeDataset([text(0x00080016, 'UI', '1.2')], SYNTAX), META)],
  ['records of one sample each', tinyRecords],
  ['a header of lines that are no signals', () => latin1(`r 9999 500 10\n${'x 16 1\n'.repeat(30_000)}`)],
];

const SYNTAX = { explicit: true, undefinedLengths: false };
const META = { sopClass: '1.2', sopInstance: '1.2.3', transferSyntax: `1.2${' '.repeat(60_000)}x` };

it.each(FILES)('%s are read and mapped in time', (_, make) => {
  const bytes = make();
  const begin = performance.now();
  const { value, problems } = readEcg(bytes);
  if (value !== undefined) mapFile(value, bytes);
  expect(performance.now() - begin).toBeLessThan(MS_MAX);
  const said = [...(value?.statements ?? []), ...(value?.measurements ?? [])].length;
  expect(said).toBeLessThanOrEqual(LIMITS.ecgAnnotationsMax);
  expect(problems.some(({ code }) => code === 'ecg/too-many-annotations')).toBe(said === LIMITS.ecgAnnotationsMax);
});

it('limb leads are derived of an hour, and not of a day: they would take more memory than the file', () => {
  const minutes = 70;
  const signals = SHORT.leads.slice(0, 2).map(({ name, samples }) => ({
    label: `ECG ${name}`,
    unit: 'uV',
    rateHz: 500,
    samples: Int32Array.from({ length: minutes * 60 * 500 }, (_, k) => samples[k % 500] as number),
    physicalMin: -5000,
    physicalMax: 5000,
    digitalMin: -32768,
    digitalMax: 32767,
  }));
  const { value } = readEcg(encodeEdf(edfOptions(signals, { recordSeconds: 60 })));
  expect(value?.groups[0]?.leads.map(({ name }) => name)).toEqual(['I', 'II']);
});

/** EDF+ whose records hold one sample and an annotation of two bytes: a million of them. */
function tinyRecords(): Uint8Array {
  const field = (value: string | number, width: number): string => String(value).padEnd(width);
  const columns = [
    ['ECG II', 'EDF Annotations', 16],
    ['', '', 80],
    ['uV', '', 8],
    ['-5000', '-1', 8],
    ['5000', '1', 8],
    ['-32768', '-32768', 8],
    ['32767', '32767', 8],
    ['', '', 80],
    ['1', '1', 8],
    ['', '', 32],
  ] as const;
  const count = 1_000_000;
  const head = [
    field(0, 8),
    field('X X X X', 80),
    field('Startdate X X X X', 80),
    field('08.03.26', 8),
    field('09.10.11', 8),
    field(768, 8),
    field('EDF+D', 44),
    field(count, 8),
    field('0.002', 8),
    field(2, 4),
    ...columns.map(([first, second, width]) => field(first, width) + field(second, width)),
  ];
  return concat(latin1(head.join('')), new Uint8Array(count * 4));
}
