/**
 * Every DICOM sample through the real reader, element by element against what pydicom and dcmtk read of it, and what the
 * generator of the synthetic ones meant. Where they differ the reason stands in `dicom-differences.json`.
 */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { LIMITS } from '../../src/base/limits.ts';
import { readDataset } from '../../src/formats/dicom/read-dataset.ts';
import { readIndex } from '../../src/formats/dicom/read-index.ts';
import type { DicomIndex, DicomName } from '../../src/terms/parsed/dicom.ts';
import { corpusSkipReason } from '../support/corpus.ts';
import DIFFERENCES from './dicom-differences.json' with { type: 'json' };

interface Truth {
  readonly file: string;
  readonly sha256: string;
  readonly part10?: boolean;
  readonly transferSyntax?: string | null;
  readonly hostile?: boolean;
  readonly generatorTruth?: {
    readonly pn?: string;
    readonly studyDescription?: string;
    readonly institution?: string;
    readonly trueEncoding?: string;
  };
  readonly [keyword: string]: unknown;
}

const ROOT = resolve(join(process.env['CORPUS_DIR'] ?? '', 'dicom'));
const skipped = corpusSkipReason === undefined ? '' : ` (skipped: ${corpusSkipReason})`;

function truths(): readonly Truth[] {
  const folder = join(ROOT, '_truth');
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.json'))
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)))
    .toSorted()
    .map((name) => JSON.parse(readFileSync(join(folder, name), 'utf8')) as Truth);
}

/** A multi-valued text as dcmtk and pydicom print it; '' for absent. */
const joined = (texts: readonly string[]): string => texts.join('\\');
const nameText = (name: DicomName | undefined): string =>
  [name?.alphabetic, name?.ideographic, name?.phonetic]
    .map((group) => group ?? '')
    .join('=')
    .replace(/=+$/, '');

/** Keyword of the reference → what the index has for it. */
const FIELDS: Readonly<Record<string, (index: DicomIndex) => string | number | undefined>> = {
  StudyInstanceUID: ({ uids }) => uids.study,
  SeriesInstanceUID: ({ uids }) => uids.series,
  SOPInstanceUID: ({ uids }) => uids.instance,
  SOPClassUID: ({ uids }) => uids.sopClass,
  PatientName: ({ patient }) => nameText(patient.name),
  PatientID: ({ patient }) => patient.id,
  IssuerOfPatientID: ({ patient }) => patient.issuer?.local,
  PatientBirthDate: ({ patient }) => patient.birthDate,
  PatientSex: ({ patient }) => patient.sex,
  PatientIdentityRemoved: ({ patient }) => patient.identityRemoved,
  AccessionNumber: ({ accessions }) => accessions.find(({ at }) => at === '(0008,0050)')?.value,
  StudyDate: ({ study }) => study.started?.date,
  StudyTime: ({ study }) => study.started?.time,
  StudyID: ({ study }) => study.id,
  StudyDescription: ({ study }) => study.description,
  InstitutionName: ({ study }) => study.institution,
  ReferringPhysicianName: ({ study }) => nameText(study.referrer),
  SeriesDate: ({ series }) => series.started?.date,
  SeriesTime: ({ series }) => series.started?.time,
  SeriesNumber: ({ series }) => series.number,
  SeriesDescription: ({ series }) => series.description,
  ProtocolName: ({ series }) => series.protocol,
  Modality: ({ series }) => series.modality,
  BodyPartExamined: ({ series }) => series.bodyPart,
  PerformingPhysicianName: ({ series }) => joined(series.performers.map(nameText)),
  OperatorsName: ({ series }) => joined(series.operators.map(nameText)),
  AcquisitionDate: ({ image }) => image.acquired?.date,
  ContentDate: ({ image }) => image.content?.date,
  InstanceNumber: ({ image }) => image.number,
  Rows: ({ image }) => image.rows,
  Columns: ({ image }) => image.columns,
  NumberOfFrames: ({ image }) => image.frames,
  BitsAllocated: ({ image }) => image.bitsAllocated,
  BitsStored: ({ image }) => image.bitsStored,
  PhotometricInterpretation: ({ image }) => image.photometric,
  ViewPosition: ({ image }) => image.viewPosition,
  SliceThickness: ({ image }) => image.sliceThickness,
  KVP: ({ image }) => image.kvp,
  BurnedInAnnotation: ({ image }) => image.burnedIn,
  Manufacturer: ({ equipment }) => equipment.manufacturer,
  ManufacturerModelName: ({ equipment }) => equipment.model,
  TimezoneOffsetFromUTC: ({ zone }) => zone,
  SpecificCharacterSet: ({ charset }) => joined(charset.stated),
};
const NAMES = new Set(['PatientName', 'ReferringPhysicianName', 'PerformingPhysicianName', 'OperatorsName']);

