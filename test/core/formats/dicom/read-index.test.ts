/** The index of an instance: every value from its element, as it is stated, and what is none left out and told. */
import { describe, expect, it } from 'vitest';
import { ctInstance, type Element, encodeFile, INSTANCE, sequence, text } from '../../../../fixtures/dicom/encoder.ts';
import { CHINESE_CASES } from '../../../../fixtures/dicom/chinese-cases.ts';
import { concat, gbk, latin1, utf8 } from '../../../../fixtures/ecg/encoders/bytes.ts';
import { LIMITS } from '../../../../src/base/limits.ts';
import { SENTENCES } from '../../../../src/formats/dicom/problems.ts';
import { readIndex } from '../../../../src/formats/dicom/read-index.ts';

const indexOf = (...elements: readonly Element[]) => readIndex(encodeFile(ctInstance({}, ...elements)));
const told = (...elements: readonly Element[]) => indexOf(...elements).problems.map(({ code, at }) => `${code} ${at}`);

it('has what the header states', () => {
  expect(indexOf().value).toEqual({
    uids: {
      study: '1.2.826.0.1.3680043.10.999.1',
      series: '1.2.826.0.1.3680043.10.999.1.1',
      instance: INSTANCE,
      sopClass: '1.2.840.10008.5.1.4.1.1.2',
      transferSyntax: '1.2.840.10008.1.2.1',
    },
    patient: { name: { alphabetic: 'CESHI^JIA' }, id: 'P0001', otherIds: [], birthDate: '19800229', sex: 'F' },
    study: {
      started: { date: '20240229', time: '091200' },
      id: 'S1',
      description: 'CHEST PLAIN',
      procedures: [],
      readers: [],
      institution: 'TEST HOSPITAL',
    },
    series: {
      started: { date: '20240229', time: '091305.25' },
      number: '2',
      modality: 'CT',
      bodyPart: 'CHEST',
      anatomy: { value: '816094009', scheme: 'SCT', meaning: 'Chest' },
      performers: [],
      operators: [],
    },
    image: {
      number: '17',
      types: ['ORIGINAL', 'PRIMARY', 'AXIAL'],
      rows: 4,
      columns: 8,
      bitsAllocated: 16,
      bitsStored: 12,
      samplesPerPixel: 1,
      photometric: 'MONOCHROME2',
      sliceThickness: '1.25',
      pixelSpacing: [],
    },
    equipment: { manufacturer: 'TESTMAKER', software: [] },
    accessions: [{ value: 'ACC0001', at: '(0008,0050)' }],
    requests: [],
    zone: '+0800',
    charset: { stated: [], guesses: [] },
    pixels: 'whole',
  });
});

it('has what stands in more than one place, and in sequences', () => {
  const issuer = (name: string) => [
    text(0x00400031, 'UT', name),
    text(0x00400032, 'UT', '1.2.3'),
    text(0x00400033, 'CS', 'ISO'),
  ];
  const request = [
    text(0x00080050, 'SH', 'ACC0002'),
    sequence(0x00080051, issuer('RIS')),
    text(0x00321060, 'LO', 'CHEST CT'),
    sequence(0x00321064, [
      text(0x00080100, 'SH', 'C1'),
      text(0x00080102, 'SH', '99T'),
      text(0x00080104, 'LO', 'Chest'),
    ]),
    text(0x00401001, 'SH', 'RP1'),
    text(0x00402016, 'LO', 'PL1'),
    text(0x00402017, 'LO', 'FI1'),
  ];
  const { value, problems } = indexOf(
    sequence(0x00080051, issuer('HIS')),
    sequence(0x00400275, request, [text(0x00080050, 'SH', 'ACC0001')]),
    sequence(0x0040a370, [text(0x00080050, 'SH', 'ACC0003')]),
    text(0x00100021, 'LO', 'HIS'),
    sequence(0x00101002, [text(0x00100020, 'LO', 'P0009'), text(0x00100021, 'LO', 'OTHER')], []),
    text(0x00081048, 'PN', 'A^B'),
    text(0x00081050, 'PN', 'YI^A\\YI^B'),
    text(0x0008002a, 'DT', '20240229091305.25+0800'),
    text(0x00280030, 'DS', '0.5\\0.5'),
    text(0x00280008, 'IS', '3'),
    text(0x00185101, 'CS', 'AP'),
    text(0x00200060, 'CS', 'L'),
    text(0x00180010, 'LO', 'AGENT'),
    text(0x00081010, 'SH', 'STATION1'),
  );
  expect(problems).toEqual([]);
  expect(value?.accessions).toEqual([
    { value: 'ACC0001', issuer: { local: 'HIS', universal: '1.2.3', type: 'ISO' }, at: '(0008,0050)' },
    { value: 'ACC0002', issuer: { local: 'RIS', universal: '1.2.3', type: 'ISO' }, at: '(0040,0275)[1](0008,0050)' },
    { value: 'ACC0003', at: '(0040,A370)[1](0008,0050)' },
  ]);
  expect(value?.requests).toEqual([
    {
      procedureId: 'RP1',
      description: 'CHEST CT',
      code: { value: 'C1', scheme: '99T', meaning: 'Chest' },
      placerNumber: 'PL1',
      fillerNumber: 'FI1',
      at: '(0040,0275)[1]',
    },
    { at: '(0040,0275)[2]' },
    { at: '(0040,A370)[1]' },
  ]);
  expect(value?.patient.issuer).toEqual({ local: 'HIS' });
  expect(value?.patient.otherIds).toEqual([{ id: 'P0009', issuer: { local: 'OTHER' } }]);
  expect(value?.series.performers).toEqual([{ alphabetic: 'YI^A' }, { alphabetic: 'YI^B' }]);
  expect(value?.image).toMatchObject({
    acquiredAt: '20240229091305.25+0800',
    pixelSpacing: ['0.5', '0.5'],
    frames: '3',
    viewPosition: 'AP',
    contrastAgent: 'AGENT',
  });
  expect([value?.series.laterality, value?.equipment.station]).toEqual(['L', 'STATION1']);
});

