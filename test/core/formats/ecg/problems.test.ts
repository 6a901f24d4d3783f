/** Problems that no file of `fixtures/ecg` has: each is told at its place, and what is sound beside it is still read. */
import { describe, expect, it } from 'vitest';
import { aecgOptions } from '../../../../fixtures/ecg/cases/aecg-cases.ts';
import { dicomGroup, dicomOptions } from '../../../../fixtures/ecg/cases/dicom-cases.ts';
import { edfOptions, wfdbOptions } from '../../../../fixtures/ecg/cases/holter-cases.ts';
import { mferFrame, mferOptions } from '../../../../fixtures/ecg/cases/mfer-cases.ts';
import { museOptions, philipsOptions } from '../../../../fixtures/ecg/cases/muse-philips-cases.ts';
import { referenceBeat, scpOptions } from '../../../../fixtures/ecg/cases/scp-cases.ts';
import { recording } from '../../../../fixtures/ecg/cases/truth.ts';
import { encodeAecg } from '../../../../fixtures/ecg/encoders/aecg.ts';
import { concat, gbk, latin1, utf8 } from '../../../../fixtures/ecg/encoders/bytes.ts';
import { encodeDicom } from '../../../../fixtures/ecg/encoders/dicom.ts';
import { encodeEdf } from '../../../../fixtures/ecg/encoders/edf.ts';
import { encodeMfer } from '../../../../fixtures/ecg/encoders/mfer.ts';
import { encodeMuse } from '../../../../fixtures/ecg/encoders/muse.ts';
import { encodePhilips } from '../../../../fixtures/ecg/encoders/philips.ts';
import { encodeScp, resealScp, scpSectionAt } from '../../../../fixtures/ecg/encoders/scp.ts';
import { encodeWfdb } from '../../../../fixtures/ecg/encoders/wfdb.ts';
import { LIMITS } from '../../../../src/base/limits.ts';
import { readEcg } from '../../../../src/formats/ecg/read-ecg.ts';
import type { Ecg } from '../../../../src/terms/parsed/ecg.ts';

const EIGHT = recording({
  rateHz: 500,
  seconds: 10,
  unitUv: 2.5,
  leads: ['I', 'II', 'V1', 'V2', 'V3', 'V4', 'V5', 'V6'],
});
const SHORT = EIGHT.leads.slice(0, 2).map(({ name, samples }) => ({ name, samples: samples.slice(0, 500) }));
const SERIES = { code: 'RHYTHM', rateHz: 500, unitUv: 2.5, start: '20260308091011', end: '20260308091021' } as const;
const many = (count: number) =>
  Array.from({ length: count }, (_, k) => ({
    code: 'MDC_ECG_INTERPRETATION_STATEMENT',
    kind: 'ST' as const,
    value: `statement ${k}`,
  }));

const aecg = (changes: Parameters<typeof aecgOptions>[0], change = (xml: string) => xml) =>
  utf8(change(encodeAecg(aecgOptions({ series: [{ ...SERIES, leads: SHORT }], ...changes }))));
const scp = (changes: Partial<Parameters<typeof scpOptions>[0]>) => encodeScp(scpOptions({ leads: SHORT, ...changes }));
const dicom = (changes: Parameters<typeof dicomGroup>[0], more: Parameters<typeof dicomOptions>[1] = {}) =>
  encodeDicom(dicomOptions([dicomGroup({ leads: SHORT, ...changes })], more));
const muse = (change: (xml: string) => string) => latin1(change(encodeMuse(museOptions())));

/** A copy in which one spot of the file is different. */
function patched(bytes: Uint8Array<ArrayBuffer>, at: number, ...values: readonly number[]): Uint8Array<ArrayBuffer> {
  const copy = bytes.slice();
  copy.set(values, at);
  return copy;
}

const UNREADABLE = { value: '5.13.5-7', scheme: 'SCPECG', meaning: 'PR Interval', number: 'long', unit: 'ms' } as const;
const CHANNEL = '(5400,0100)[1](003A,0200)[1]';
const PARSED = 'restingecgdata/waveforms/parsedwaveforms';
const LEAD_OFF = '<LeadData><LeadOff>TRUE</LeadOff>';
/** The first lead's, behind the sequence of times. */
const SEQUENCE = 'AnnotatedECG/component/series/component/sequenceSet/component[2]/sequence';

