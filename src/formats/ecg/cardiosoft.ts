/** GE CardioSoft XML (root `CardiologyXML` or `sapphire`): integers as text, lead by lead; the strip of ten seconds, else the full disclosure. */
import { LIMITS } from '../../base/limits.ts';
import type { Parsed } from '../../base/problem.ts';
import { leadName, leadNumber } from '../../signals/leads.ts';
import type {
  Ecg,
  EcgAcquisition,
  EcgDevice,
  EcgLead,
  EcgMeasurementKind,
  EcgPatient,
} from '../../terms/parsed/ecg.ts';
import { attributeOf, childOf, childrenOf, descendantsOf, pathOf, textOf, type XmlElement } from '../xml/element.ts';
import { draftOf, type EcgDraft, finish } from './draft.ts';
import { readIntegers } from './integers.ts';
import { dateTimeOfParts, measured, numberOf, plain, present, rateOfHz, sexOf, ZERO } from './values.ts';

export function readCardiosoft(root: XmlElement): Parsed<Ecg> {
  const draft = draftOf('cardiosoft');
  // No real file was found: names outside of the strip are what other readers' sources show.
  draft.problems.add('ecg/variant-unproven', 'warning', root.name === 'sapphire' ? 'sapphire' : 'CardiologyXML');
  readCircumstances(root, draft);
  const strips = [...descendantsOf(root, 'StripData'), ...descendantsOf(root, 'FullDisclosure')];
  for (const strip of strips.slice(0, LIMITS.ecgGroupsMax)) addStrip(strip, draft);
  for (const medians of descendantsOf(root, 'MedianData')) addStrip(medians, draft, 'median');
  readMeasurements(root, draft);
  return finish(draft);
}

function addStrip(strip: XmlElement, draft: EcgDraft, kind: 'rhythm' | 'median' = 'rhythm'): void {
  const { problems } = draft;
  const at = pathOf(strip);
  const rate = rateOfHz(numberOf(textOf(strip, 'SampleRate')));
  const resolution = childOf(strip, 'Resolution');
  const scale = numberOf(textOf(resolution));
  if (rate === undefined) return problems.add('ecg/rate-missing', 'error', at);
  if (scale === undefined) problems.add('ecg/scale-missing', 'error', `${at}/Resolution`);
  const leads = childrenOf(strip, 'WaveformData')
    .slice(0, LIMITS.ecgLeadsMax)
    .flatMap((waveform): readonly EcgLead[] => {
      const where = pathOf(waveform);
      const samples = readIntegers(waveform.text);
      if (samples === undefined || samples.length === 0) {
        problems.add(samples === undefined ? 'ecg/samples-unreadable' : 'ecg/lead-empty', 'error', where);
        return [];
      }
      const label = attributeOf(waveform, 'lead') ?? '';
      const number = leadNumber(label);
      if (number === undefined) problems.add('ecg/lead-unknown', 'warning', where);
      return [
        {
          name: (number === undefined ? undefined : leadName(number)) ?? label,
          ...(number === undefined ? {} : { number }),
          samples,
          ...(scale === undefined || Number(scale) === 0 ? {} : { scale: plain(scale) }),
          offset: ZERO,
          at: where,
        },
      ];
    });
  if (leads.length > 0) (kind === 'median' ? draft.medians : draft.groups).push({ kind, rate, leads, at });
  return undefined;
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
  });
  for (const line of descendantsOf(root, 'Interpretation').flatMap((one) => descendantsOf(one, 'Statement'))) {
    const text = textOf(line);
    if (text !== undefined) draft.statements.push({ text, kind: 'statement', by: 'unknown', at: pathOf(line) });
  }
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
