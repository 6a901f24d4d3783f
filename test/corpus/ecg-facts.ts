/** What a reference says of a recording beside its samples, in the words of `terms/parsed/ecg.ts`; each format's own keys. */
import type { Reference } from '../support/ecg-corpus.ts';

/** Only what the reference states. */
export interface EcgFacts {
  readonly id?: string;
  readonly name?: string;
  readonly sex?: string;
  readonly birthDate?: string;
  readonly start?: string;
  readonly maker?: string;
  readonly model?: string;
  readonly facility?: string;
  readonly confirmed?: string;
  readonly statements?: readonly string[];
  readonly measurements?: Readonly<Record<string, number>>;
}

type Json = Readonly<Record<string, unknown>>;

export function factsOf(reference: Reference): EcgFacts {
  const { format } = reference;
  if (format.startsWith('HL7 aECG')) return aecg(reference);
  if (format.startsWith('SCP-ECG default')) return scpSynthetic(reference);
  if (format.startsWith('SCP-ECG')) return scp(reference);
  if (format.startsWith('DICOM 12-lead')) return dicom(reference);
  if (format.startsWith('DICOM General')) return dicomSynthetic(reference);
  if (format.startsWith('Philips')) return philips(reference);
  if (format.startsWith('GE MUSE')) return { measurements: numbers(part(reference, 'measurements'), MUSE) };
  if (format.startsWith('MFER')) return mfer(reference);
  return {};
}

function part(json: Json, key: string): Json {
  return (json[key] ?? {}) as Json;
}

function present(facts: Readonly<Record<string, unknown>>): EcgFacts {
  return Object.fromEntries(Object.entries(facts).filter(([, value]) => value !== undefined && value !== null));
}

const SEXES: Readonly<Record<string, string>> = { M: 'male', F: 'female', Male: 'male', 1: 'male', 2: 'female' };
const sexOf = (value: unknown): string | undefined => SEXES[String(value)];

/** `19530508` and `1953-05-08`. */
const dayOf = (value: unknown): string | undefined =>
  typeof value === 'string' ? value.replace(/^(\d{4})(\d\d)(\d\d)$/, '$1-$2-$3') : undefined;

/** `20021122091000`. */
const timeOf = (value: unknown): string =>
  String(value).replace(/^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d).*$/, '$1-$2-$3T$4:$5:$6');

function numbers(from: Json, kinds: Readonly<Record<string, string>>): Record<string, number> {
  return Object.fromEntries(
    Object.entries(kinds).flatMap(([key, kind]) => {
      const value = Number(from[key] ?? Number.NaN);
      return Number.isNaN(value) || value === 29_999 || value === 0 ? [] : [[kind, value]];
    }),
  );
}

const AECG: Readonly<Record<string, string>> = {
  MDC_ECG_TIME_PD_P: 'p-duration',
  MDC_ECG_TIME_PD_PR: 'pr',
  MDC_ECG_TIME_PD_QRS: 'qrs',
  MDC_ECG_TIME_PD_QT: 'qt',
  MDC_ECG_TIME_PD_QTc: 'qtc',
  MDC_ECG_ANGLE_P_FRONT: 'p-axis',
  MDC_ECG_ANGLE_QRS_FRONT: 'qrs-axis',
  MDC_ECG_ANGLE_T_FRONT: 't-axis',
};

function aecg(reference: Reference): EcgFacts {
  const [patient, device] = [part(reference, 'patient'), part(reference, 'device')];
  const annotations = reference['annotations'] as readonly Json[];
  return present({
    id: patient['id'],
    name: patient['name'],
    sex: sexOf(patient['sex']),
    birthDate: dayOf(patient['birth']),
    start: timeOf(part(reference, 'effectiveTime')['center']),
    maker: device['manufacturer'],
    model: device['model'],
    statements: annotations.filter(({ displayName }) => displayName !== undefined).map((one) => one['displayName']),
    measurements: numbers(
      Object.fromEntries(annotations.toReversed().map((one) => [String(one['code']), one['value']])),
      AECG,
    ),
  });
}

function scp(reference: Reference): EcgFacts {
  const [patient, found] = [part(reference, 'patient'), part(reference, 'measurements')];
  const SCP = {
    derivedPR: 'pr',
    derivedQRS: 'qrs',
    derivedQT: 'qt',
    QTc: 'qtc',
    PAxis: 'p-axis',
    QRSAxis: 'qrs-axis',
    TAxis: 't-axis',
    avgRRms: 'rr',
    avgPPms: 'pp',
    ventRate: 'ventricular-rate',
    atrialRate: 'atrial-rate',
  };
  const [onset, offset] = [Number(found['POnset']), Number(found['POffset'])];
  return present({
    id: patient['id'],
    name: patient['lastName'],
    sex: sexOf(patient['sexCode']),
    birthDate: patient['birthDate'],
    start: `${String(reference['acquisitionDate'])}T${String(reference['acquisitionTime'])}`,
    measurements: { ...numbers(found, SCP), 'p-duration': offset - onset },
  });
}

