/** A facility: an organisation that sends or asks (FHIR Organization). */
export type FacilityId = string & { readonly __brand: 'FacilityId' };

export interface Facility {
  readonly id: FacilityId;
  /** Shown on cards: 临洮县人民医院. */
  readonly name: string;
  readonly parent?: FacilityId;
  /** Hospital level (医院等级): 3 tertiary, 2 secondary, 1 primary. */
  readonly level: 1 | 2 | 3;
  /** Administrative division code (GB/T 2260), 6 digits; reach of a mark is judged by its prefixes. */
  readonly area: string;
  /** Agreements and county alliances (医联体) that it belongs to. */
  readonly alliances: readonly string[];
  /** IANA zone of timestamps that carry none. */
  readonly zone: string;
  readonly profile: FacilityProfile;
}

/** What a decision may rest on of a facility: who it is, not how its messages are read. */
export type FacilityFacts = Omit<Facility, 'zone' | 'profile'>;

/** How this facility's messages are read, where the defaults of SETTLED 4 to 9 do not fit. */
export interface FacilityProfile {
  /** `delta`: an OBX that is absent from a newer message stays; `snapshot`: it is retracted. */
  readonly update: 'delta' | 'snapshot';
  /** Parts of the report key; default OBR-3.1 else OBR-2.1, + OBR-4.1, + occurrence. */
  readonly reportKey?: readonly ReportKeyPart[];
  /** OBX-21 takes part in the element key. */
  readonly elementKeyByObx21?: boolean;
  /** CX.5 types of PID-3 that hold the patient key, in order of preference; default MR, PI, PT, untyped. */
  readonly patientKeyTypes?: readonly string[];
  /** CX.5 type that this facility uses for the national identifier beside NI and NNCHN. */
  readonly nationalIdType?: string;
  /** What its senders state in MSH-4, or in MSH-3 where MSH-4 is empty; another is told, and changes nothing. */
  readonly senders?: readonly string[];
  /** Character set of messages whose own label says nothing (HL7 table 0211 or an IANA label). */
  readonly charset?: string;
  /** Hours between collection times beyond which a known report key is a conflict; default 48. */
  readonly conflictHours?: number;
}

export type ReportKeyPart = 'filler' | 'placer' | 'code' | 'occurrence' | 'collected-date' | 'message-date';

export const DEFAULT_PROFILE: FacilityProfile = { update: 'delta' };
