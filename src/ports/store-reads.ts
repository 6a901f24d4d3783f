/** Reads outside transactions: the question's, and those of the page, the queues and the command line. */
import type { ChannelId } from '../terms/channel.ts';
import type { ContainerVersion } from '../terms/container.ts';
import type { Decision, Verdict } from '../terms/decision.ts';
import type { EnvelopeOutcome } from '../terms/envelope.ts';
import type { FacilityId } from '../terms/facility.ts';
import type { Patient } from '../terms/fhir.ts';
import type { Instant } from '../terms/instant.ts';
import type { JobKind } from '../terms/job.ts';
import type { LedgerEntry } from '../terms/ledger-entry.ts';
import type { MonthFigures } from '../terms/month-report.ts';
import type { RecordedDecision } from '../terms/offer.ts';
import type { PatientRef } from '../terms/patient-link.ts';
import type { ReplyOutcome } from '../terms/reply.ts';
import type { ResultEntry } from '../terms/result-entry.ts';
import type { ContainerRef, EntryCode, IdentityQueueItem } from './store-tx.ts';

/** Reads outside transactions, prepared once. */
export interface ReadStore {
  /**
   * A question in one read: the facility's own Patient by its directory key (undefined: not known), who is
   * certainly the same human, and the open entries of all of them for these items, newest effective first.
   */
  asked(query: {
    readonly facility: FacilityId;
    readonly mac: string;
    readonly items: readonly string[];
    readonly since: Instant;
    readonly limit: number;
  }): Promise<Asked | undefined>;
  /** Open entries of these pairs and items, newest effective first; one query. */
  candidates(query: {
    pairs: readonly PatientRef[];
    items: readonly string[];
    since: Instant;
    limit: number;
  }): Promise<readonly ResultEntry[]>;
  readHead(ref: ContainerRef): Promise<ContainerVersion | undefined>;
  envelopes(page: { limit: number; outcome?: EnvelopeOutcome; before?: string }): Promise<readonly EnvelopeSummary[]>;
  /** The bytes of a file as its facility sent it; undefined when it sent none of that digest. */
  file(key: {
    readonly facility: FacilityId;
    readonly controlMac: string;
    readonly digest: string;
  }): Promise<Uint8Array | undefined>;
  /** Over which channel each of these envelopes came. */
  channelsOf(envelopes: readonly string[]): Promise<ReadonlyMap<string, ChannelId>>;
  /** Accepted envelopes that no job will take up, the oldest first. */
  pendingEnvelopes(limit: number): Promise<readonly string[]>;
  /** Open items, of one kind or of all: conflicts first, then suspended links, then possible matches. */
  identityQueue(limit: number, kind?: IdentityQueueItem['kind']): Promise<readonly IdentityQueueItem[]>;
  /** Offers that relied on a result that has since been retracted (SETTLED 20), the newest first. */
  reliedOnRetracted(limit: number): Promise<readonly Reliance[]>;
  /** Offers to a facility within one of its encounters since then, the newest first, with the last reply to each. */
  offersWithin(query: {
    readonly facility: FacilityId;
    readonly encounterMac: string;
    readonly since: Instant;
    readonly limit: number;
  }): Promise<readonly StandingOffer[]>;
  /** The newest first, with the last reply to each. */
  latestOffers(limit: number): Promise<readonly OfferSummary[]>;
  /** The newest first, of all chains, with their places where they are sealed. */
  latestLedger(limit: number): Promise<readonly LedgerLine[]>;
  /** Codes of the open entries: of all, or of those that have one of these codes, local or LOINC. */
  entryCodes(of?: readonly { facility: FacilityId; code: string }[]): Promise<readonly EntryCode[]>;
  counts(): Promise<Counts>;
  /** Orders asked about and offers made in [from, until), as known at `asOf`; days without an encounter by `zone`. */
  monthFigures(query: {
    readonly from: Instant;
    readonly until: Instant;
    readonly asOf: Instant;
    readonly zone: string;
  }): Promise<MonthFigures>;
  /** What waits at this instant; cheap, whatever has been stored. */
  backlog(now: Instant): Promise<Backlog>;
  /** When a result of each facility was last stored. */
  lastStored(): Promise<readonly LastStored[]>;
}

export interface Asked {
  readonly ref: PatientRef;
  /** The Patient as the facility now states it. */
  readonly resource: Patient;
  /** The Patient first, then the others that are certainly linked to its Person. */
  readonly set: readonly PatientRef[];
  /** Reasons of the Patient's open items in the identity queue. */
  readonly openReasons: readonly string[];
  /** Any of the set opted out. */
  readonly optedOut: boolean;
  readonly entries: readonly ResultEntry[];
}

export interface EnvelopeSummary {
  readonly id: string;
  readonly facility: FacilityId;
  readonly receivedAt: Instant;
  readonly outcome: EnvelopeOutcome;
  readonly resultsIn: number;
  readonly resultsStored: number;
  readonly problems: number;
  readonly receipts: number;
}

/** An offer that was made, and what was said to it. */
export interface StandingOffer {
  readonly id: string;
  readonly patient: PatientRef;
  readonly decision: RecordedDecision;
  readonly lastReply: ReplyOutcome | null;
}

/** One offer as a line: no person, no value. */
export interface OfferSummary {
  readonly id: string;
  readonly at: Instant;
  /** Who asked. */
  readonly facility: FacilityId;
  /** The ordered panel or item; '' when its code is not mapped. */
  readonly target: string;
  readonly verdict: Verdict;
  readonly coverage: Decision['coverage'];
  readonly lastReply: ReplyOutcome | null;
}

/** One result that an offer relied on, by its element. */
export interface Reliance {
  readonly offer: string;
  readonly at: Instant;
  /** Who asked. */
  readonly facility: FacilityId;
  readonly item: string;
  readonly container: string;
  readonly element: string;
}

export interface LedgerLine {
  readonly entry: LedgerEntry;
  /** Its place in the chain, and its hash as sealed; null: not sealed yet. */
  readonly seal: { readonly seq: number; readonly entryHash: string } | null;
}

export interface Backlog {
  /** Jobs that are due, by kind; a kind without any has no line. */
  readonly jobs: readonly { readonly kind: JobKind; readonly due: number; readonly oldestDue: Instant }[];
  /** Ledger entries without a seal, and when the oldest was made. */
  readonly unsealed: { readonly count: number; readonly oldest: Instant | null };
  readonly deliveriesDead: number;
  readonly identitiesOpen: number;
  readonly glassesOpen: number;
  /** Envelopes. */
  readonly quarantined: number;
  readonly pending: number;
}

export interface LastStored {
  readonly facility: FacilityId;
  readonly at: Instant | null;
}

/** Numbers for the page and the demo's print; no person's data. */
export interface Counts {
  readonly envelopes: Readonly<Record<EnvelopeOutcome, number>>;
  readonly receipts: number;
  readonly resultsIn: number;
  readonly resultsStored: number;
  readonly resultProblems: number;
  readonly patients: number;
  readonly persons: number;
  readonly offers: number;
  readonly accepted: number;
  readonly refused: number;
  readonly revoked: number;
  readonly savedFen: number;
  /** Of that, done again within its term; and past its term and not done again. The rest is provisional. */
  readonly reversedFen: number;
  readonly settledFen: number;
  readonly acceptedWithoutAmount: number;
  readonly ledgerEntries: number;
  readonly sealedEntries: number;
}
