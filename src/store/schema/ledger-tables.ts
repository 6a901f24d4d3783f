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
  },
  (t) => [index('asked_order_at').on(t.at)],
);
