/**
 * A group of leads → an Observation of SampledData, and back (ecg.md 3.2). `data` are the file's own integers, `factor` its
 * µV of a unit, `origin` its offset: nothing is multiplied, so that the file's integers come back bit for bit.
 */
import type { Extension } from 'fhir/r4';
import { type Decimal, scaleDecimal } from '../../base/decimal.ts';
import { leadName } from '../../signals/leads.ts';
import { printSamples, readSamples } from '../../signals/sampled-data.ts';
import type { Observation, ObservationComponent, SampledData } from '../../terms/fhir.ts';
import type { EcgGroup, EcgLead, EcgRate } from '../../terms/parsed/ecg.ts';
import { EXTENSIONS, UCUM } from '../systems.ts';
import { leadCode, leadNumberOfCode, waveformCode } from './codes.ts';

const ONE = '1' as Decimal;
const THOUSAND = '1000' as Decimal;
const ZERO = '0' as Decimal;

/** The leads that the file states, in the order of their codes; derived ones can be derived again. */
export function waveformOf(group: EcgGroup, base: Omit<Observation, 'code' | 'component'>): Observation {
  const offset = group.offsetMs === undefined ? [] : [{ url: EXTENSIONS.groupOffset, valueDecimal: group.offsetMs }];
  const extension = [...(base.extension ?? []), ...(offset as unknown as Extension[])];
  const leads = group.leads.filter(({ derived }) => !derived);
  return {
    ...base,
    ...(extension.length === 0 ? {} : { extension }),
    code: waveformCode(textOf(group)),
    component: leads
      .toSorted((left, right) => (left.number ?? 999) - (right.number ?? 999))
      .map((lead) => componentOf(lead, group.rate)),
  };
}

const MEDIAN_BEAT = 'Median beat';

/** What kind it is stands in this text: a rhythm whose label says the other gives way. */
function textOf({ kind, label = 'Rhythm' }: EcgGroup): string {
  if (kind === 'median') return MEDIAN_BEAT;
  return label === MEDIAN_BEAT ? 'Rhythm' : label;
}

function componentOf(lead: EcgLead, rate: EcgRate): ObservationComponent {
  const hasHole = lead.absent !== undefined && lead.samples.includes(lead.absent);
  const extension: Extension[] = [
    // Three hundred and sixty a second have no finite number of milliseconds between them.
    ...(isExact(rate) ? [] : [{ url: EXTENSIONS.sampleRate, valueDecimal: rate.hz as unknown as number }]),
    ...(hasHole ? [{ url: EXTENSIONS.absentSample, valueInteger: lead.absent }] : []),
  ];
  return {
    ...(extension.length === 0 ? {} : { extension }),
    code: leadCode(lead.number, lead.name),
    valueSampledData: sampledData(lead, rate, hasHole),
  };
}

function sampledData(lead: EcgLead, rate: EcgRate, hasHole: boolean): SampledData {
  const isVoltage = lead.scale !== undefined;
  return {
    origin: { value: lead.offset, ...(isVoltage ? { unit: 'uV', system: UCUM, code: 'uV' } : {}) },
    period: rate.periodMs,
    ...(lead.scale === undefined ? {} : { factor: lead.scale }),
    dimensions: 1,
    data: printSamples(lead.samples, hasHole ? lead.absent : undefined),
  };
}

function isExact({ hz, periodMs }: EcgRate): boolean {
  return scaleDecimal(ONE, THOUSAND, periodMs) === hz && scaleDecimal(ONE, THOUSAND, hz) === periodMs;
}

/** No sample, where the source does not say which integer it writes for that. */
const ABSENT = -0x8000_0000;

/**
 * The group that a waveform Observation holds: ours, or another system's of the same shape. Components that are no
 * SampledData of integers are left out; undefined when none is left.
 */
export function groupOfWaveform(observation: Observation): EcgGroup | undefined {
  const parts = (observation.component ?? []).flatMap((component) => {
    const part = partOf(component);
    return part === undefined ? [] : [part];
  });
  const [first] = parts;
  if (first === undefined) return undefined;
  const text = observation.code.text;
  const offsetMs = decimalExtension(observation.extension, EXTENSIONS.groupOffset);
  return {
    kind: text === MEDIAN_BEAT ? 'median' : 'rhythm',
    ...(text === undefined ? {} : { label: text }),
    rate: first.rate,
    ...(offsetMs === undefined ? {} : { offsetMs }),
    // A group has one rate: what differs cannot be drawn beside it.
    leads: parts.filter(({ rate }) => rate.hz === first.rate.hz).map(({ lead }) => lead),
    at: `Observation/${observation.id ?? ''}`,
  };
}

function partOf({ code, valueSampledData, extension }: ObservationComponent) {
  if (valueSampledData === undefined || valueSampledData.dimensions !== 1) return undefined;
  const { data, origin, factor, period } = valueSampledData;
  const stated = extension?.find(({ url }) => url === EXTENSIONS.absentSample)?.valueInteger;
  const samples = data === undefined ? undefined : readSamples(data, stated ?? ABSENT);
  const hz = decimalExtension(extension, EXTENSIONS.sampleRate) ?? scaleDecimal(ONE, THOUSAND, period);
  if (samples === undefined || hz === undefined) return undefined;
  const number = leadNumberOfCode(code);
  const scale = microvoltsOf(factor ?? ONE, origin.code);
  const lead: EcgLead = {
    name: (number === undefined ? undefined : leadName(number)) ?? code.text ?? '?',
    ...(number === undefined ? {} : { number }),
    samples,
    ...(scale === undefined ? {} : { scale }),
    offset: (scale === undefined ? undefined : microvoltsOf(origin.value ?? ZERO, origin.code)) ?? ZERO,
    ...(stated === undefined && !samples.includes(ABSENT) ? {} : { absent: stated ?? ABSENT }),
    at: '',
  };
  return { lead, rate: { hz, periodMs: period } };
}

function microvoltsOf(value: Decimal, unit: string | undefined): Decimal | undefined {
  if (unit === 'uV') return value;
  return unit === 'mV' ? scaleDecimal(value, THOUSAND, ONE) : undefined;
}

function decimalExtension(extensions: readonly Extension[] | undefined, url: string): Decimal | undefined {
  const value = extensions?.find((extension) => extension.url === url)?.valueDecimal;
  return value === undefined ? undefined : (String(value) as Decimal);
}
