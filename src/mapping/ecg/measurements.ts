/** Measurements of an ECG → one Observation with a component each (ecg.md 3.3): easier to index than ten Observations. */
import type { Extension } from 'fhir/r4';
import type { QualityFlag } from '../../signals/quality.ts';
import type { Observation, ObservationComponent } from '../../terms/fhir.ts';
import type { Ecg, EcgFilters, EcgMeasurement } from '../../terms/parsed/ecg.ts';
import { dataAbsentReason } from '../absent.ts';
import { EXTENSIONS, INTERPRETATION, UCUM } from '../systems.ts';
import { isCriticalStatement } from './critical.ts';
import { HOLTER, measurementCode, measurementUnit, STUDY, TWELVE_LEADS } from './codes.ts';

/** v3-ObservationInterpretation AA. */
const CRITICAL = [{ coding: [{ system: INTERPRETATION, code: 'AA', display: 'Critical abnormal' }] }];

/** A recording this long is a Holter's. */
const HOLTER_SECONDS = 3_600;

export function measurementsOf(
  ecg: Ecg,
  of: { readonly seconds: number; readonly quality: readonly QualityFlag[] },
  base: Omit<Observation, 'code' | 'component'>,
): Observation {
  const twelve = ecg.groups.length > 0 && !of.quality.some(({ code }) => code === 'leads-missing');
  const coding = of.seconds >= HOLTER_SECONDS ? HOLTER : twelve ? TWELVE_LEADS : STUDY;
  const component = componentsOf(ecg.measurements);
  const extension = [...(base.extension ?? []), ...of.quality.map(qualityExtension), ...filterExtensions(ecg.filters)];
  const { analysis } = ecg.device;
  return {
    ...base,
    ...(extension.length === 0 ? {} : { extension }),
    ...(ecg.statements.some(({ text }) => isCriticalStatement(text)) ? { interpretation: CRITICAL } : {}),
    code: { coding: [coding] },
    ...(analysis === undefined ? {} : { method: { text: analysis } }),
    ...(component.length === 0 ? { dataAbsentReason: dataAbsentReason('unknown') } : { component }),
  };
}

/** In the order of their codes; of one measurement said twice that of a person, else the first. */
function componentsOf(measurements: readonly EcgMeasurement[]): ObservationComponent[] {
  const chosen = new Map<string, EcgMeasurement>();
  for (const measurement of measurements) {
    const key = `${measurement.kind}:${measurement.lead ?? ''}`;
    const known = chosen.get(key);
    if (known === undefined || (measurement.edited === true && known.edited !== true)) chosen.set(key, measurement);
  }
  return [...chosen]
    .toSorted(([left], [right]) => (left < right ? -1 : left > right ? 1 : 0))
    .map(([, { kind, value, lead }]) => {
      const unit = measurementUnit(kind);
      return { code: measurementCode(kind, lead), valueQuantity: { value, unit, system: UCUM, code: unit } };
    });
}

function qualityExtension({ code, leads }: QualityFlag): Extension {
  return {
    url: EXTENSIONS.signalQuality,
    extension: [
      { url: 'flag', valueCode: code },
      ...leads.map((lead): Extension => ({ url: 'lead', valueString: lead })),
    ],
  };
}

function filterExtensions(filters: EcgFilters): Extension[] {
  const parts = Object.entries(filters).map(
    // R4 holds a decimal here; ours is a text until it is printed.
    ([name, hz]): Extension => ({ url: name, valueDecimal: hz as unknown as number }),
  );
  return parts.length === 0 ? [] : [{ url: EXTENSIONS.filter, extension: parts }];
}