const CASES: readonly (readonly [code: string, at: string, bytes: () => Uint8Array])[] = [
  ['ecg/format-unknown', '', () => latin1('a letter to the doctor')],
  ['ecg/format-unknown', '', () => utf8('<html><body/></html>')],
  ['ecg/too-large', '', () => new Uint8Array(LIMITS.ecgBytesMax + 1)],
  ['xml/too-large', '', () => concat([0x3c], new Uint8Array(LIMITS.xmlBytesMax))],
  [
    'ecg/more-problems',
    '60 more',
    () => dicom({}, { measurements: Array.from({ length: LIMITS.problemsMax + 60 }, () => UNREADABLE) }),
  ],
  [
    'ecg/too-many-groups',
    'AnnotatedECG/component/series/component[65]/sequenceSet',
    () => aecg({ series: manySets() }),
  ],
  ['ecg/too-many-annotations', '', () => aecg({ annotations: many(LIMITS.ecgAnnotationsMax + 1) })],
  [
    'ecg/offset-unreadable',
    `${SEQUENCE}/value/origin`,
    () => aecg({}, (xml) => xml.replace(/<origin[^>]*>/, '<origin value="3"/>')),
  ],
  [
    'ecg/scale-missing',
    `${SEQUENCE}/value/scale`,
    () => aecg({}, (xml) => xml.replace(/<scale[^>]*>/, '<scale value="0" unit="uV"/>')),
  ],
  ['ecg/lead-empty', `${SEQUENCE}/value/digits`, () => aecg({}, (xml) => xml.replace(/<digits>[^<]*/, '<digits> '))],
  ['ecg/lead-unknown', `${SEQUENCE}/code`, () => aecg({}, (xml) => xml.replace('MDC_ECG_LEAD_I"', 'MDC_ECG_LEAD_9Z"'))],
  ['ecg/measurement-unreadable', '(0040,B020)[1]', () => dicom({}, { measurements: [UNREADABLE] })],
  ['ecg/bits-stored-wrong', `${CHANNEL}(003A,021A)`, () => dicom({ bitsStored: 6 })],
  ['ecg/channel-skew', `${CHANNEL}(003A,0214)`, () => dicom({ timeSkewSeconds: 0.001 })],
  ['ecg/class-unknown', '(0008,0016)', () => dicom({}, { sopClass: '1.2.840.10008.5.1.4.1.1.9.4.1' })],
  ['ecg/class-unknown', '(0008,0016)', () => dicom({}, { sopClass: 'constructor' })],
  ['dicom/headerless', '(0002,0010)', () => dicom({}, { headerless: true })],
  ['dicom/text-guessed', '(0010,0010)', () => dicom({}, { patientName: gbk('测试甲') })],
  ['ecg/time-impossible', 'byte 65', () => encodeMfer(mferOptions([mferFrame()], { time: [2026, 2, 30, 9, 10, 11] }))],
  [
    'ecg/text-guessed',
    'section 1, tag 0',
    () => scp({ patient: { id: 'TEST-0001', lastName: gbk('测试甲'), sex: 1 } }),
  ],
  ['ecg/tag-cut', 'section 1, tag 2', () => longTag()],
  ['ecg/section-outside', 'section 6', () => pointer(6, 6, 0xff, 0xff, 0xff, 0x7f)],
  ['ecg/length-differs', 'record', () => concat(scp({}), [0, 0])],
  ['ecg/lead-unknown', 'section 3, lead 1', () => foreignLead()],
  ['ecg/compression-unreadable', 'section 6', () => bimodalWithoutBeats()],
  ['ecg/compression-unreadable', PARSED, () => inUtf8(encodePhilips(philipsOptions()), 'XLI', 'ZIP')],
  ['ecg/reference-beat-from-zero', 'section 4', () => beatsCountedFromZero()],
  ['ecg/calibration-tail', PARSED, () => encodePhilips(philipsOptions({ leads: withTail(), compressed: false }))],
  ['ecg/lead-off', 'RestingECG/Waveform[1]/LeadData[1]', () => muse((xml) => xml.replace('<LeadData>', LEAD_OFF))],
  ['ecg/interrupted', 'records', () => interruptedEdf()],
  ['ecg/variant-unsupported', 'line 1', () => utf8('many/3 2 500 5000\none 2500\ntwo 2500\n')],
  ['ecg/header-unreadable', 'line 2', () => utf8('r 2 500 10\nr.dat 16 1000/mV 16 0 0 0 0 I\nnonsense\n')],
];

describe('a problem is told at its place', () => {
  it.each(CASES)('%s at %j', (code, at, bytes) => {
    expect(readEcg(bytes()).problems.map((one) => `${one.code} ${one.at}`)).toContain(`${code} ${at}`);
  });

  it('ecg/first-sample-differs, where header and signal file are of two recordings', () => {
    const { hea, dat, datName } = encodeWfdb(wfdbOptions({}));
    const other = patched(dat, 0, 0x7f, 0x7f);
    const { problems } = readEcg(hea, (name) => (name === datName ? other : undefined));
    expect(problems.map(({ code, at }) => `${code} ${at}`)).toEqual(
      expect.arrayContaining(['ecg/first-sample-differs line 2', 'ecg/crc-wrong line 2']),
    );
  });
});

