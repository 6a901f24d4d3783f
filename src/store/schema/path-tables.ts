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

/**
 * Business identifiers of resources: HMAC of an identifier's value → where its resource is. A row that a later version no
 * longer states stays; whoever reads by it looks at the resource again.
 */
export const resourceIdentifier = pgTable(
  'resource_identifier',
  {
    facility: key('facility').notNull(),
    type: key('type').notNull(),
    mac: key('mac').notNull(),
    system: key('system').notNull(),
    bucket: smallint('bucket').notNull(),
    id: key('id').notNull(),
    /** The container that holds it; '' for a row of `resource`. */
    container: key('container').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.facility, t.type, t.mac, t.system, t.bucket, t.id] }),
    index('resource_identifier_mac').on(t.mac, t.type),
  ],
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
    /** `Observation/id` of a read, `Observation` of a search, '' of what concerns no resource. */
    resource: key('resource').notNull(),
    /** The query of a search as it was asked, sealed: it may hold identifiers. */
    keyId: key('key_id'),
    query: bytes('query'),
  },
  (t) => [
    index('audit_event_patient').on(t.patientMac, t.at),
    index('audit_event_facility').on(t.facility, t.at),
    index('audit_event_at').on(t.at),
  ],
);

/** Client assertions that were used once (RFC 7523 3, `jti`), until they expire. */
export const assertion = pgTable(
  'assertion',
  {
    channel: key('channel').notNull(),
    /** HMAC of the `jti`. */
    mac: key('mac').notNull(),
    expiresAt: instant('expires_at').notNull(),
  },
  (t) => [primaryKey({ columns: [t.channel, t.mac] }), index('assertion_expires').on(t.expiresAt)],
);

/** Break-glass: who opened whose results without a treating relationship, and who looked at it later. */
export const breakGlass = pgTable(
  'break_glass',
  {
    id: key('id').primaryKey(),
    at: instant('at').notNull(),
    /** Who opened it. */
    facility: key('facility').notNull(),
    channel: key('channel').notNull(),
    /** The opening facility's own Patient. */
    bucket: smallint('bucket').notNull(),
    patient: key('patient').notNull(),
    encounterMac: key('encounter_mac').notNull(),
    /** The reason as given, sealed. */
    keyId: key('key_id').notNull(),
    reason: bytes('reason').notNull(),
    until: instant('until').notNull(),
    reviewedAt: instant('reviewed_at'),
    reviewedBy: key('reviewed_by'),
    /** `justified`, `unjustified`. */
    judgement: key('judgement'),
  },
  (t) => [
    index('break_glass_open').on(t.at, t.id).where(sql`reviewed_at is null`),
    index('break_glass_patient').on(t.facility, t.bucket, t.patient, t.until),
  ],
);

/** One notification of one subscription: waiting, delivered or dead. The job brings it out. */
export const delivery = pgTable(
  'delivery',
  {
    id: key('id').primaryKey(),
    subscription: key('subscription').notNull(),
    /** Counts up within the subscription and patient: the receiver sees a gap. */
    event: bigint('event', { mode: 'number' }).notNull(),
    bucket: smallint('bucket').notNull(),
    patient: key('patient').notNull(),
    /** What happened: `Observation/id/_history/n` texts as a JSON list. */
    focus: text('focus').notNull(),
    at: instant('at').notNull(),
    attempts: integer('attempts').notNull(),
    state: key('state').notNull(),
    /** A code of ours for the last failure: never what the endpoint said. */
    lastFault: key('last_fault').notNull(),
    endedAt: instant('ended_at'),
  },
  (t) => [
    uniqueIndex('delivery_event').on(t.subscription, t.bucket, t.patient, t.event),
    index('delivery_dead').on(t.endedAt, t.id).where(sql`state = 'dead'`),
  ],
);

/** Where reading a facility's own FHIR server stands. */
export const pullState = pgTable('pull_state', {
  facility: key('facility').primaryKey(),
  /** Everything last updated before this has been taken. */
  since: instant('since'),
  /** The page to go on with, sealed: servers put identifiers into it. */
  keyId: key('key_id'),
  nextPage: bytes('next_page'),
  pulledAt: instant('pulled_at'),
  lastFault: key('last_fault').notNull(),
});

/** How far work that goes through time has come, by its kind. */
export const progress = pgTable('progress', {
  kind: key('kind').primaryKey(),
  /** Everything known until then has been looked at. */
  until: instant('until').notNull(),
});
