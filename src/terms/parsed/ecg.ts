/**
 * An electrocardiogram as its file states it: what every decoder of `formats/ecg/` puts out, and what mapping, pages
 * and quality read. Samples are the file's own integers; a value in µV is `offset + sample × scale`. Nothing is
 * invented: what the file does not state is absent, and a sentinel ("not measured") is never a value.
 */
import type { Decimal } from '../../base/decimal.ts';

export type EcgFormat =
  | 'aecg'
  | 'scp'
  | 'dicom'
  | 'muse'
  | 'philips'
  | 'mfer'
  | 'mortara'
  | 'cardiosoft'
  | 'zoncare'
  | 'edf'
  | 'wfdb'
  | 'ishne'
  | 'pdf';

export interface Ecg {
  readonly format: EcgFormat;
  /** Version of the format, or the dialect that was recognised: `2.0`, `1.04`, `mindray`. */
  readonly version?: string;
  /** The recording itself, in the file's order. Leads of another rate or time stand in another group. */
  readonly groups: readonly EcgGroup[];
  /** Median or representative beats, which are computed and no recording. */
  readonly medians: readonly EcgGroup[];
  readonly patient: EcgPatient;
  readonly acquisition: EcgAcquisition;
  readonly device: EcgDevice;
  readonly filters: EcgFilters;
  /** Global measurements; those of single leads name their lead. */
  readonly measurements: readonly EcgMeasurement[];
  readonly statements: readonly EcgStatement[];
  /** `confirmed` when the file says that a doctor signed the statements; absent when it says nothing. */
  readonly confirmed?: 'confirmed' | 'unconfirmed';
}

/** Leads sampled together at one rate. */
export interface EcgGroup {
  readonly kind: 'rhythm' | 'median';
  readonly label?: string;
  readonly rate: EcgRate;
  /** When the first sample was taken, when the group states it: as `EcgAcquisition.start`. */
  readonly start?: string;
  /** Milliseconds from the recording's start to the first sample, where groups follow one another; absent: 0. */
  readonly offsetMs?: Decimal;
  readonly leads: readonly EcgLead[];
  /** From this sample on it is no ECG: Philips writes its calibration pulse behind the recording. */
  readonly tail?: { readonly from: number; readonly kind: 'calibration' };
  /** Position of the group in the file, as its format writes positions. */
  readonly at: string;
}

/** Samples per second, and milliseconds between two of them; either may be rounded to 12 digits where it does not end. */
export interface EcgRate {
  readonly hz: Decimal;
  readonly periodMs: Decimal;
}

export interface EcgLead {
  /** `I`, `aVR`, `V3R`; as the file writes it where it is no known lead. */
  readonly name: string;
  /** Number of the lead in SCP-ECG, MFER, DICOM and IEEE 11073 alike (`signals/leads.ts`); absent when unknown. */
  readonly number?: number;
  /** As stored; Float64Array where 32-bit unsigned samples exceed Int32Array. */
  readonly samples: Int32Array | Float64Array;
  /** µV of one unit; absent when the file gives none (then nothing is claimed in µV). */
  readonly scale?: Decimal;
  /** µV of the sample 0; '0' when the file states none. */
  readonly offset: Decimal;
  /** The stored value that means "no sample here". */
  readonly absent?: number;
  /** Computed from other leads (III, aVR, aVL, aVF of I and II); the file does not hold it. */
  readonly derived?: true;
  readonly at: string;
}

export interface EcgPatient {
  /** Numbers as written, with their type where the format names one. */
  readonly identifiers: readonly { readonly value: string; readonly kind?: 'second' | 'visit'; readonly at: string }[];
  readonly family?: string;
  readonly given?: string;
  /** The whole name where the format does not split it. */
  readonly name?: string;
  /** YYYY, YYYY-MM or YYYY-MM-DD. */
  readonly birthDate?: string;
  readonly sex?: 'male' | 'female' | 'other' | 'unknown';
  readonly age?: { readonly value: Decimal; readonly unit: 'a' | 'mo' | 'wk' | 'd' | 'h' };
  readonly heightCm?: Decimal;
  readonly weightKg?: Decimal;
  readonly at: string;
}

export interface EcgAcquisition {
  /** Id of the document or recording that its maker gave. */
  readonly id?: string;
  /** First sample: `YYYY-MM-DD[Thh:mm[:ss[.fff]]][±hh:mm]`, a zone only where the file states one. */
  readonly start?: string;
  readonly startAt?: string;
  /** When the statements or measurements were last changed or signed, in the same form. */
  readonly editedAt?: string;
  readonly facility?: string;
  readonly department?: string;
  readonly room?: string;
  readonly bed?: string;
  /** Accession or order number. */
  readonly order?: string;
  readonly visit?: string;
  readonly reason?: string;
  readonly priority?: string;
  readonly technician?: string;
  readonly referrer?: string;
  readonly confirmer?: string;
}

export interface EcgDevice {
  readonly maker?: string;
  readonly model?: string;
  readonly serial?: string;
  readonly software?: string;
  /** Program that made measurements and statements. */
  readonly analysis?: string;
}

/** Cut-off frequencies in Hz of what the device applied before it stored the samples. */
export interface EcgFilters {
  readonly highPassHz?: Decimal;
  readonly lowPassHz?: Decimal;
  readonly notchHz?: Decimal;
}

export type EcgMeasurementKind =
  | 'ventricular-rate'
  | 'atrial-rate'
  | 'rr'
  | 'pp'
  | 'p-duration'
  | 'pr'
  | 'qrs'
  | 'qt'
  | 'qtc'
  | 'qtc-bazett'
  | 'qtc-fridericia'
  | 'qtc-hodges'
  | 'qtc-framingham'
  | 'p-axis'
  | 'qrs-axis'
  | 't-axis'
  | 'r-v5'
  | 's-v1'
  | 'r-v5-plus-s-v1';

/** Rates in /min, times in ms, axes in deg, amplitudes in mV. */
export interface EcgMeasurement {
  readonly kind: EcgMeasurementKind;
  readonly value: Decimal;
  /** Name of the lead when it is no global one. */
  readonly lead?: string;
  /** A person changed it, or it stands in the block that a person confirmed. */
  readonly edited?: true;
  readonly at: string;
}

export interface EcgStatement {
  readonly text: string;
  readonly code?: string;
  /** `summary` is the line over all ("abnormal ECG"); `severity` a grade. */
  readonly kind: 'statement' | 'summary' | 'severity' | 'comment';
  readonly by: 'machine' | 'person' | 'unknown';
  readonly at: string;
}
