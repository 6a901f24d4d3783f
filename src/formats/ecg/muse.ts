/**
 * GE MUSE XML (root `RestingECG`): base64 of 16-bit samples with a CRC-32 over each lead, measurements and statements as
 * confirmed beside those of the machine. Its DOCTYPE names an external DTD, which is never fetched.
 */
import { LIMITS } from '../../base/limits.ts';
import type { Parsed } from '../../base/problem.ts';
import { leadName, leadNumber } from '../../signals/leads.ts';
import type {
  Ecg,
  EcgAcquisition,
  EcgDevice,
  EcgFilters,
  EcgGroup,
  EcgLead,
  EcgMeasurementKind,
  EcgPatient,
  EcgStatement,
} from '../../terms/parsed/ecg.ts';
import { childOf, childrenOf, pathOf, textOf, type XmlElement } from '../xml/element.ts';
import { crc32 } from './crc.ts';
import { draftOf, type EcgDraft, finish } from './draft.ts';
import { readBase64, readInt16 } from './integers.ts';
import {
  decimalOf,
  measured,
  numberOf,
  powerOfTen,
  present,
  rateOfHz,
  scaleOf,
  sexOf,
  timeOf,
  ZERO,
} from './values.ts';

export function readMuse(root: XmlElement): Parsed<Ecg> {
  const draft = draftOf('muse');
  const version = textOf(root, 'MuseInfo/MuseVersion');
  if (version !== undefined) draft.version = version;
  const demographics = childOf(root, 'PatientDemographics');
  const test = childOf(root, 'TestDemographics');
  draft.patient = patientOf(demographics);
  draft.acquisition = acquisitionOf(test, childOf(root, 'Order'));
  draft.device = present<EcgDevice>({
    maker: 'GE',
    model: textOf(test, 'AcquisitionDevice'),
    software: textOf(test, 'AcquisitionSoftwareVersion'),
    analysis: textOf(test, 'AnalysisSoftwareVersion'),
  });
  const status = textOf(test, 'Status')?.toUpperCase();
  if (status === 'CONFIRMED') draft.confirmed = 'confirmed';
  else if (status !== undefined) draft.confirmed = 'unconfirmed';
  for (const waveform of childrenOf(root, 'Waveform').slice(0, LIMITS.ecgGroupsMax)) readWaveform(waveform, draft);
  readMeasurements(root, draft);
  readStatements(root, draft);
  return finish(draft);
}

function readWaveform(waveform: XmlElement, draft: EcgDraft): void {
  const at = pathOf(waveform);
  const base = numberOf(textOf(waveform, 'SampleBase'));
  const exponent = Number(textOf(waveform, 'SampleExponent') ?? '0');
  const rate = rateOfHz(base === undefined ? undefined : powerOfTen(base, exponent));
  if (rate === undefined) {
    draft.problems.add('ecg/rate-missing', 'error', at);
    return;
  }
  const label = textOf(waveform, 'WaveformType');
  const kind: EcgGroup['kind'] = label?.toLowerCase() === 'median' ? 'median' : 'rhythm';
  const leads = childrenOf(waveform, 'LeadData')
    .slice(0, LIMITS.ecgLeadsMax)
    .flatMap((data) => leadOf(data, draft));
  if (leads.length === 0) {
    draft.problems.add('ecg/group-without-leads', 'error', at);
    return;
  }
  const group = { kind, ...(label === undefined ? {} : { label }), rate, leads, at };
  (kind === 'median' ? draft.medians : draft.groups).push(group);
  if (kind === 'rhythm') draft.filters = filtersOf(waveform);
}

