/**
 * A ledger entry: one fact that happened, and its place in the hash chain. Integers and strings only;
 * the field order that the hash covers is listed in `ledger/entry-hash.ts` (SETTLED 12).
 */
import type { FacilityId } from './facility.ts';
import type { Instant } from './instant.ts';
import type { PayerSplit, VisitClass } from './visit.ts';

/**
 * What a doctor was shown and said; then what time said: `settled`, nothing of what was saved was done again within the
 * term, or `reversed`, it was. A reversal after a settlement restates it. `corrected`: a result that was relied on changed;
 * it moves no amount.
 */
export type LedgerKind = 'offered' | 'accepted' | 'refused' | 'revoked' | 'settled' | 'reversed' | 'corrected';

export interface LedgerEntry {
  /** UUID. */
  readonly id: string;
  /** Version of the field order: 2 has the visit. */
  readonly form: 1 | 2;
  /** Chain: the asking facility. */
  readonly chain: FacilityId;
  readonly kind: LedgerKind;
  readonly at: Instant;
  readonly offer: string;
  /** Pseudonyms. */
  readonly patientMac: string;
  readonly encounterMac: string;
  readonly orderMac: string;
  /** The ordered panel or item. */
  readonly target: string;
  /** One line per price item: that an acceptance saves, that a settlement confirms, that a reversal takes back. Else empty. */
  readonly savings: readonly Saving[];
  readonly catalogueDigest: string;
  /** `id@version` of the containers relied on, sorted; of a reversal, those of the repeat, of a correction, what changed. */
  readonly results: readonly string[];
  /** True when a result relied on, or of the repeat, comes from another facility. */
  readonly crossFacility: boolean;
  /** Refusal reason code; of a reversal `repeated-here` or `repeated-elsewhere`; of a correction what changed; '' otherwise. */
  readonly reason: string;
  readonly countsAsRefusal: boolean;
  /** Of form 1 all unsaid. */
  readonly visit: LedgerVisit;
}

/** Who pays for what was saved, as the asker told it with the question. */
export interface LedgerVisit {
  /** `outpatient`, `emergency`, `inpatient`; '' where nobody said, as of the payer. */
  readonly class: VisitClass | '';
  readonly drg: boolean;
  readonly payer: string;
  readonly split: PayerSplit | null;
}

export const NO_VISIT: LedgerVisit = { class: '', drg: false, payer: '', split: null };

export interface Saving {
  readonly priceItem: string;
  /** null: no price is known; counted without amount. */
  readonly fen: number | null;
  /** Source of the price row. */
  readonly source: string;
  /** HMAC of (asking facility, its patient, encounter or local day, price item): never counted twice. */
  readonly key: string;
}

export interface Seal {
  readonly chain: FacilityId;
  readonly seq: number;
  /** LedgerEntry.id. */
  readonly entry: string;
  /** SHA-256, base64url. */
  readonly entryHash: string;
  readonly seal: string;
}
