/** What mapping makes of one message: resources grouped by patient and report, with keys and accounting. */
import type { Problem } from '../base/problem.ts';
import type { Bucket } from './bucket.ts';
import type { Coding, Identifier, MessageHeader, Patient, Resource } from './fhir.ts';
import type { Instant } from './instant.ts';

export interface Mapped {
  /** Of a message; a file has none. */
  readonly header?: MappedHeader;
  readonly patients: readonly MappedPatient[];
  readonly problems: readonly Problem[];
  /** Positions that carried data and were not read: `PID-30`, `OBX[2]-13`. */
  readonly unread: readonly string[];
}

export interface MappedHeader {
  /** MessageHeader, and the shared resources (Organization, Device) that it names. */
  readonly message: MessageHeader;
  readonly shared: readonly MappedShared[];
  /** Bundle.identifier, from MSH-10. */
  readonly identifier?: Identifier;
  /** Bundle.timestamp, from MSH-7. */
  readonly sentAt?: Instant;
  /** MSH-11.1 is P or absent. Test and debugging messages never reach a card. */
  readonly production: boolean;
}

/** A resource that lives in the plain `resource` table. */
export interface MappedShared {
  readonly bucket: Bucket;
  readonly resource: Resource & { id: string };
}

export interface MappedPatient {
  /** The facility's Patient; absent when the message has none (each report then stands alone). */
  readonly patient?: {
    readonly bucket: Bucket;
    readonly resource: Patient & { id: string };
    readonly facts: IdentityFacts;
  };
  readonly shared: readonly MappedShared[];
  readonly reports: readonly MappedReport[];
}

/** What identity judges a Patient by, as the source stated it. */
export interface IdentityFacts {
  readonly identifiers: readonly StatedIdentifier[];
  /** As written, family and given joined. The first is the official one. */
  readonly names: readonly string[];
  /** YYYY, YYYY-MM or YYYY-MM-DD. */
  readonly birthDate?: string;
  readonly sex?: 'male' | 'female' | 'other' | 'unknown';
  readonly at: string;
}

export interface StatedIdentifier {
  /** HL7 table 0203 type as written, '' when untyped. */
  readonly type: string;
  /** Declared system (CX.4 or FHIR identifier.system), '' when none. */
  readonly system: string;
  readonly value: string;
  readonly at: string;
}

export interface MappedReport {
  /** The container that it goes to; absent: a report. */
  readonly kind?: 'recording';
  readonly bucket: Bucket;
  readonly id: string;
  /** False when neither OBR-2 nor OBR-3 is there: a correction is not recognised (SETTLED 4). */
  readonly numbered: boolean;
  /** Position of the OBR (or of the first OBX without one). */
  readonly at: string;
  /** Precedence (SETTLED 19): OBR-22, else MSH-7; absent when neither can be read. */
  readonly statedAt?: Instant;
  readonly collectedAt?: Instant;
  /** The whole report is retracted (OBR-25 X, D or W). */
  readonly retracted: boolean;
  /** Element '' (the DiagnosticReport) first. */
  readonly elements: readonly MappedElement[];
}

export interface MappedElement {
  readonly key: string;
  readonly resource: Resource & { id: string };
  /** OBX or SPM it came from. */
  readonly at: string;
  /** For an Observation: the status letter of OBX-11 as written, which rules precedence; '' when empty. */
  readonly statusLetter?: string;
  /**
   * What a later statement leaves out of it stays: components of an Observation, members of a DiagnosticReport. Several
   * files may tell of one recording, each something else.
   */
  readonly joins?: true;
}

/** A code as a facility wrote it, for the code map and the registry. */
export interface OriginalCoding extends Coding {
  readonly code: string;
}
