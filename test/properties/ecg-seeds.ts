/** Small well-formed ECG files of every format: two seconds of the synthetic heart, with all that a format can say. */
import { aecgOptions } from '../../fixtures/ecg/cases/aecg-cases.ts';
import { dicomGroup, dicomMeasurements, dicomOptions } from '../../fixtures/ecg/cases/dicom-cases.ts';
import { edfOptions, ishneOptions, wfdbOptions } from '../../fixtures/ecg/cases/holter-cases.ts';
import { mferFrame, mferOptions } from '../../fixtures/ecg/cases/mfer-cases.ts';
import { museOptions, philipsOptions } from '../../fixtures/ecg/cases/muse-philips-cases.ts';
import { referenceBeat, SCP_MEASUREMENTS, scpOptions } from '../../fixtures/ecg/cases/scp-cases.ts';
import { type EcgFormat, medians, recording } from '../../fixtures/ecg/cases/truth.ts';
import { cardioSoftOptions, mortaraOptions, zoncareOptions } from '../../fixtures/ecg/cases/vendor-cases.ts';
import { encodeAecg } from '../../fixtures/ecg/encoders/aecg.ts';
import { latin1, utf8 } from '../../fixtures/ecg/encoders/bytes.ts';
import { encodeCardioSoft } from '../../fixtures/ecg/encoders/cardiosoft.ts';
import { encodeDicom } from '../../fixtures/ecg/encoders/dicom.ts';
import { encodeEdf } from '../../fixtures/ecg/encoders/edf.ts';
import { encodeIshne } from '../../fixtures/ecg/encoders/ishne.ts';
import { encodeMfer } from '../../fixtures/ecg/encoders/mfer.ts';
import { encodeMortara } from '../../fixtures/ecg/encoders/mortara.ts';
import { encodeMuse } from '../../fixtures/ecg/encoders/muse.ts';
import { encodePdf } from '../../fixtures/ecg/encoders/pdf.ts';
import { encodePhilips } from '../../fixtures/ecg/encoders/philips.ts';
import { encodeScp } from '../../fixtures/ecg/encoders/scp.ts';
import { OWN_TABLES } from '../../fixtures/ecg/encoders/scp-huffman.ts';
import { encodeWfdb } from '../../fixtures/ecg/encoders/wfdb.ts';
import { encodeZoncare } from '../../fixtures/ecg/encoders/zoncare.ts';

export interface EcgSeed {
  readonly bytes: Uint8Array;
  readonly companions?: Readonly<Record<string, Uint8Array>>;
}

const SECONDS = { rateHz: 500, seconds: 2 } as const;
const TWELVE = recording({ ...SECONDS, unitUv: 5 });
const THREE = recording({ ...SECONDS, unitUv: 2.5, leads: ['I', 'II', 'V1'] });
const STATEMENTS = {
  confirmed: 1,
  date: [2026, 3, 8],
  time: [9, 10, 11],
  texts: ['Sinus rhythm', 'Normal ECG'],
} as const;
const VALUES = { VentricularRate: 75, PRInterval: 160, QRSDuration: 96, QTInterval: 380, RAxis: 51 } as const;

function scpSeeds(): readonly EcgSeed[] {
  const make = (changes: Partial<Parameters<typeof scpOptions>[0]>): EcgSeed => ({
    bytes: encodeScp(
      scpOptions({ leads: THREE.leads, statements: STATEMENTS, measurements: SCP_MEASUREMENTS, ...changes }),
    ),
  });
  const beat = referenceBeat(THREE);
  return [
    make({}),
    make({ coding: { kind: 'plain' }, difference: 0 }),
    make({ coding: { kind: 'own', tables: OWN_TABLES }, difference: 1 }),
    make({ referenceBeat: beat }),
    make({ referenceBeat: { ...beat, subtract: false }, bimodal: 4 }),
  ];
}

