/** GE CardioSoft XML (root `CardiologyXML` or `sapphire`): integers as text, lead by lead; the strip of ten seconds, else the full disclosure. */
import { LIMITS } from '../../base/limits.ts';
import type { Parsed } from '../../base/problem.ts';
import { leadName, leadNumber } from '../../signals/leads.ts';
import type {
  Ecg,
  EcgAcquisition,
  EcgDevice,
  EcgFilters,
  EcgLead,
  EcgMeasurementKind,
  EcgPatient,
} from '../../terms/parsed/ecg.ts';
import { attributeOf, childOf, childrenOf, descendantsOf, pathOf, textOf, type XmlElement } from '../xml/element.ts';
import { draftOf, type EcgDraft, finish } from './draft.ts';
import { readIntegers } from './integers.ts';
import { dateTimeOfParts, decimalOf, measured, numberOf, present, rateOfHz, scaleOf, sexOf, ZERO } from './values.ts';

export function readCardiosoft(root: XmlElement): Parsed<Ecg> {
  const draft = draftOf('cardiosoft');
  // No real file was found: names outside of the strip are what other readers' sources show.
  draft.problems.add('ecg/variant-unproven', 'warning', root.name === 'sapphire' ? 'sapphire' : 'CardiologyXML');
  readCircumstances(root, draft);
  for (const strip of descendantsOf(root, 'StripData').slice(0, LIMITS.ecgGroupsMax)) addStrip(strip, draft);
  // The full disclosure is the same recording again, at a lower rate.
  if (draft.groups.length === 0)
    for (const whole of descendantsOf(root, 'FullDisclosure').slice(0, LIMITS.ecgGroupsMax)) addStrip(whole, draft);
  for (const medians of descendantsOf(root, 'MedianSamples')) addStrip(medians, draft, 'median');
  readMeasurements(root, draft);
  return finish(draft);
}

function addStrip(strip: XmlElement, draft: EcgDraft, kind: 'rhythm' | 'median' = 'rhythm'): void {
  const { problems } = draft;
  const at = pathOf(strip);
  const rate = rateOfHz(numberOf(textOf(strip, 'SampleRate')));
  const resolution = childOf(strip, 'Resolution');
  // `uVperLsb`; without a word it is that too.
  const unit = /^(\w+?)per/i.exec(attributeOf(resolution, 'units') ?? 'uVperLsb')?.[1];
  const scale = scaleOf(numberOf(textOf(resolution)), unit);
  if (rate === undefined) return problems.add('ecg/rate-missing', 'error', at);
  if (scale === undefined) problems.add('ecg/scale-missing', 'error', `${at}/Resolution`);
  const known = scale === undefined ? {} : { scale };
  const leads = tracesOf(strip, draft)
    .slice(0, LIMITS.ecgLeadsMax)
    .map(({ label, samples, at: where }): EcgLead => {
      const number = leadNumber(label);
      if (number === undefined) problems.add('ecg/lead-unknown', 'warning', where);
      const name = (number === undefined ? undefined : leadName(number)) ?? label;
      return { name, ...(number === undefined ? {} : { number }), samples, ...known, offset: ZERO, at: where };
    });
  if (leads.length > 0) (kind === 'median' ? draft.medians : draft.groups).push({ kind, rate, leads, at });
  return undefined;
}

interface Trace {
  readonly label: string;
  readonly samples: Int32Array;
  readonly at: string;
}

/** An element a lead; or one list in which the leads of `LeadOrder` take turns (the full disclosure). */
function tracesOf(strip: XmlElement, draft: EcgDraft): readonly Trace[] {
  const read = (element: XmlElement): Int32Array => {
    const samples = readIntegers(element.text);
    const isEmpty = samples === undefined || samples.length === 0;
    if (isEmpty)
      draft.problems.add(samples === undefined ? 'ecg/samples-unreadable' : 'ecg/lead-empty', 'error', pathOf(element));
    return samples ?? new Int32Array();
  };
  const order = (textOf(strip, 'LeadOrder') ?? '').split(/[\s,]+/).filter((label) => label !== '');
  const whole = childOf(strip, 'FullDisclosureData');
  const single = childrenOf(strip, 'WaveformData').map((waveform) => ({
    label: attributeOf(waveform, 'lead') ?? '',
    samples: read(waveform),
    at: pathOf(waveform),
  }));
  const mixed = whole === undefined || order.length === 0 ? undefined : read(whole);
  const turns = order.map((label, k) => ({
    label,
    samples: (mixed ?? new Int32Array()).filter((_, index) => index % order.length === k),
    at: whole === undefined ? '' : pathOf(whole),
  }));
  return [...single, ...turns].filter(({ samples }) => samples.length > 0);
}

