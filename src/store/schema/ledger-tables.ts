/**
 * Offers, replies and the ledger. Entries, their savings and their seals are appended and never changed:
 * triggers in the migrations refuse UPDATE, DELETE and TRUNCATE. Money is integer fen.
 */
import { bigint, boolean, index, integer, pgTable, primaryKey, smallint, text, uniqueIndex } from 'drizzle-orm/pg-core';
import { sql } from 'drizzle-orm';
import { bytes, instant, key } from './columns.ts';

/** Decisions shown to a doctor, with all that they rested on. */
export const offer = pgTable(
  'offer',
  {
    id: key('id').primaryKey(),
    at: instant('at').notNull(),
    facility: key('facility').notNull(),
    bucket: smallint('bucket').notNull(),
    patient: key('patient').notNull(),
    patientFacility: key('patient_facility').notNull(),
    encounterMac: key('encounter_mac').notNull(),
    orderMac: key('order_mac').notNull(),
    catalogueDigest: key('catalogue_digest').notNull(),
    /** JSON text. */
    decision: text('decision').notNull(),
    /** What it was a function of, JSON text, sealed; null in offers of before it was kept. */
    keyId: key('key_id'),
    inputs: bytes('inputs'),
  },
  (t) => [
    index('offer_facility').on(t.facility, t.at),
    index('offer_encounter').on(t.encounterMac, t.at).where(sql`encounter_mac <> ''`),
  ],
);

export const reply = pgTable(
  'reply',
  {
    offer: key('offer').notNull(),
    ordinal: smallint('ordinal').notNull(),
    outcome: key('outcome').notNull(),
    reason: key('reason'),
    comment: text('comment'),
    patientInformed: boolean('patient_informed'),
    practitioner: text('practitioner'),
    at: instant('at').notNull(),
  },
  (t) => [primaryKey({ columns: [t.offer, t.ordinal] })],
);

export const ledgerEntry = pgTable(
  'ledger_entry',
  {
    id: key('id').primaryKey(),
    /** Order of appending, for reading; the chain's order is the seals'. */
    position: bigint('position', { mode: 'number' }).generatedAlwaysAsIdentity().notNull(),
    form: smallint('form').notNull(),
    chain: key('chain').notNull(),
    kind: key('kind').notNull(),
    at: instant('at').notNull(),
    offer: key('offer').notNull(),
    patientMac: key('patient_mac').notNull(),
    encounterMac: key('encounter_mac').notNull(),
    orderMac: key('order_mac').notNull(),
    target: key('target').notNull(),
    catalogueDigest: key('catalogue_digest').notNull(),
    /** JSON list of `id@version`. */
    results: text('results').notNull(),
    crossFacility: boolean('cross_facility').notNull(),
    reason: key('reason').notNull(),
    countsAsRefusal: boolean('counts_as_refusal').notNull(),
    /** Of form 2 on: the visit that it was ordered in, and who pays; '' and null where nobody said. */
    visitClass: key('visit_class').notNull().default(''),
    drg: boolean('drg').notNull().default(false),
    payer: key('payer').notNull().default(''),
    /** JSON list of thousandths: patient, fund, deductible. */
    split: text('split'),
  },
  (t) => [
    index('ledger_entry_offer').on(t.offer, t.position),
    index('ledger_entry_chain').on(t.chain, t.position),
    index('ledger_entry_offered').on(t.at).where(sql`kind = 'offered'`),
  ],
);

/** The amounts of an acceptance, one row per price item; null fen: no price is known. */
export const ledgerSaving = pgTable(
  'ledger_saving',
  {
    entry: key('entry').notNull(),
    ordinal: smallint('ordinal').notNull(),
    priceItem: key('price_item').notNull(),
    fen: bigint('fen', { mode: 'number' }),
    source: text('source').notNull(),
    key: key('key').notNull(),
  },
  (t) => [primaryKey({ columns: [t.entry, t.ordinal] })],
);

export const ledgerSeal = pgTable(
  'ledger_seal',
  {
    chain: key('chain').notNull(),
    seq: integer('seq').notNull(),
    entry: key('entry').notNull(),
    entryHash: key('entry_hash').notNull(),
    seal: key('seal').notNull(),
  },
  (t) => [primaryKey({ columns: [t.chain, t.seq] }), uniqueIndex('ledger_seal_entry').on(t.entry)],
);

/** One row per saving key that an accepted and not revoked entry holds: nothing is counted twice. */
export const ledgerSavingClaim = pgTable(
  'ledger_saving_claim',
  {
    key: key('key').primaryKey(),
    offer: key('offer').notNull(),
    entry: key('entry').notNull(),
  },
  (t) => [index('ledger_saving_claim_offer').on(t.offer)],
);

/** The chains that exist; a sealer holds its chain's row as its lease. */
export const ledgerChain = pgTable('ledger_chain', { chain: key('chain').primaryKey() });

/** The sealer's queue. `verify` does not trust it: it looks for entries without a seal. */
export const ledgerUnsealed = pgTable(
  'ledger_unsealed',
  {
    chain: key('chain').notNull(),
    position: bigint('position', { mode: 'number' }).notNull(),
    entry: key('entry').notNull(),
  },
  (t) => [primaryKey({ columns: [t.chain, t.position] })],
);

