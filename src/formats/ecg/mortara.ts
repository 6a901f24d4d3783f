/** Mortara, Welch Allyn and Hill-Rom ELI XML (root `ECG` with `CHANNEL` elements): mV = (sample + OFFSET) / UNITS_PER_MV. */
import { type Decimal, scaleDecimal } from '../../base/decimal.ts';
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
} from '../../terms/parsed/ecg.ts';
import { attributeOf, childOf, descendantsOf, pathOf, textOf, type XmlElement } from '../xml/element.ts';
import { draftOf, type EcgDraft, finish } from './draft.ts';
import { readBase64, readInt16 } from './integers.ts';
import { measured, numberOf, ONE, present, rateOfHz, sexOf, timeOf, ZERO } from './values.ts';

const THOUSAND = '1000' as Decimal;

export function readMortara(root: XmlElement): Parsed<Ecg> {
  const draft = draftOf('mortara');
  // No real file was found: element names outside of CHANNEL are what other readers' sources show.
  draft.problems.add('ecg/variant-unproven', 'warning', 'ECG');
  readCircumstances(root, draft);
  const groups = new Map<string, { readonly median: boolean; readonly leads: EcgLead[] }>();
  const channels = [...descendantsOf(root, 'CHANNEL'), ...descendantsOf(root, 'TYPICAL_CYCLE_CHANNEL')];
  for (const channel of channels.slice(0, LIMITS.ecgLeadsMax)) {
    const lead = leadOf(channel, draft);
    if (lead === undefined) continue;
    const median = /TYPICAL|MEDIAN/i.test(`${channel.name} ${channel.parent?.name ?? ''}`);
    const key = `${median} ${statedOf(channel, 'SAMPLE_FREQ') ?? ''}`;
    const group = groups.get(key) ?? { median, leads: [] };
    group.leads.push(lead);
    groups.set(key, group);
  }
  for (const [key, { median, leads }] of groups) {
    const rate = rateOfHz(numberOf(key.split(' ')[1]));
    const at = leads[0]?.at ?? 'ECG';
    if (rate === undefined) draft.problems.add('ecg/rate-missing', 'error', at);
    else {
      const group: EcgGroup = { kind: median ? 'median' : 'rhythm', rate, leads, at };
      (median ? draft.medians : draft.groups).push(group);
    }
  }
  return finish(draft);
}

/** A channel's own attribute, else that of the element around it. */
function statedOf(channel: XmlElement, name: string): string | undefined {
  return attributeOf(channel, name) ?? attributeOf(channel.parent, name);
}

function leadOf(channel: XmlElement, draft: EcgDraft): EcgLead | undefined {
  const { problems } = draft;
  const at = pathOf(channel);
  const bits = statedOf(channel, 'BITS') ?? '16';
  const encoding = statedOf(channel, 'ENCODING') ?? 'BASE64';
  if (bits !== '16' || encoding.toUpperCase() !== 'BASE64' || /UNSIGNED/i.test(statedOf(channel, 'FORMAT') ?? '')) {
    problems.add('ecg/samples-unsupported', 'error', at);
    return undefined;
  }
  const bytes = readBase64(attributeOf(channel, 'DATA') ?? textOf(channel) ?? '');
  if (bytes === undefined || bytes.length < 2) {
    problems.add(bytes === undefined ? 'ecg/samples-unreadable' : 'ecg/lead-empty', 'error', at);
    return undefined;
  }
  const held = readInt16(bytes);
  const count = Number(numberOf(statedOf(channel, 'DURATION')) ?? held.length);
  if (count > held.length) problems.add('ecg/fewer-samples', 'warning', at);
  const perMillivolt = numberOf(statedOf(channel, 'UNITS_PER_MV'));
  const scale = perMillivolt === undefined ? undefined : scaleDecimal(ONE, THOUSAND, perMillivolt);
  if (scale === undefined) problems.add('ecg/scale-missing', 'error', `${at}/@UNITS_PER_MV`);
  const shift = numberOf(statedOf(channel, 'OFFSET')) ?? ZERO;
  const name = attributeOf(channel, 'NAME') ?? '';
  const number = leadNumber(name);
  if (number === undefined) problems.add('ecg/lead-unknown', 'warning', at);
  return {
    name: (number === undefined ? undefined : leadName(number)) ?? name,
    ...(number === undefined ? {} : { number }),
    samples: count < held.length ? held.slice(0, Math.max(count, 0)) : held,
    ...(scale === undefined ? {} : { scale }),
    // (x + OFFSET) × scale = x × scale + OFFSET × scale.
    offset: (perMillivolt === undefined ? undefined : offsetOf(shift, perMillivolt)) ?? ZERO,
    at,
  };
}

