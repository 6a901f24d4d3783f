/** Tables of the path that are keyed by facility and business key, not by bucket (DESIGN 4, exceptions). */
import { sql } from 'drizzle-orm';
import { bigint, boolean, index, integer, pgTable, primaryKey, smallint, text, uniqueIndex } from 'drizzle-orm/pg-core';
import { bytes, instant, key } from './columns.ts';

/** One message's bytes as received, sealed, and what was answered. */
export const envelope = pgTable(
  'envelope',
  {
    id: key('id').primaryKey(),
    facility: key('facility').notNull(),
    channel: key('channel').notNull(),
    receivedAt: instant('received_at').notNull(),
    format: key('format').notNull(),
    digest: key('digest').notNull(),
    controlMac: key('control_mac').notNull(),
    test: boolean('test').notNull(),
    keyId: key('key_id').notNull(),
    content: bytes('content').notNull(),
    outcome: key('outcome').notNull(),
    ack: bytes('ack'),
    problems: text('problems').notNull(),
    problemCount: integer('problem_count').notNull(),
    resultsIn: integer('results_in').notNull(),
    resultsStored: integer('results_stored').notNull(),
    receipts: integer('receipts').notNull(),
  },
  (t) => [
    uniqueIndex('envelope_resend').on(t.facility, t.controlMac, t.digest),
    index('envelope_received').on(t.receivedAt.desc().nullsFirst(), t.id.desc().nullsFirst()),
    index('envelope_outcome')
      .on(t.outcome, t.receivedAt.desc().nullsFirst(), t.id.desc().nullsFirst())
      .where(sql`outcome <> 'stored'`),
  ],
);

/** (facility, kind, business key as HMAC) → (bucket, id, head version): the only authority for ids. */
export const directory = pgTable(
  'directory',
  {
    facility: key('facility').notNull(),
    kind: key('kind').notNull(),
    mac: key('mac').notNull(),
    bucket: smallint('bucket').notNull(),
    id: key('id').notNull(),
    headVersion: integer('head_version').notNull(),
  },
  (t) => [primaryKey({ columns: [t.facility, t.kind, t.mac] })],
);

/** Identifier index: HMAC of an identifier → the Patients that hold it. Never the number itself. */
export const identifier = pgTable(
  'identifier',
  {
    mac: key('mac').notNull(),
    bucket: smallint('bucket').notNull(),
    patient: key('patient').notNull(),
    facility: key('facility').notNull(),
    kind: key('kind').notNull(),
    keyId: key('key_id').notNull(),
  },
  (t) => [primaryKey({ columns: [t.mac, t.bucket, t.patient] }), index('identifier_patient').on(t.bucket, t.patient)],
);

/** What a steward has to look at. */
export const identityQueue = pgTable(
  'identity_queue',
  {
    id: key('id').primaryKey(),
    bucket: smallint('bucket').notNull(),
    patient: key('patient').notNull(),
    facility: key('facility').notNull(),
    kind: key('kind').notNull(),
    /** JSON list of ids. */
    others: text('others').notNull(),
    reason: key('reason').notNull(),
    openedAt: instant('opened_at').notNull(),
    closedAt: instant('closed_at'),
  },
  (t) => [
    index('identity_queue_open').on(t.openedAt, t.id).where(sql`closed_at is null`),
    index('identity_queue_patient').on(t.bucket, t.patient).where(sql`closed_at is null`),
  ],
);

/** Work for later, in order per key; a leased job stops the others of its key (unique index). */
export const job = pgTable(
  'job',
  {
    position: bigint('position', { mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
    kind: key('kind').notNull(),
    orderingKey: key('ordering_key').notNull(),
    due: instant('due').notNull(),
    leasedUntil: instant('leased_until'),
    attempts: integer('attempts').notNull(),
    reference: key('reference').notNull(),
  },
  (t) => [
    uniqueIndex('job_running').on(t.orderingKey).where(sql`leased_until is not null`),
    index('job_order').on(t.orderingKey, t.position),
    index('job_due').on(t.due, t.position),
  ],
);

/** Who saw or changed which person's data: pseudonyms only, appended only. */
export const auditEvent = pgTable(
  'audit_event',
  {
    id: key('id').primaryKey(),
    at: instant('at').notNull(),
    facility: key('facility'),
    actor: key('actor').notNull(),
    action: key('action').notNull(),
    patientMac: key('patient_mac').notNull(),
    encounterMac: key('encounter_mac').notNull(),
    purpose: text('purpose').notNull(),
    outcome: key('outcome').notNull(),
    detail: text('detail').notNull(),
  },
  (t) => [index('audit_event_patient').on(t.patientMac, t.at), index('audit_event_at').on(t.at)],
);