/** What the reference says of a keyword: the generator's word before dcmtk's before pydicom's. */
function wanted(truth: Truth, keyword: string): string {
  const meant = truth.generatorTruth;
  const known: Readonly<Record<string, string | undefined>> = {
    PatientName: meant?.pn,
    StudyDescription: meant?.studyDescription,
    InstitutionName: meant?.institution,
  };
  const read = known[keyword] ?? truth[`${keyword}_dcmtk`] ?? truth[keyword] ?? '';
  const text = Array.isArray(read) ? joined(read as string[]) : (read as string);
  const mended = meant?.trueEncoding === undefined ? text : mend(text, meant.trueEncoding);
  // Empty groups and components at the end of a name are nothing.
  return NAMES.has(keyword)
    ? mended
        .split('=')
        .map((group) => group.replace(/[\s^]+$/, ''))
        .join('=')
        .replace(/=+$/, '')
    : mended;
}

/** What a reader took for Latin letters, in what the generator wrote. */
function mend(text: string, encoding: string): string {
  const isLatin = /[\u0080-\u00ff]/.test(text) && /^[\0-\u00ff]*$/.test(text);
  return isLatin ? new TextDecoder(encoding).decode(Uint8Array.from(text, (one) => one.charCodeAt(0))) : text;
}

describe.skipIf(corpusSkipReason !== undefined)(`the DICOM samples${skipped}`, () => {
  const all = corpusSkipReason === undefined ? truths() : [];
  const bytesOf = ({ file }: Truth): Uint8Array => new Uint8Array(readFileSync(join(ROOT, file)));

  it('are there, as they were when the reference was made', () => {
    expect(all).toHaveLength(112);
    for (const truth of all) expect(createHash('sha256').update(bytesOf(truth)).digest('hex')).toBe(truth.sha256);
  });

  it('say what the reference says, but for the differences that are explained', () => {
    const found = all.flatMap((truth) => {
      const { value } = readIndex(bytesOf(truth));
      if (value === undefined) return [];
      return Object.entries(FIELDS)
        .map(([field, of]) => ({ field, ours: String(of(value) ?? ''), theirs: wanted(truth, field) }))
        .filter(({ ours, theirs }) => ours !== theirs)
        .map(({ field, ours, theirs }) => ({ file: truth.file, field, ours, theirs }));
    });
    expect(found).toEqual(DIFFERENCES.fields.map(({ file, field, ours, theirs }) => ({ file, field, ours, theirs })));
    for (const { reason } of DIFFERENCES.fields) expect(reason.length).toBeGreaterThan(20);
  });

  it('that are refused are refused for the reason that is listed', () => {
    const refused = all.flatMap((truth) => {
      const { value, problems } = readIndex(bytesOf(truth));
      const fatal = problems.find(({ severity }) => severity === 'fatal');
      return value === undefined ? [{ file: truth.file, problem: `${fatal?.code} ${fatal?.at}` }] : [];
    });
    expect(refused).toEqual(DIFFERENCES.refused.map(({ file, problem }) => ({ file, problem })));
  });

  it('tell what is wrong with them and nothing else', () => {
    const told = all.flatMap((truth) => {
      const { value, problems } = readIndex(bytesOf(truth));
      const codes = [...new Set(problems.map(({ code, at }) => `${code} ${at}`))];
      return value === undefined || codes.length === 0 ? [] : [{ file: truth.file, told: codes.join(', ') }];
    });
    expect(told).toEqual(DIFFERENCES.told);
  });

  it('have the transfer syntax and the header that the reference says', () => {
    for (const truth of all) {
      const { value, problems } = readIndex(bytesOf(truth));
      if (value === undefined) continue;
      if (typeof truth.transferSyntax === 'string')
        expect(value.uids.transferSyntax, truth.file).toBe(truth.transferSyntax);
      const isHeaderless = problems.some(({ code }) => code === 'dicom/headerless');
      expect(isHeaderless, truth.file).toBe(truth.part10 === false);
    }
  });

  it('of nested items have the character set of the item', () => {
    const nameIn = (file: string): string | undefined => {
      const truth = all.find((one) => one.file === file) as Truth;
      return readDataset(bytesOf(truth)).value?.items('00321064')[0]?.name('00100010');
    };
    // The item states one of its own, and none: then it has that of the data set.
    expect(nameIn('pydicom-charset/chrSQEncoding.dcm')).toBe('ﾔﾏﾀﾞ^ﾀﾛｳ=山田^太郎=やまだ^たろう');
    expect(nameIn('pydicom-charset/chrSQEncoding1.dcm')).toBe('ﾔﾏﾀﾞ^ﾀﾛｳ=山田^太郎=やまだ^たろう');
  });

  it('that lack their pixels by a cut keep their index', () => {
    const truth = all.find(({ file }) => file === 'synthetic/cs_gb18030.dcm') as Truth;
    const { value, problems } = readIndex(bytesOf(truth).slice(0, -10));
    expect([value?.pixels, problems.map(({ code }) => code)]).toEqual(['cut', ['dicom/pixels-truncated']]);
    expect(value?.patient.name?.ideographic).toBe('王^小东');
  });

  it('are read in no more time than their size allows', () => {
    const before = performance.now();
    for (const truth of all.filter(({ hostile }) => hostile !== true)) readIndex(bytesOf(truth));
    expect(performance.now() - before).toBeLessThan(10_000);
    const bomb = all.find(({ hostile }) => hostile === true) as Truth;
    expect(bytesOf(bomb).length).toBeLessThan(LIMITS.dicomInflatedBytesMax / 100);
  });
});