function offsetOf(shift: Decimal, perMillivolt: Decimal): Decimal | undefined {
  const thousandfold = scaleDecimal(shift, THOUSAND, ONE);
  return thousandfold === undefined ? undefined : scaleDecimal(thousandfold, ONE, perMillivolt);
}

const MEASUREMENTS: readonly (readonly [string, EcgMeasurementKind])[] = [
  ['VENT_RATE', 'ventricular-rate'],
  ['RR_INT', 'rr'],
  ['PR_INT', 'pr'],
  ['QRS_DURATION', 'qrs'],
  ['QT_INT', 'qt'],
  ['QTC_INT', 'qtc'],
  ['P_AXIS', 'p-axis'],
  ['QRS_AXIS', 'qrs-axis'],
  ['T_AXIS', 't-axis'],
];

function positive(text: string | undefined): Decimal | undefined {
  const hz = numberOf(text);
  return hz !== undefined && Number(hz) > 0 ? hz : undefined;
}

function readCircumstances(root: XmlElement, draft: EcgDraft): void {
  const subject = childOf(root, 'SUBJECT') ?? childOf(root, 'PATIENT');
  const id = attributeOf(subject, 'ID');
  draft.patient = present<EcgPatient>({
    identifiers: id === undefined ? [] : [{ value: id, at: 'ECG/SUBJECT/@ID' }],
    family: attributeOf(subject, 'LAST_NAME'),
    given: attributeOf(subject, 'FIRST_NAME'),
    name: attributeOf(subject, 'NAME'),
    birthDate: timeOf(attributeOf(subject, 'DOB'))?.slice(0, 10),
    sex: sexOf(attributeOf(subject, 'GENDER') ?? attributeOf(subject, 'SEX')),
    at: 'ECG/SUBJECT',
  });
  draft.acquisition = present<EcgAcquisition>({
    start: timeOf(attributeOf(root, 'ACQUISITION_TIME')),
    startAt: 'ECG/@ACQUISITION_TIME',
  });
  const source = childOf(root, 'SOURCE');
  draft.device = present<EcgDevice>({
    maker: attributeOf(source, 'MANUFACTURER') ?? 'Mortara',
    model: attributeOf(source, 'MODEL'),
    serial: attributeOf(source, 'ACQUIRING_DEVICE_SERIAL_NUMBER') ?? attributeOf(source, 'ID'),
    software: attributeOf(source, 'VERSION'),
  });
  draft.filters = present<EcgFilters>({
    highPassHz: positive(attributeOf(source, 'HIGH_PASS_FILTER')),
    lowPassHz: positive(attributeOf(source, 'LOW_PASS_FILTER')),
    notchHz: positive(attributeOf(source, 'NOTCH_FILTER')),
  });
  const cycle = descendantsOf(root, 'TYPICAL_CYCLE')[0];
  for (const [name, kind] of MEASUREMENTS) {
    const value = numberOf(attributeOf(root, name) ?? attributeOf(cycle, name));
    draft.measurements.push(...measured(kind, value, `ECG/@${name}`));
  }
  for (const statement of [...descendantsOf(root, 'INTERPRETATION'), ...descendantsOf(root, 'STATEMENT')]) {
    const text = attributeOf(statement, 'TEXT') ?? textOf(statement);
    if (text !== undefined) draft.statements.push({ text, kind: 'statement', by: 'unknown', at: pathOf(statement) });
  }
}