function leadOf(data: XmlElement, draft: EcgDraft): readonly EcgLead[] {
  const { problems } = draft;
  const at = pathOf(data);
  const bytes = readBase64(textOf(data, 'WaveFormData') ?? '');
  if (bytes === undefined || bytes.length < 2) {
    problems.add(bytes === undefined ? 'ecg/samples-unreadable' : 'ecg/lead-empty', 'error', `${at}/WaveFormData`);
    return [];
  }
  const size = Number(textOf(data, 'LeadSampleSize') ?? '2');
  if (size !== 2) {
    problems.add('ecg/samples-unsupported', 'error', `${at}/LeadSampleSize`);
    return [];
  }
  const stated = numberOf(textOf(data, 'LeadDataCRC32'));
  if (stated !== undefined && Number(stated) !== crc32(bytes))
    problems.add('ecg/crc-wrong', 'error', `${at}/LeadDataCRC32`);
  const held = readInt16(bytes);
  const count = Number(numberOf(textOf(data, 'LeadSampleCountTotal')) ?? held.length);
  if (count > held.length) problems.add('ecg/fewer-samples', 'warning', `${at}/LeadSampleCountTotal`);
  const id = textOf(data, 'LeadID') ?? '';
  const number = leadNumber(id);
  if (number === undefined) problems.add('ecg/lead-unknown', 'warning', `${at}/LeadID`);
  if (textOf(data, 'LeadOff')?.toUpperCase() === 'TRUE') problems.add('ecg/lead-off', 'warning', at);
  const scale = scaleOf(
    numberOf(textOf(data, 'LeadAmplitudeUnitsPerBit')),
    textOf(data, 'LeadAmplitudeUnits') ?? 'MICROVOLTS',
  );
  if (scale === undefined) problems.add('ecg/scale-missing', 'error', `${at}/LeadAmplitudeUnitsPerBit`);
  return [
    {
      name: (number === undefined ? undefined : leadName(number)) ?? id,
      ...(number === undefined ? {} : { number }),
      samples: count < held.length ? held.slice(0, Math.max(count, 0)) : held,
      ...(scale === undefined ? {} : { scale }),
      offset: ZERO,
      at,
    },
  ];
}

/** The high pass is written in hundredths of a hertz (16 is 0.16 Hz). */
function filtersOf(waveform: XmlElement): EcgFilters {
  const hz = (name: string, exponent = 0) => {
    const value = numberOf(textOf(waveform, name));
    return value !== undefined && Number(value) > 0 ? powerOfTen(value, exponent) : undefined;
  };
  return present<EcgFilters>({
    highPassHz: hz('HighPassFilter', -2),
    lowPassHz: hz('LowPassFilter'),
    notchHz: hz('ACFilter'),
  });
}

const AGE_UNITS = { YEARS: 'a', MONTHS: 'mo', WEEKS: 'wk', DAYS: 'd', HOURS: 'h' } as const;

function patientOf(patient: XmlElement | undefined): EcgPatient {
  const id = childOf(patient, 'PatientID');
  const value = textOf(id);
  const age = numberOf(textOf(patient, 'PatientAge'));
  const unit = AGE_UNITS[(textOf(patient, 'AgeUnits') ?? 'YEARS').toUpperCase() as keyof typeof AGE_UNITS];
  const height = numberOf(textOf(patient, 'HeightCM'));
  const weight = numberOf(textOf(patient, 'WeightKG'));
  return present<EcgPatient>({
    identifiers: id === undefined || value === undefined ? [] : [{ value, at: pathOf(id) }],
    family: textOf(patient, 'PatientLastName'),
    given: textOf(patient, 'PatientFirstName'),
    birthDate: monthFirst(textOf(patient, 'DateofBirth')),
    sex: sexOf(textOf(patient, 'Gender')),
    age: age === undefined || unit === undefined ? undefined : { value: age, unit },
    heightCm: height,
    weightKg: weight,
    at: patient === undefined ? 'RestingECG' : pathOf(patient),
  });
}

/** `MM-DD-YYYY` and `MM/DD/YYYY`. */
function monthFirst(text: string | undefined, time = ''): string | undefined {
  const match = /^(\d{1,2})[-/](\d{1,2})[-/](\d{4})$/.exec(text ?? '');
  if (match === null) return undefined;
  const [, month = '', day = '', year = ''] = match;
  return timeOf(`${year}${month.padStart(2, '0')}${day.padStart(2, '0')}${time.replaceAll(':', '')}`);
}