describe('what is sound beside a problem is read', () => {
  it('a lead without a scale keeps its samples and claims nothing in µV', () => {
    const { value } = readEcg(aecg({}, (xml) => xml.replace(/<scale[^>]*>/, '<scale value="0" unit="uV"/>')));
    const [one, two] = (value as Ecg).groups[0]?.leads ?? [];
    expect(one).toMatchObject({ name: 'I', offset: '0' });
    expect(one).not.toHaveProperty('scale');
    expect(two?.scale).toBe('2.5');
  });

  it('a lead of another number than any that is known has no number', () => {
    const [first] = (readEcg(foreignLead()).value as Ecg).groups[0]?.leads ?? [];
    expect(first?.name).toBe('SCP 200');
    expect(first).not.toHaveProperty('number');
  });

  it('parts of an interrupted recording are groups that begin when they began', () => {
    const { groups } = readEcg(interruptedEdf()).value as Ecg;
    expect(groups.map(({ offsetMs, leads }) => [offsetMs, leads[0]?.samples.length])).toEqual([
      [undefined, 500],
      ['7000', 500],
    ]);
  });

  it('a WFDB signal whose gain is 0 or missing is not calibrated', () => {
    for (const gain of ['', ' 0/mV 16 0 0 0 0 I']) {
      const dat = new Uint8Array(20);
      const { value } = readEcg(utf8(`r 1 500 10\nr.dat 16${gain}\n`), () => dat);
      expect(value?.groups[0]?.leads[0]).not.toHaveProperty('scale');
    }
  });
});

function manySets() {
  const laterSets = Array.from({ length: LIMITS.ecgGroupsMax }, (_, k) => ({
    start: `202603080911${String(k % 60).padStart(2, '0')}`,
    leads: SHORT,
  }));
  return [{ ...SERIES, leads: SHORT, laterSets }];
}

function pointer(id: number, offset: number, ...values: readonly number[]): Uint8Array {
  return resealScp(patched(scp({}), 22 + id * 10 + offset, ...values));
}

/** Tag 2 of section 1 claims more bytes than the section has. */
function longTag(): Uint8Array {
  const bytes = scp({});
  const from = scpSectionAt(bytes, 1) + 16;
  const at = bytes.findIndex((byte, k) => k >= from && byte === 2 && bytes[k + 2] === 0 && bytes[k + 3] === 0x54);
  return resealScp(patched(bytes, at + 1, 0xff, 0xff));
}

function foreignLead(): Uint8Array {
  const bytes = scp({});
  return resealScp(patched(bytes, scpSectionAt(bytes, 3) + 16 + 2 + 8, 200));
}

function bimodalWithoutBeats(): Uint8Array {
  const bytes = scp({});
  return resealScp(patched(bytes, scpSectionAt(bytes, 6) + 16 + 5, 1));
}

/** A writer that counts samples of the reference beat from 0 states a fiducial that is one less; its zones end on slopes. */
function beatsCountedFromZero(): Uint8Array {
  const beat = referenceBeat(EIGHT);
  const qrs = beat.qrs.map((one) => ({ ...one, start: one.fiducial - 5, end: one.fiducial + 5 }));
  const bytes = encodeScp(scpOptions({ leads: EIGHT.leads, referenceBeat: { ...beat, qrs } }));
  return resealScp(patched(bytes, scpSectionAt(bytes, 4) + 16 + 2, beat.fiducial - 1));
}

/** Philips' own encoding is UTF-16: as text, changed, and as bytes again. */
function inUtf8(bytes: Uint8Array, from: string, to: string): Uint8Array {
  return utf8(new TextDecoder('utf-16le').decode(bytes).replaceAll(from, to).replace('utf-16', 'utf-8'));
}

function withTail() {
  return philipsOptions().leads.map(({ name, samples }) => {
    const whole = new Int32Array(samples.length + 200);
    whole.set(samples);
    whole.fill(200, samples.length + 50, samples.length + 150);
    return { name, samples: whole };
  });
}

/** EDF+D: two records of a second, the second six seconds late. */
function interruptedEdf(): Uint8Array {
  const lead = {
    label: 'ECG II',
    unit: 'uV',
    rateHz: 500,
    samples: EIGHT.leads[1]?.samples.slice(0, 1000) ?? new Int32Array(),
    physicalMin: -5000,
    physicalMax: 5000,
    digitalMin: -32768,
    digitalMax: 32767,
  };
  const text = latin1('EDF+D');
  const bytes = patched(encodeEdf(edfOptions([lead], { kind: 'EDF+C', annotations: [] })), 192, ...text);
  const late = bytes.lastIndexOf(0x2b);
  return patched(bytes, late, 0x2b, 0x37);
}