/** Once a day the last seal of every chain, signed: appended, never changed. */
export const ledgerAnchor = pgTable('ledger_anchor', {
  /** YYYY-MM-DD in the region's zone. */
  day: key('day').primaryKey(),
  at: instant('at').notNull(),
  /** JWS. */
  anchor: text('anchor').notNull(),
});

/** Orders that were asked about, whatever came of them: appended, never changed. */
export const askedOrder = pgTable(
  'asked_order',
  {
    id: key('id').primaryKey(),
    at: instant('at').notNull(),
    facility: key('facility').notNull(),
    target: key('target').notNull(),
    verdict: key('verdict').notNull(),
    coverage: key('coverage').notNull(),
    patientMac: key('patient_mac').notNull(),
    encounterMac: key('encounter_mac').notNull(),
    orderMac: key('order_mac').notNull(),
    offer: key('offer'),
    /** The asking facility's own Patient; null in rows of before it was kept, as are the inputs. */
    bucket: smallint('bucket'),
    patient: key('patient'),
    catalogueDigest: key('catalogue_digest').notNull().default(''),
    practitionerMac: key('practitioner_mac').notNull().default(''),
    /** Hospital level of the asker then; 0 in rows of before it was kept. */
    level: smallint('level').notNull().default(0),
    specialty: key('specialty').notNull().default(''),
    visitClass: key('visit_class').notNull().default(''),
    payer: key('payer').notNull().default(''),
    /** What the decision was a function of, JSON text, sealed. */
    keyId: key('key_id'),
    inputs: bytes('inputs'),
  },
  (t) => [
    index('asked_order_at').on(t.at),
    index('asked_order_patient').on(t.bucket, t.patient, t.at).where(sql`bucket is not null`),
  ],
);

/** Orders that are known from a feed, asked about or not: appended, never changed. */
export const knownOrder = pgTable(
  'known_order',
  {
    facility: key('facility').notNull(),
    orderMac: key('order_mac').notNull(),
    cancelled: boolean('cancelled').notNull(),
    at: instant('at').notNull(),
    target: key('target').notNull(),
    bucket: smallint('bucket').notNull(),
    patient: key('patient').notNull(),
    patientMac: key('patient_mac').notNull(),
    encounterMac: key('encounter_mac').notNull(),
    practitionerMac: key('practitioner_mac').notNull(),
    specialty: key('specialty').notNull(),
    visitClass: key('visit_class').notNull(),
    payer: key('payer').notNull(),
  },
  (t) => [primaryKey({ columns: [t.facility, t.orderMac, t.cancelled] }), index('known_order_at').on(t.at)],
);

/** Charges that were performed although an earlier result was there, found after the fact: appended, never changed. */
export const repeatFound = pgTable(
  'repeat_found',
  {
    /** The repeat's report, and the charge that it is worth. */
    bucket: smallint('bucket').notNull(),
    container: key('container').notNull(),
    priceItem: key('price_item').notNull(),
    at: instant('at').notNull(),
    /** Who did it again, whose result was there, and the version of the repeat. */
    facility: key('facility').notNull(),
    giver: key('giver').notNull(),
    version: integer('version').notNull(),
    patientMac: key('patient_mac').notNull(),
    /** When it was collected or performed, and how old what was there was then. */
    performedAt: instant('performed_at').notNull(),
    ageHours: integer('age_hours').notNull(),
    earlierContainer: key('earlier_container').notNull(),
    /** '' of a missed one; else why it was justified. */
    justification: key('justification').notNull(),
    /** The offer that was made of it; null: nobody asked, or nothing was offered. */
    offer: key('offer'),
    fen: bigint('fen', { mode: 'number' }),
    source: text('source').notNull(),
    catalogueDigest: key('catalogue_digest').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.bucket, t.container, t.priceItem] }),
    index('repeat_found_performed').on(t.performedAt),
  ],
);

/** What somebody has to be told or to look at: a result that was relied on has changed, or a doctor says that one is wrong. */
export const notice = pgTable(
  'notice',
  {
    id: key('id').primaryKey(),
    at: instant('at').notNull(),
    /** Whose queue it stands in. */
    facility: key('facility').notNull(),
    /** `corrected`, `retracted`, `unlinked`, `mark-withdrawn`; `wrong-person`, `wrong-value`, `wrong-image`. */
    kind: key('kind').notNull(),
    /** The offer that relied on it, '' without one. */
    offer: key('offer').notNull(),
    item: key('item').notNull(),
    bucket: smallint('bucket').notNull(),
    container: key('container').notNull(),
    element: key('element').notNull(),
    version: integer('version').notNull(),
    /** What the decision is now: `recognise`, `review`, `do-not`; '' where it was not made again. */
    verdict: key('verdict').notNull(),
    /** Who says so, and what, sealed; null of what the gateway found. */
    reporter: key('reporter'),
    keyId: key('key_id'),
    comment: bytes('comment'),
    closedAt: instant('closed_at'),
    closedBy: key('closed_by'),
  },
  (t) => [
    index('notice_open').on(t.facility, t.at, t.id).where(sql`closed_at is null`),
    uniqueIndex('notice_once').on(t.offer, t.kind, t.element, t.version).where(sql`offer <> '' and reporter is null`),
  ],
);