/** `<Date><Day/><Month/><Year/></Date><Time><Hour/>…`. */
function momentOf(element: XmlElement | undefined): string | undefined {
  const part = (path: string): number => Number(numberOf(textOf(element, path)) ?? Number.NaN);
  const date = [part('Date/Year'), part('Date/Month'), part('Date/Day')] as const;
  if (date.some(Number.isNaN)) return undefined;
  const time = [part('Time/Hour'), part('Time/Minute'), part('Time/Second')] as const;
  return dateTimeOfParts(date, time.some(Number.isNaN) ? undefined : time);
}

function readCircumstances(root: XmlElement, draft: EcgDraft): void {
  const patient = descendantsOf(root, 'PatientInfo')[0];
  const id = childOf(patient, 'PID');
  const value = textOf(id);
  const birth = childOf(patient, 'BirthDateTime');
  const moment = descendantsOf(root, 'ObservationDateTime')[0];
  const day = (['Year', 'Month', 'Day'] as const).map((name) => Number(numberOf(textOf(birth, name)) ?? Number.NaN));
  const [year = Number.NaN, month = Number.NaN, date = Number.NaN] = day;
  draft.patient = present<EcgPatient>({
    identifiers: id === undefined || value === undefined ? [] : [{ value, at: pathOf(id) }],
    family: textOf(patient, 'Name/FamilyName'),
    given: textOf(patient, 'Name/GivenName'),
    birthDate: day.some(Number.isNaN) ? momentOf(birth)?.slice(0, 10) : dateTimeOfParts([year, month, date]),
    sex: sexOf(textOf(patient, 'Gender')),
    at: patient === undefined ? 'CardiologyXML' : pathOf(patient),
  });
  const parts = (['Year', 'Month', 'Day', 'Hour', 'Minute', 'Second'] as const).map((name) =>
    Number(numberOf(textOf(moment, name)) ?? Number.NaN),
  );
  const [y = 0, mo = 0, d = 0, h = 0, mi = 0, s = 0] = parts;
  draft.acquisition = present<EcgAcquisition>({
    start: parts.some(Number.isNaN) ? momentOf(moment) : dateTimeOfParts([y, mo, d], [h, mi, s]),
    startAt: moment === undefined ? undefined : pathOf(moment),
    visit: textOf(patient, 'VisitID'),
  });
  const device = descendantsOf(root, 'DeviceInfo')[0] ?? descendantsOf(root, 'ClinicalInfo')[0];
  draft.device = present<EcgDevice>({
    maker: 'GE',
    model: textOf(device, 'Desc') ?? textOf(device, 'DeviceInfo/Desc'),
    software: textOf(device, 'SoftwareVer'),
  });
  draft.filters = filtersOf(descendantsOf(root, 'FilterSetting')[0]);
  for (const line of descendantsOf(root, 'Interpretation').flatMap((one) => descendantsOf(one, 'Statement'))) {
    const text = textOf(line);
    if (text !== undefined) draft.statements.push({ text, kind: 'statement', by: 'unknown', at: pathOf(line) });
  }
}

function filtersOf(setting: XmlElement | undefined): EcgFilters {
  const positive = (name: string) => {
    const hz = numberOf(textOf(setting, name));
    return hz !== undefined && Number(hz) > 0 ? hz : undefined;
  };
  const isOn = (name: string): boolean => /^(yes|true|1)$/i.test(textOf(setting, name) ?? '');
  return present<EcgFilters>({
    highPassHz: positive('HighPass'),
    lowPassHz: positive('LowPass'),
    notchHz: isOn('Filter50Hz') ? decimalOf(50) : isOn('Filter60Hz') ? decimalOf(60) : undefined,
  });
}

const NAMES: readonly (readonly [string, EcgMeasurementKind])[] = [
  ['VentricularRate', 'ventricular-rate'],
  ['PQInterval', 'pr'],
  ['PRInterval', 'pr'],
  ['PDuration', 'p-duration'],
  ['QRSDuration', 'qrs'],
  ['QTInterval', 'qt'],
  ['QTCInterval', 'qtc'],
  ['RRInterval', 'rr'],
  ['PPInterval', 'pp'],
  ['PAxis', 'p-axis'],
  ['RAxis', 'qrs-axis'],
  ['QRSAxis', 'qrs-axis'],
  ['TAxis', 't-axis'],
];

function readMeasurements(root: XmlElement, draft: EcgDraft): void {
  const block = descendantsOf(root, 'RestingECGMeasurements')[0];
  for (const [name, kind] of NAMES) {
    const element = childOf(block, name);
    if (element !== undefined) draft.measurements.push(...measured(kind, numberOf(textOf(element)), pathOf(element)));
  }
}
