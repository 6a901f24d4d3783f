/** A stored ECG as its resources state it → an `Ecg` that a page can show: the way back from `map-ecg.ts`. */
import type { Device, DiagnosticReport, Extension, Patient } from 'fhir/r4';
import type { Decimal } from '../../base/decimal.ts';
import type { Observation } from '../../terms/fhir.ts';
import type { Ecg, EcgDevice, EcgFilters, EcgMeasurement, EcgPatient } from '../../terms/parsed/ecg.ts';
import { nameText } from '../map-patient.ts';
import { EXTENSIONS } from '../systems.ts';
import { measurementOfCode } from './codes.ts';
import { groupOfWaveform } from './waveform.ts';

export interface EcgResources {
  readonly report: DiagnosticReport;
  /** Waveforms, median beats and measurements, in any order. */
  readonly observations: readonly Observation[];
  readonly patient?: Patient;
  readonly device?: Device;
}

const CONFIRMED: ReadonlySet<string> = new Set(['final', 'amended', 'corrected', 'appended']);

export function ecgOfResources({ report, observations, patient, device }: EcgResources): Ecg {
  const groups = observations.flatMap((observation) => groupOfWaveform(observation) ?? []);
  const panel = observations.find(({ component }) =>
    component?.some(({ code }) => measurementOfCode(code) !== undefined),
  );
  const marked = panel ?? observations.find(({ extension }) => extension?.some(({ url }) => url === EXTENSIONS.filter));
  const performer = report.performer?.find(({ display }) => display !== undefined)?.display;
  const order = report.identifier?.find(({ type }) => type?.coding?.[0]?.code === 'ACSN')?.value;
  const confirmer = report.resultsInterpreter?.[0]?.display;
  return {
    format: 'aecg',
    groups: groups.filter(({ kind }) => kind === 'rhythm'),
    medians: groups.filter(({ kind }) => kind === 'median'),
    patient: patientOf(patient),
    acquisition: {
      ...(report.effectiveDateTime === undefined ? {} : { start: report.effectiveDateTime }),
      ...(performer === undefined ? {} : { facility: performer }),
      ...(order === undefined ? {} : { order }),
      ...(confirmer === undefined ? {} : { confirmer }),
    },
    device: deviceOf(device),
    filters: filtersOf(marked?.extension),
    measurements: (panel?.component ?? []).flatMap((component): readonly EcgMeasurement[] => {
      const known = measurementOfCode(component.code);
      const value = component.valueQuantity?.value;
      return known === undefined || value === undefined ? [] : [{ ...known, value, at: '' }];
    }),
    statements: (report.conclusion ?? '')
      .split('\n')
      .filter((text) => text !== '')
      .map((text) => ({ text, kind: 'statement', by: 'unknown', at: '' })),
    confirmed: CONFIRMED.has(report.status) ? 'confirmed' : 'unconfirmed',
  };
}

/** Flags against the recording, with their leads, as `measurements.ts` writes them. */
export function qualityIn(
  observations: readonly Observation[],
): readonly { readonly code: string; readonly leads: readonly string[] }[] {
  return observations
    .flatMap(({ extension }) => extension ?? [])
    .filter(({ url }) => url === EXTENSIONS.signalQuality)
    .flatMap(({ extension = [] }) => {
      const code = extension.find(({ url }) => url === 'flag')?.valueCode;
      const leads = extension.flatMap(({ url, valueString }) =>
        url === 'lead' && valueString !== undefined ? [valueString] : [],
      );
      return code === undefined ? [] : [{ code, leads }];
    });
}

/** True for a waveform of which only the first seconds stand here. */
export function isExcerpt({ extension }: Observation): boolean {
  return extension?.some(({ url, valueBoolean }) => url === EXTENSIONS.excerpt && valueBoolean === true) === true;
}

function patientOf(patient: Patient | undefined): EcgPatient {
  const [name] = patient?.name ?? [];
  const [number] = patient?.identifier ?? [];
  const { birthDate, gender } = patient ?? {};
  return {
    identifiers: number?.value === undefined ? [] : [{ value: number.value, at: '' }],
    ...(name === undefined ? {} : { name: name.text ?? nameText(name) }),
    ...(birthDate === undefined ? {} : { birthDate }),
    ...(gender === undefined ? {} : { sex: gender }),
    at: '',
  };
}

function deviceOf(device: Device | undefined): EcgDevice {
  const model = device?.deviceName?.[0]?.name;
  return {
    ...(device?.manufacturer === undefined ? {} : { maker: device.manufacturer }),
    ...(model === undefined ? {} : { model }),
    ...(device?.serialNumber === undefined ? {} : { serial: device.serialNumber }),
  };
}

const FILTERS: readonly (keyof EcgFilters)[] = ['highPassHz', 'lowPassHz', 'notchHz'];

function filtersOf(extensions: readonly Extension[] | undefined): EcgFilters {
  const parts = extensions?.find(({ url }) => url === EXTENSIONS.filter)?.extension ?? [];
  const made: { -readonly [K in keyof EcgFilters]: EcgFilters[K] } = {};
  for (const name of FILTERS) {
    const value = parts.find(({ url }) => url === name)?.valueDecimal;
    if (value !== undefined) made[name] = String(value) as Decimal;
  }
  return made;
}
