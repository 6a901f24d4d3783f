/** Names of systems: HL7's and FHIR's own, and those that Concord gives to what a facility left unnamed. */
import type { FacilityId } from '../terms/facility.ts';

export const V2 = 'http://terminology.hl7.org/CodeSystem/v2-';
export const UCUM = 'http://unitsofmeasure.org';
export const DATA_ABSENT_REASON = 'http://terminology.hl7.org/CodeSystem/data-absent-reason';
export const DATA_ABSENT_EXTENSION = 'http://hl7.org/fhir/StructureDefinition/data-absent-reason';
export const INTERPRETATION = 'http://terminology.hl7.org/CodeSystem/v3-ObservationInterpretation';
/** Resident identity number of China (GB 11643), SETTLED 9. */
export const NATIONAL_ID = 'urn:oid:2.16.156.10011.1.3';

/** Extensions that Concord defines. */
export const EXTENSIONS = {
  /** The mutual-recognition mark that stood before a test's name (`*`, `★`). */
  recognitionMark: 'urn:concord:extension:recognition-mark',
  /** The zone that was assumed for times that stated none. */
  assumedZone: 'urn:concord:extension:assumed-zone',
  /** NTE behind PID. */
  note: 'urn:concord:extension:note',
  /** What the source wrote where FHIR's element cannot hold it as written. */
  sourceText: 'urn:concord:extension:source-text',
  /** The unit of a value that is no quantity. */
  unit: 'urn:concord:extension:unit',
  /** Samples a second of a waveform, where the milliseconds between two of them do not end. */
  sampleRate: 'urn:concord:extension:sample-rate',
  /** The integer that the source writes where no sample is; SampledData shows it as E. */
  absentSample: 'urn:concord:extension:absent-sample',
  /** Milliseconds from the start of a recording to the first sample of a group of leads. */
  groupOffset: 'urn:concord:extension:group-offset',
  /** What speaks against a recording (`signals/quality.ts`), with the leads it is said of. */
  signalQuality: 'urn:concord:extension:signal-quality',
  /** Cut-off frequencies of what the device applied before it stored a recording. */
  filter: 'urn:concord:extension:filter',
  /** The recording goes on: only its first seconds stand here, all of it in the original file. */
  excerpt: 'urn:concord:extension:excerpt',
  /** R5's Observation.valueAttachment, for ED and RP. */
  valueAttachment: 'http://hl7.org/fhir/5.0/StructureDefinition/extension-Observation.value',
} as const;

/** Codes of a facility's own: `urn:concord:facility:F1:code`, and `…:code:99MRC` when it names a system. */
export function facilityCodeSystem(facility: FacilityId, name = ''): string {
  return `urn:concord:facility:${encodeURIComponent(facility)}:code${name === '' ? '' : `:${encodeURIComponent(name)}`}`;
}

/** Numbers that a facility gives: `urn:concord:facility:F1:id`, and `…:id:LIS` when it names who gave it. */
export function facilityIdentifierSystem(facility: FacilityId, name = ''): string {
  return `urn:concord:facility:${encodeURIComponent(facility)}:id${name === '' ? '' : `:${encodeURIComponent(name)}`}`;
}
