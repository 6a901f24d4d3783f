/** Mortara, Welch Allyn and Hill-Rom ELI XML (root `ECG` with `CHANNEL` elements): mV = (sample + OFFSET) / UNITS_PER_MV. */
import { type Decimal, scaleDecimal } from '../../base/decimal.ts';
import { LIMITS } from '../../base/limits.ts';
import type { Parsed } from '../../base/problem.ts';
import { leadName, leadNumber } from '../../signals/leads.ts';
import type { Ecg, EcgAcquisition, EcgDevice, EcgGroup, EcgLead, EcgPatient } from '../../terms/parsed/ecg.ts';
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
  for (const channel of descendantsOf(root, 'CHANNEL').slice(0, LIMITS.ecgLeadsMax)) {
    const lead = leadOf(channel, draft);
    if (lead === undefined) continue;
    const median = /TYPICAL|MEDIAN/i.test(channel.parent?.name ?? '');
    const key = `${median} ${attributeOf(channel, 'SAMPLE_FREQ') ?? ''}`;
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

function leadOf(channel: XmlElement, draft: EcgDraft): EcgLead | undefined {
  const { problems } = draft;
  const at = pathOf(channel);
  const bits = attributeOf(channel, 'BITS') ?? '16';
  const encoding = attributeOf(channel, 'ENCODING') ?? 'BASE64';
  if (bits !== '16' || encoding.toUpperCase() !== 'BASE64' || /UNSIGNED/i.test(attributeOf(channel, 'FORMAT') ?? '')) {
    problems.add('ecg/samples-unsupported', 'error', at);
    return undefined;
  }
  const bytes = readBase64(attributeOf(channel, 'DATA') ?? textOf(channel) ?? '');
  if (bytes === undefined || bytes.length < 2) {
    problems.add(bytes === undefined ? 'ecg/samples-unreadable' : 'ecg/lead-empty', 'error', at);
    return undefined;
  }
  const held = readInt16(bytes);
  const count = Number(numberOf(attributeOf(channel, 'DURATION')) ?? held.length);
  if (count > held.length) problems.add('ecg/fewer-samples', 'warning', at);
  const perMillivolt = numberOf(attributeOf(channel, 'UNITS_PER_MV'));
  const scale = perMillivolt === undefined ? undefined : scaleDecimal(ONE, THOUSAND, perMillivolt);
  if (scale === undefined) problems.add('ecg/scale-missing', 'error', `${at}/@UNITS_PER_MV`);
  const shift = numberOf(attributeOf(channel, 'OFFSET')) ?? ZERO;
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
    serial: attributeOf(source, 'ID') ?? attributeOf(source, 'SERIAL'),
    software: attributeOf(source, 'VERSION'),
  });
  const rate = numberOf(attributeOf(root, 'VENT_RATE'));
  draft.measurements.push(...measured('ventricular-rate', rate, 'ECG/@VENT_RATE'));
  for (const statement of descendantsOf(root, 'STATEMENT')) {
    const text = attributeOf(statement, 'TEXT') ?? textOf(statement);
    if (text !== undefined) draft.statements.push({ text, kind: 'statement', by: 'unknown', at: pathOf(statement) });
  }
}
