/** Codes of an ECG's resources (ecg.md 3.1): LOINC with verified check digits, IEEE 11073-10101 for leads, both names of that system. */
import type { CodeableConcept, Coding } from 'fhir/r4';
import { leadName, mdcLeadCode, mdcPotentialCode } from '../../signals/leads.ts';
import type { EcgMeasurementKind } from '../../terms/parsed/ecg.ts';

export const LOINC = 'http://loinc.org';
/** R4's own example, and what current guides write. */
export const MDC_OID = 'urn:oid:2.16.840.1.113883.6.24';
export const MDC = 'urn:iso:std:iso:11073:10101';
/** Measurements that LOINC names in no code that we could verify. */
export const ECG_CODES = 'urn:concord:ecg';
const SNOMED = 'http://snomed.info/sct';

const ELECTRIC_POTENTIAL = 131_328;

export const STUDY: Coding = { system: LOINC, code: '11524-6', display: 'EKG study' };
export const TWELVE_LEADS: Coding = { system: LOINC, code: '34534-8', display: '12 lead EKG panel' };
export const HOLTER: Coding = { system: LOINC, code: '18754-2', display: 'Holter monitor study' };

/** The waveform's own code: the potential of a lead, whichever. */
export function waveformCode(text: string): CodeableConcept {
  return { coding: [STUDY, ...mdcCodings(ELECTRIC_POTENTIAL, 'MDC_ECG_ELEC_POTL')], text };
}

/** A known lead by its potential and by its name; others by what the file writes. */
export function leadCode(number: number | undefined, name: string): CodeableConcept {
  const known = number === undefined ? undefined : leadName(number);
  if (number === undefined || known === undefined) return { text: name };
  return {
    coding: [
      ...mdcCodings(mdcPotentialCode(number), `MDC_ECG_ELEC_POTL_${known}`),
      ...mdcCodings(mdcLeadCode(number), `MDC_ECG_LEAD_${known}`),
    ],
    text: known,
  };
}

function mdcCodings(code: number, display: string): Coding[] {
  return [MDC, MDC_OID].map((system) => ({ system, code: String(code), display }));
}

/** The lead that a component's code names, by either code and either system; undefined when it names none. */
export function leadNumberOfCode({ coding }: CodeableConcept): number | undefined {
  for (const { system, code } of coding ?? []) {
    if (system !== MDC && system !== MDC_OID) continue;
    const value = Number(code);
    for (const base of [ELECTRIC_POTENTIAL, mdcLeadCode(0)]) {
      const number = value - base;
      if (number > 0 && number < 256 && leadName(number) !== undefined) return number;
    }
  }
  return undefined;
}

interface MeasurementCode {
  readonly loinc?: string;
  readonly display: string;
  readonly unit: '/min' | 'ms' | 'deg' | 'mV';
}

const MEASUREMENTS: Readonly<Record<EcgMeasurementKind, MeasurementCode>> = {
  'ventricular-rate': { loinc: '8867-4', display: 'Heart rate', unit: '/min' },
  'atrial-rate': { display: 'Atrial rate', unit: '/min' },
  rr: { loinc: '8637-1', display: 'R-R interval', unit: 'ms' },
  pp: { display: 'P-P interval', unit: 'ms' },
  'p-duration': { display: 'P duration', unit: 'ms' },
  pr: { loinc: '8625-6', display: 'P-R interval', unit: 'ms' },
  qrs: { loinc: '8633-0', display: 'QRS duration', unit: 'ms' },
  qt: { loinc: '8634-8', display: 'Q-T interval', unit: 'ms' },
  qtc: { loinc: '8636-3', display: 'Q-T interval corrected', unit: 'ms' },
  'qtc-bazett': { loinc: '8636-3', display: 'Q-T interval corrected (Bazett)', unit: 'ms' },
  'qtc-fridericia': { loinc: '8636-3', display: 'Q-T interval corrected (Fridericia)', unit: 'ms' },
  'qtc-hodges': { loinc: '8636-3', display: 'Q-T interval corrected (Hodges)', unit: 'ms' },
  'qtc-framingham': { loinc: '8636-3', display: 'Q-T interval corrected (Framingham)', unit: 'ms' },
  'p-axis': { loinc: '8626-4', display: 'P wave axis', unit: 'deg' },
  'qrs-axis': { loinc: '8632-2', display: 'QRS axis', unit: 'deg' },
  't-axis': { loinc: '8638-9', display: 'T wave axis', unit: 'deg' },
  'r-v5': { loinc: '9995-2', display: 'R wave amplitude in V5', unit: 'mV' },
  's-v1': { loinc: '10040-4', display: 'S wave amplitude in V1', unit: 'mV' },
  'r-v5-plus-s-v1': { loinc: '76636-0', display: 'R wave in V5 plus S wave in V1', unit: 'mV' },
};

/** Intervals of one named lead have codes of their own (US Core). */
const LEAD_LOINC: Partial<Readonly<Record<EcgMeasurementKind, string>>> = {
  pr: '44976-9',
  qrs: '44973-6',
  qt: '44975-1',
};

export function measurementUnit(kind: EcgMeasurementKind): MeasurementCode['unit'] {
  return MEASUREMENTS[kind].unit;
}

/** LOINC where it has one, and always our own name of the kind, by which it is found again. */
export function measurementCode(kind: EcgMeasurementKind, lead: string | undefined): CodeableConcept {
  const { loinc, display } = MEASUREMENTS[kind];
  const code = lead === undefined ? loinc : LEAD_LOINC[kind];
  const own: Coding = { system: ECG_CODES, code: lead === undefined ? kind : `${kind}:${lead}`, display };
  return {
    coding: [...(code === undefined ? [] : [{ system: LOINC, code }]), own],
    text: lead === undefined ? display : `${display}, lead ${lead}`,
  };
}

/** Kind and lead of a component that `measurementCode` made; undefined for any other. */
export function measurementOfCode({
  coding,
}: CodeableConcept): { readonly kind: EcgMeasurementKind; readonly lead?: string } | undefined {
  const [name = '', lead] = (coding?.find(({ system }) => system === ECG_CODES)?.code ?? '').split(':');
  if (!Object.hasOwn(MEASUREMENTS, name)) return undefined;
  return { kind: name as EcgMeasurementKind, ...(lead === undefined ? {} : { lead }) };
}

const SUMMARIES: readonly (readonly [RegExp, Coding])[] = [
  [
    /^(normal (ecg|ekg|electrocardiogram)|ecg normale|正常心电图)$/i,
    { system: SNOMED, code: '164854000', display: 'Normal ECG' },
  ],
  [
    /^(abnormal (ecg|ekg|electrocardiogram)|异常心电图)$/i,
    { system: SNOMED, code: '102594003', display: 'Abnormal ECG' },
  ],
  [
    /^(borderline (ecg|ekg|electrocardiogram)|临界心电图|大致正常心电图)$/i,
    { system: SNOMED, code: '251135002', display: 'Borderline ECG' },
  ],
];

const SUMMARY_LENGTH_MAX = 80;

/** A statement that is nothing but the summary; `- ABNORMAL ECG -` among them. */
export function summaryCode(text: string): CodeableConcept | undefined {
  if (text.length > SUMMARY_LENGTH_MAX) return undefined;
  const bare = text.replace(/^[-*\s]+|[-*\s.。]+$/g, '');
  const coding = SUMMARIES.find(([pattern]) => pattern.test(bare))?.[1];
  return coding === undefined ? undefined : { coding: [coding], text };
}