function xmlSeeds(): Partial<Record<EcgFormat, readonly EcgSeed[]>> {
  const series = { code: 'RHYTHM', rateHz: 500, unitUv: 2.5, start: '20260308091011', end: '20260308091013' } as const;
  const annotations = [
    { code: 'MDC_ECG_TIME_PD_PR', kind: 'PQ', value: '160', unit: 'ms' },
    { code: 'MDC_ECG_TIME_PD_QRS', kind: 'PQ', value: '0.096', unit: 's', lead: 'I' },
    { code: 'MDC_ECG_INTERPRETATION_STATEMENT', kind: 'ST', value: 'Sinus rhythm' },
  ] as const;
  const filters = { lowPass: 150, highPass: 0.05, notch: 50 };
  const beat = {
    type: 'Median',
    sampleBase: 500,
    sampleExponent: 0,
    leads: medians(THREE),
    unitsPerBit: 4.88,
  } as const;
  const waveforms = [beat, { ...beat, type: 'Rhythm', leads: THREE.leads }] as const;
  const repeats = { rateHz: 1000, resolutionUv: 2.5, leads: THREE.leads };
  const philips = { leads: TWELVE.leads, statements: [{ left: 'SINUS RHYTHM', right: 'normal' }], repeats };
  const values = { rate: 75, pr: 160, qrs: 96, qt: 380, qtc: 425, rr: 800 };
  const measured = { measurements: values, axes: { p: 49, qrs: 51, t: 42 }, statements: ['Normal ECG'] };
  return {
    aecg: [
      { bytes: utf8(encodeAecg(aecgOptions({ series: [{ ...series, leads: THREE.leads }], annotations, filters }))) },
      {
        bytes: utf8(
          encodeAecg(aecgOptions({ prefix: 'h', time: 'GLIST_PQ', series: [{ ...series, leads: THREE.leads }] })),
        ),
      },
    ],
    muse: [{ bytes: latin1(encodeMuse(museOptions({ waveforms, confirmed: VALUES, diagnosis: ['Normal ECG'] }))) }],
    philips: [
      { bytes: encodePhilips(philipsOptions(philips)) },
      { bytes: encodePhilips(philipsOptions({ ...philips, version: '1.03' })) },
      { bytes: encodePhilips(philipsOptions({ leads: TWELVE.leads, compressed: false })) },
    ],
    mortara: [{ bytes: utf8(encodeMortara(mortaraOptions({ leads: THREE.leads, rateHz: 500 }))) }],
    cardiosoft: [
      { bytes: latin1(encodeCardioSoft(cardioSoftOptions({ leads: TWELVE.leads, ...measured }))) },
      { bytes: latin1(encodeCardioSoft(cardioSoftOptions({ leads: TWELVE.leads, kind: 'FullDisclosure' }))) },
    ],
    zoncare: [{ bytes: utf8(encodeZoncare(zoncareOptions({ leads: TWELVE.leads, seconds: 2 }))) }],
  };
}

function binarySeeds(): Partial<Record<EcgFormat, readonly EcgSeed[]>> {
  const dicom = (group: Parameters<typeof dicomGroup>[0], more: Parameters<typeof dicomOptions>[1] = {}): EcgSeed => ({
    bytes: encodeDicom(dicomOptions([dicomGroup({ leads: THREE.leads, ...group })], more)),
  });
  const said = { measurements: dicomMeasurements('SCPECG'), statements: ['SINUS RHYTHM'] };
  const range = { physicalMin: -5000, physicalMax: 5000, digitalMin: -32768, digitalMax: 32767 };
  const signals = THREE.leads.map((lead) => ({
    ...range,
    label: `ECG ${lead.name}`,
    unit: 'uV',
    rateHz: 500,
    ...lead,
  }));
  const frame = mferFrame({ channels: THREE.leads, blockLength: 1000 });
  const wfdb = [16, 212].map((format): EcgSeed => {
    const files = encodeWfdb(
      wfdbOptions({ leads: THREE.leads, format: format as 16 | 212, comments: ['Age: 46', 'Sex: M'] }),
    );
    return { bytes: files.hea, companions: { [files.datName]: files.dat } };
  });
  return {
    scp: scpSeeds(),
    dicom: [
      dicom({}, said),
      dicom({ bitsStored: 12, baseline: 10, correction: 1.02 }, { transfer: 'implicit', undefinedLengths: true }),
      dicom({ paddingValue: -32768 }, { headerless: true, charset: 'GB18030' }),
    ],
    mfer: [
      { bytes: encodeMfer(mferOptions([frame, mferFrame({ channels: medians(THREE), blockLength: 300 })])) },
      { bytes: encodeMfer(mferOptions([frame], { littleEndian: true, filters: ['HPF=0.05'], longLengths: true })) },
    ],
    edf: [
      { bytes: encodeEdf(edfOptions(signals)) },
      { bytes: encodeEdf(edfOptions(signals, { kind: 'EDF+C', annotations: [{ at: 0.5, text: '心悸' }] })) },
    ],
    wfdb,
    ishne: [{ bytes: encodeIshne(ishneOptions({ leads: THREE.leads })) }],
    pdf: [{ bytes: encodePdf({ lines: ['ECG report (synthetic)'] }) }],
  };
}

export const ECG_SEEDS: Readonly<Partial<Record<EcgFormat, readonly EcgSeed[]>>> = { ...binarySeeds(), ...xmlSeeds() };