function acquisitionOf(test: XmlElement | undefined, order: XmlElement | undefined): EcgAcquisition {
  const date = childOf(test, 'AcquisitionDate');
  const day = textOf(date);
  const time = textOf(test, 'AcquisitionTime') ?? '';
  const names = (prefix: string): string | undefined => {
    const parts = [textOf(test, `${prefix}LastName`), textOf(test, `${prefix}FirstName`)];
    return parts.some((part) => part !== undefined) ? parts.filter((part) => part !== undefined).join(' ') : undefined;
  };
  return present<EcgAcquisition>({
    // An impossible time leaves the day.
    start: monthFirst(day, time) ?? monthFirst(day),
    startAt: date === undefined ? undefined : pathOf(date),
    editedAt: monthFirst(textOf(test, 'EditDate'), textOf(test, 'EditTime') ?? ''),
    facility: textOf(test, 'SiteName'),
    department: textOf(test, 'LocationName') ?? textOf(test, 'Location'),
    room: textOf(test, 'RoomID'),
    order: textOf(order, 'HISOrderNumber') ?? textOf(order, 'RequisitionNumber'),
    visit: textOf(order, 'HISAccountNumber'),
    reason: textOf(order, 'ReasonForTest') ?? textOf(test, 'TestReason'),
    priority: textOf(test, 'Priority'),
    technician: names('AcquisitionTech'),
    referrer: names('ReferringMD'),
    confirmer: names('Overreader'),
  });
}

const MEASUREMENTS: readonly (readonly [string, EcgMeasurementKind])[] = [
  ['VentricularRate', 'ventricular-rate'],
  ['AtrialRate', 'atrial-rate'],
  ['PRInterval', 'pr'],
  ['QRSDuration', 'qrs'],
  ['QTInterval', 'qt'],
  ['QTCorrected', 'qtc'],
  // So spelt by GE; both spellings are read.
  ['QTcFrederica', 'qtc-fridericia'],
  ['QTcFridericia', 'qtc-fridericia'],
  ['PAxis', 'p-axis'],
  ['RAxis', 'qrs-axis'],
  ['TAxis', 't-axis'],
];

/** `RestingECGMeasurements` is what was confirmed, `OriginalRestingECGMeasurements` the machine's: the former where it is there. */
function readMeasurements(root: XmlElement, draft: EcgDraft): void {
  const own = childOf(root, 'RestingECGMeasurements');
  const original = childOf(root, 'OriginalRestingECGMeasurements');
  const block = own ?? original;
  if (block === undefined) return;
  for (const [name, kind] of MEASUREMENTS) {
    const element = childOf(block, name);
    if (element === undefined || textOf(element) === undefined) continue;
    const value = numberOf(textOf(element));
    if (value === undefined) draft.problems.add('ecg/measurement-unreadable', 'warning', pathOf(element));
    const changed = own !== undefined && original !== undefined && textOf(original, name) !== textOf(element);
    draft.measurements.push(...measured(kind, value, pathOf(element), changed ? { edited: true } : {}));
  }
  const rr = numberOf(textOf(root, 'QRSTimesTypes/GlobalRR'));
  draft.measurements.push(...measured('rr', rr ?? decimalOf(0), 'RestingECG/QRSTimesTypes/GlobalRR'));
}

/** Statements run over several elements until one is flagged ENDSLINE. */
function readStatements(root: XmlElement, draft: EcgDraft): void {
  const own = childOf(root, 'Diagnosis');
  const block = own ?? childOf(root, 'OriginalDiagnosis');
  const by: EcgStatement['by'] = own !== undefined && draft.confirmed === 'confirmed' ? 'person' : 'machine';
  let line = '';
  let at = '';
  const close = (): void => {
    if (line.trim() !== '') draft.statements.push({ text: line.trim(), kind: 'statement', by, at });
    line = '';
    at = '';
  };
  for (const statement of childrenOf(block, 'DiagnosisStatement')) {
    if (at === '') at = pathOf(statement);
    line += `${line === '' ? '' : ' '}${textOf(statement, 'StmtText') ?? ''}`;
    if (childrenOf(statement, 'StmtFlag').some((flag) => textOf(flag) === 'ENDSLINE')) close();
  }
  close();
}