describe('names', () => {
  it.each(CHINESE_CASES.map((one) => [one.name, one] as const))(
    'in %s',
    (_, { charset, bytes, text: name, guessed }) => {
      const elements = ctInstance({ ...(charset === undefined ? {} : { charset }), name: bytes });
      for (const syntax of ['explicit', 'implicit', 'big-endian', 'deflated'] as const) {
        const { value, problems } = readIndex(encodeFile(elements, { syntax }));
        const [alphabetic, ideographic] = name.split('=');
        expect(value?.patient.name).toEqual({ alphabetic, ...(ideographic === undefined ? {} : { ideographic }) });
        expect(value?.charset.guesses).toEqual(guessed === undefined ? [] : [{ at: '(0010,0010)', label: guessed }]);
        expect(problems.map(({ code }) => code)).toEqual(guessed === undefined ? [] : ['dicom/text-guessed']);
      }
    },
  );

  it.each([
    ['^^^^', undefined],
    ['=', undefined],
    ['A^B^^=  =', { alphabetic: 'A^B' }],
    ['==C^D', { phonetic: 'C^D' }],
  ])('of empty groups and components have none: %s', (name, wanted) => {
    expect(readIndex(encodeFile(ctInstance({ name }))).value?.patient.name).toEqual(wanted);
  });

  it('that hold a script are text like any other, and told nowhere', () => {
    const script = '<script>alert(1)</script>^"onload=\'x';
    const { value, problems } = readIndex(encodeFile(ctInstance({ name: script })));
    expect([value?.patient.name?.alphabetic, problems]).toEqual([`<script>alert(1)</script>^"onload`, []]);
  });

  it('that were guessed can be decoded again', () => {
    const bytes = encodeFile(ctInstance({ charset: 'ISO_IR 100', name: latin1('M\u00fcller') }));
    expect(readIndex(bytes).value?.patient.name?.alphabetic).toBe('Müller');
    const again = readIndex(bytes, { charset: 'gb18030' });
    expect(again.value?.patient.name?.alphabetic).toBe('M黮ler');
    expect(again.problems).toEqual([]);
  });

  it('of which one alone says too little are in what the other texts are in', () => {
    const elements = [text(0x00080080, 'LO', gbk('测试示范医院')), text(0x00081030, 'LO', gbk('胸部平扫'))];
    const name = concat(latin1('Mei='), gbk('梅'), latin1('^'), gbk('茅'));
    const { value } = readIndex(encodeFile(ctInstance({ charset: 'ISO_IR 100', name }, ...elements)));
    expect(value?.patient.name?.ideographic).toBe('梅^茅');
  });
});

it('an item of its own character set is read in it, and one without in that of what holds it', () => {
  const code = (meaning: Uint8Array, ...more: readonly Element[]) => [
    ...more,
    text(0x00080100, 'SH', 'A'),
    text(0x00080104, 'LO', meaning),
  ];
  const elements = ctInstance(
    { charset: 'GB18030' },
    sequence(0x00081032, code(utf8('胸部é'), text(0x00080005, 'CS', 'ISO_IR 192')), code(gbk('胸部'))),
  );
  const { value, problems } = readIndex(encodeFile(elements));
  expect(value?.study.procedures.map(({ meaning }) => meaning)).toEqual(['胸部é', '胸部']);
  expect(problems).toEqual([]);
});

