/** What identity is asked and what it answers: the words shared by the judges of this folder. */
import type { Problem } from '../base/problem.ts';
import type { FacilityProfile } from '../terms/facility.ts';
import type { IdentityFacts } from '../terms/mapped.ts';
import type { Certainty, PatientRef } from '../terms/patient-link.ts';
import type { IdentityReason } from './problems.ts';

export interface JudgeInput {
  readonly newcomer: IdentityFacts;
  /** The sender's profile: which CX.5 type it uses for the national identifier. */
  readonly profile?: FacilityProfile;
  /** The other Patients under any of the newcomer's keys that are not local; never the newcomer's own record. */
  readonly standing: readonly StandingRecord[];
  /** The directory's Person of the newcomer's national number: who is linked to it stands under the number, whatever it states now. */
  readonly person?: string;
  /** The version of the same Patient that is now replaced. */
  readonly previous?: PreviousRecord;
}

export interface StandingRecord {
  readonly patient: PatientRef;
  readonly facts: IdentityFacts;
  /**
   * The Person that it is certainly linked to now. Without one the record is in no set: it is then not what a
   * newcomer must agree with, unless no set stands under the number.
   */
  readonly person?: string | undefined;
  readonly profile?: FacilityProfile;
}

export interface PreviousRecord {
  readonly facts: IdentityFacts;
  /** It has an open certain link. */
  readonly linked: boolean;
  /** That link's ground; `national-id` unless said otherwise. */
  readonly ground?: string;
  /** The directory's Person for the newcomer's national number is another one than it is linked to. */
  readonly otherPerson?: boolean;
  /** Reasons of its open items in the identity queue. */
  readonly openReasons?: readonly string[];
  /** A steward took it out of a Person's set: nothing but a steward puts it back. */
  readonly unlinkedBySteward?: boolean;
}

export interface Judgement {
  /**
   * certain: link to the Person of `nationalNumber`, or without one keep the link that stands. Anything else:
   * no certain link may stay open. conflict: stored, unlinked, the standing set untouched.
   */
  readonly certainty: Certainty;
  /** `national-id`, the ground of a link that stays (`steward`), or why it is not certain. */
  readonly ground: string;
  /** The number whose Person this is, 18 characters; only with ground `national-id`. */
  readonly nationalNumber?: string;
  /** What a steward shall see; absent when there is nothing new to see. */
  readonly queue?: {
    readonly kind: 'conflict' | 'possible' | 'suspended';
    readonly reason: IdentityReason;
    /** Patient ids. */
    readonly others: readonly string[];
  };
  readonly problems: readonly Problem[];
}