function scpSynthetic(reference: Reference): EcgFacts {
  const [patient, found] = [part(reference, 'patient'), part(reference, 'measurements')];
  const SCP = { PR: 'pr', QRS: 'qrs', QT: 'qt', QTc: 'qtc', HR: 'ventricular-rate', RR: 'rr', PP: 'pp' };
  const [p, qrs, t] = found['axes'] as readonly number[];
  return present({
    id: patient['id'],
    name: `${String(patient['lastName'])} ${String(patient['firstName'])}`,
    sex: sexOf(patient['sex']),
    birthDate: patient['birthDate'],
    start: reference['acquisition'],
    facility: reference['institution'],
    confirmed: reference['confirmed'] === true ? 'confirmed' : undefined,
    statements: reference['statements'],
    measurements: { ...numbers(found, SCP), 'p-axis': p, 'qrs-axis': qrs, 't-axis': t },
  });
}

const DICOM: Readonly<Record<string, string>> = {
  'RR Interval': 'rr',
  'PP Interval': 'pp',
  'PR Interval': 'pr',
  'QRS Duration': 'qrs',
  'QT Interval': 'qt',
  'QTc Interval': 'qtc',
  'P Axis': 'p-axis',
  'QRS Axis': 'qrs-axis',
  'T Axis': 't-axis',
};

function dicom(reference: Reference): EcgFacts {
  const [patient, device] = [part(reference, 'patient'), part(reference, 'device')];
  const annotations = reference['annotations'] as readonly Json[];
  const stated = annotations.filter(({ value }) => value !== undefined);
  return present({
    id: patient['id'],
    name: patient['name'],
    sex: sexOf(patient['sex']),
    birthDate: dayOf(patient['birthDate']),
    start: timeOf(reference['acquisitionTime']),
    maker: device['manufacturer'],
    model: device['model'],
    facility: reference['institution'],
    statements: annotations.filter(({ text }) => text !== undefined).map(({ text }) => text),
    measurements: numbers(
      Object.fromEntries(stated.map((one) => [String(one['concept']).replace(/^\S+ /, ''), one['value']])),
      DICOM,
    ),
  });
}

/** Its reference has the annotations as a sentence. */
function dicomSynthetic(reference: Reference): EcgFacts {
  const patient = part(reference, 'patient');
  return present({
    id: patient['id'],
    name: String(patient['name']).replace('^', ' '),
    statements: ['窦性心律'],
    measurements: { pr: 160, qrs: 90, qt: 400, 'qrs-axis': -30 },
  });
}

const PHILIPS: Readonly<Record<string, string>> = {
  heartrate: 'ventricular-rate',
  atrialrate: 'atrial-rate',
  rrint: 'rr',
  pdur: 'p-duration',
  print: 'pr',
  qrsdur: 'qrs',
  qtint: 'qt',
  qtcb: 'qtc-bazett',
  qtcf: 'qtc-fridericia',
  pfrontaxis: 'p-axis',
  qrsfrontaxis: 'qrs-axis',
  tfrontaxis: 't-axis',
};
/** 1.03 has means only, in its one block. */
const PHILIPS_OLD: Readonly<Record<string, string>> = {
  meanventrate: 'ventricular-rate',
  meanprint: 'pr',
  meanqrsdur: 'qrs',
  meanqtint: 'qt',
  meanqtc: 'qtc',
  pfrontaxis: 'p-axis',
  qrsfrontaxis: 'qrs-axis',
  tfrontaxis: 't-axis',
};

function philips(reference: Reference): EcgFacts {
  const [patient, acquisition] = [part(reference, 'patient'), part(reference, 'acquisition')];
  const [interpretation] = reference['interpretations'] as readonly Json[];
  const statements = (interpretation?.['statements'] ?? []) as readonly Json[];
  const names = [patient['lastname'], patient['firstname']].filter((name) => name !== undefined);
  return present({
    id: patient['patientid'],
    name: names.length === 0 ? undefined : names.map(String).join(' '),
    sex: sexOf(patient['sex']),
    birthDate: patient['dateofbirth'],
    start: `${String(acquisition['date'])}T${String(acquisition['time'])}`,
    maker: 'Philips',
    confirmed: 'unconfirmed',
    statements: [
      interpretation?.['severity'],
      ...statements.map(({ leftstatement, rightstatement }) =>
        [leftstatement, rightstatement]
          .filter((text) => text !== null)
          .map(String)
          .join(' · '),
      ),
    ],
    measurements: numbers(part(reference, 'measurements'), reference.format.endsWith('1.03') ? PHILIPS_OLD : PHILIPS),
  });
}

const MUSE: Readonly<Record<string, string>> = {
  VentricularRate: 'ventricular-rate',
  AtrialRate: 'atrial-rate',
  PRInterval: 'pr',
  QRSDuration: 'qrs',
  QTInterval: 'qt',
  QTCorrected: 'qtc',
  QTcFrederica: 'qtc-fridericia',
  PAxis: 'p-axis',
  RAxis: 'qrs-axis',
  TAxis: 't-axis',
};

function mfer(reference: Reference): EcgFacts {
  const [patient, device] = [part(reference, 'patient'), part(reference, 'device')];
  return present({
    id: patient['id'],
    name: patient['name'],
    sex: sexOf(patient['sex']),
    start: reference['acquisition'],
    maker: device['manufacturer'],
    model: device['model'],
  });
}