describe('values that are none', () => {
  it.each([
    ['00000000', 0x00080020, 'DA'],
    ['20230229', 0x00100030, 'DA'],
    ['2024-2-9', 0x00100030, 'DA'],
    ['2530', 0x00080030, 'TM'],
    ['20241301', 0x0008002a, 'DT'],
    ['+2500', 0x00080201, 'SH'],
    ['0800', 0x00080201, 'SH'],
  ])('of dates, times and zones are left out and told: %s', (value, tag, vr) => {
    const at = `(${tag
      .toString(16)
      .padStart(8, '0')
      .toUpperCase()
      .replace(/(....)(....)/, '$1,$2')})`;
    expect(told(text(tag, vr, value))).toEqual([`dicom/date-invalid ${at}`]);
    expect(JSON.stringify(indexOf(text(tag, vr, value)).value)).not.toContain(`"${value}"`);
  });

  it.each([
    ['20240229', 0x00080020, 'DA'],
    ['1992.02.29', 0x00080020, 'DA'],
    ['09', 0x00080030, 'TM'],
    ['0912', 0x00080030, 'TM'],
    ['09:12:60', 0x00080030, 'TM'],
    ['2024', 0x0008002a, 'DT'],
    ['202402290912-0330', 0x0008002a, 'DT'],
    ['+1400', 0x00080201, 'SH'],
  ])('are not these: %s', (value, tag, vr) => {
    expect(told(text(tag, vr, value))).toEqual([]);
    expect(JSON.stringify(indexOf(text(tag, vr, value)).value)).toContain(`"${value}"`);
  });

  it.each([
    ['1.2.x', 'dicom/uid-invalid (0020,000D)'],
    ['1', 'dicom/uid-invalid (0020,000D)'],
    [`1.${'2'.repeat(63)}`, 'dicom/uid-invalid (0020,000D)'],
    ['', 'dicom/uid-missing (0020,000D)'],
  ])('of UIDs are left out and told: %s', (value, problem) => {
    expect(told(text(0x0020000d, 'UI', value))).toEqual([problem]);
    expect(indexOf(text(0x0020000d, 'UI', value)).value?.uids.study).toBeUndefined();
  });

  it('are not UIDs with leading zeros, which tell instances apart all the same', () => {
    expect(told(text(0x0020000d, 'UI', '1.2.03'))).toEqual([]);
  });

  it.each([
    ['1A', 0x00280008, 'IS', 'dicom/number-invalid (0028,0008)'],
    ['1,5', 0x00180050, 'DS', 'dicom/number-invalid (0018,0050)'],
  ])('of numbers stay as they are written, and are told: %s', (value, tag, vr, problem) => {
    expect(told(text(tag, vr, value))).toEqual([problem]);
    expect(JSON.stringify(indexOf(text(tag, vr, value)).value?.image)).toContain(`"${value}"`);
  });

  it('of character sets are told', () => {
    const bytes = encodeFile(ctInstance({ charset: 'NO SUCH', name: gbk('测试甲') }));
    expect(readIndex(bytes).problems.map(({ code, at }) => `${code} ${at}`)).toEqual([
      'dicom/charset-unknown (0008,0005)',
      'dicom/text-guessed (0010,0010)',
    ]);
  });

  it('carry nothing of themselves into a problem', () => {
    const { problems } = indexOf(
      text(0x00100030, 'DA', 'SECRET'),
      text(0x0020000d, 'UI', 'SECRET'),
      text(0x00280008, 'IS', 'SECRET'),
    );
    expect(problems).toHaveLength(3);
    for (const { code, at } of problems) {
      expect(Object.keys(SENTENCES)).toContain(code);
      expect(at).toMatch(/^\([0-9A-F]{4},[0-9A-F]{4}\)$/);
    }
  });
});

it('texts and lists beyond their limits are left out or cut, and told', () => {
  const long = new Uint8Array(LIMITS.dicomValueBytesMax + 2).fill(0x41);
  const bytes = encodeFile(ctInstance({}, text(0x00081030, 'LO', long)), { syntax: 'implicit' });
  const { value, problems } = readIndex(bytes);
  expect(value?.study.description).toBeUndefined();
  expect(problems.map(({ code, at }) => `${code} ${at}`)).toEqual(['dicom/text-too-long (0008,1030)']);
  const many = Array.from({ length: LIMITS.dicomListMax + 1 }, (_, k) => [text(0x00100020, 'LO', `P${k}`)]);
  expect(indexOf(sequence(0x00101002, ...many)).value?.patient.otherIds).toHaveLength(LIMITS.dicomListMax);
  expect(told(sequence(0x00101002, ...many))).toEqual(['dicom/more-items (0010,1002)']);
});

it('blanks are nothing, and blanks around values are no part of them', () => {
  const { value } = indexOf(
    text(0x00081030, 'LO', '   '),
    text(0x00100020, 'LO', ' P1 \0'),
    text(0x00080050, 'SH', ''),
  );
  expect([value?.study.description, value?.patient.id, value?.accessions]).toEqual([undefined, 'P1', []]);
});
