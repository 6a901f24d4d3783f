/**
 * The ledger's entry of a doctor's reply (DESIGN 5, "The doctor decides"): accepted, refused or revoked, each
 * at most once in a row, so that a reply may be sent again without effect.
 */
import { localDay } from '../base/local-day.ts';
import { done, type Outcome, type RefusalCategory, refuse } from '../base/outcome.ts';
import type { Catalogue, RefusalReason } from '../terms/catalogue.ts';
import type { Facility } from '../terms/facility.ts';
import type { Instant } from '../terms/instant.ts';
import type { LedgerEntry } from '../terms/ledger-entry.ts';
import type { Offer } from '../terms/offer.ts';
import type { Reply } from '../terms/reply.ts';
import { entryOf } from './offered-entry.ts';
import { type LedgerCode, SENTENCES } from './problems.ts';
import { savingsOf } from './savings-of.ts';

export interface ReplyInput {
  readonly offer: Offer;
  readonly reply: Reply;
  /** The offer's entries, oldest first. */
  readonly earlier: readonly LedgerEntry[];
  readonly catalogue: Catalogue;
  /** The facility that the offer was made to. */
  readonly asker: Facility;
  readonly regionZone: string;
  /** The gateway's own time; the doctor's (`reply.at`) may be late, and stays with the reply. */
  readonly at: Instant;
  readonly mac: (text: string) => string;
  readonly patientMac: string;
  readonly entryId: string;
  /** Saving keys that an open acceptance already holds: dropped, so that nothing is counted twice. */
  readonly alreadySaved?: ReadonlySet<string>;
}

/** `known`: the same reply is in the ledger already; that entry is the receipt, and nothing is to be written. */
export interface ReplyEntry {
  readonly kind: 'new' | 'known';
  readonly entry: LedgerEntry;
}

export function replyEntry(input: ReplyInput): Outcome<ReplyEntry> {
  const { offer, reply } = input;
  if (offer.decision.verdict === 'do-not') return refused('conflict', 'ledger/not-offered', 'offer');
  const standing = input.earlier.findLast(isReply);
  if (standing !== undefined && says(standing, reply)) return done({ kind: 'known', entry: standing });
  const answered = standing !== undefined && standing.kind !== 'revoked';
  if (reply.outcome === 'revoked') {
    return answered ? fresh(input, {}) : refused('conflict', 'ledger/nothing-to-revoke', 'outcome');
  }
  if (answered) return refused('conflict', 'ledger/answered-otherwise', 'outcome');
  return reply.outcome === 'accepted' ? fresh(input, { savings: openSavings(input) }) : refusedEntry(input);
}

function refusedEntry(input: ReplyInput): Outcome<ReplyEntry> {
  const reason = reasonOf(input.reply, input.catalogue);
  if (!reason.ok) return reason;
  // A doctor who states no reason (CDS Hooks allows that) has refused all the same.
  const { code = '', countsAsRefusal = true } = reason.value ?? {};
  return fresh(input, { reason: code, countsAsRefusal });
}

/** The coded reason of a refusal; undefined when none is stated. */
export function reasonOf(
  { outcome, reason = '' }: Reply,
  { refusalReasons }: Pick<Catalogue, 'refusalReasons'>,
): Outcome<RefusalReason | undefined> {
  if (outcome !== 'refused' || reason === '') return done(undefined);
  const known = refusalReasons.find(({ code }) => code === reason);
  return known === undefined ? refused('incorrect', 'ledger/unknown-reason', 'reason') : done(known);
}

/** An acceptance of a review card is an acceptance, and saves nothing: nothing was suggested. */
function openSavings(input: ReplyInput): LedgerEntry['savings'] {
  const { offer, catalogue, asker, mac } = input;
  const savings = savingsOf({ offer, catalogue, asker, mac, localDay: localDay(offer.at, input.regionZone) });
  return savings.filter(({ key }) => input.alreadySaved?.has(key) !== true);
}

function fresh(
  input: ReplyInput,
  more: Partial<Pick<LedgerEntry, 'savings' | 'reason' | 'countsAsRefusal'>>,
): Outcome<ReplyEntry> {
  const { offer, entryId, patientMac, at, reply } = input;
  // The catalogue of the reply, not of the offer: its prices and reasons are what this entry rests on.
  const catalogueDigest = input.catalogue.digest;
  const entry = entryOf({ offer, entryId, patientMac, at, kind: reply.outcome, catalogueDigest });
  return done({ kind: 'new', entry: { ...entry, ...more } });
}

/** The doctor's own acts; what time said of them answers nothing. */
export function isReply({ kind }: LedgerEntry): boolean {
  return kind === 'accepted' || kind === 'refused' || kind === 'revoked';
}

function says(standing: LedgerEntry, reply: Reply): boolean {
  if (standing.kind !== reply.outcome) return false;
  return reply.outcome !== 'refused' || standing.reason === (reply.reason ?? '');
}

function refused(category: RefusalCategory, code: LedgerCode, at: string): Outcome<never> {
  return refuse({ category, code, sentence: SENTENCES[code], at });
}
