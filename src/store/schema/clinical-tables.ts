/**
 * Clinical tables: every key and index is led by `bucket`, so that they fit one server, hash partitions
 * or a distributed PostgreSQL without a rewrite (DESIGN 4; fhir-performance-security 7.3 rules 1 to 7).
 * No foreign keys, no sequences, no volatile defaults. The few indexes without bucket are listed in
 * `test/store/schema-rules.test.ts`.
 */
import { sql } from 'drizzle-orm';
import { boolean, index, integer, pgTable, primaryKey, smallint, text, uniqueIndex } from 'drizzle-orm/pg-core';
import { bytes, instant, key } from './columns.ts';

/** A report, recording or lone resource: one row per version, one canonical JSON text. */
export const container = pgTable(
  'container',
  {
    bucket: smallint('bucket').notNull(),
    id: key('id').notNull(),
    version: integer('version').notNull(),
    kind: key('kind').notNull(),
    facility: key('facility').notNull(),
    patient: key('patient').notNull(),
    collectedAt: instant('collected_at'),
    knownFrom: instant('known_from').notNull(),
    envelope: key('envelope').notNull(),
    content: text('content').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.bucket, t.id, t.version] }),
    index('container_patient').on(t.bucket, t.patient, t.id),
    index('container_feed').on(t.facility, t.knownFrom, t.bucket, t.id),
  ],
);

/** Shared small resources: Patient, Organization, Practitioner, … sealed, one row per version. */
export const resource = pgTable(
  'resource',
  {
    bucket: smallint('bucket').notNull(),
    id: key('id').notNull(),
    version: integer('version').notNull(),
    type: key('type').notNull(),
    /** Whose statement it is. */
    facility: key('facility').notNull(),
    /** Id of the Patient that it is about, of a Patient its own; '' when it is about nobody. */
    patient: key('patient').notNull(),
    knownFrom: instant('known_from').notNull(),
    /** Keyed hash of the canonical text: tells a change without opening the seal. */
    contentMac: key('content_mac').notNull(),
    keyId: key('key_id').notNull(),
    content: bytes('content').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.bucket, t.id, t.version] }),
    index('resource_patient').on(t.bucket, t.patient, t.type, t.id),
    index('resource_feed').on(t.facility, t.type, t.knownFrom, t.bucket, t.id),
  ],
);

/** The registry. Never updated but for `known_to`; a re-index closes a row and adds its next generation. */
export const resultEntry = pgTable(
  'result_entry',
  {
    bucket: smallint('bucket').notNull(),
    container: key('container').notNull(),
    element: key('element').notNull(),
    version: integer('version').notNull(),
    generation: smallint('generation').notNull(),
    patient: key('patient').notNull(),
    item: key('item'),
    facility: key('facility').notNull(),
    performer: text('performer'),
    system: key('system').notNull(),
    code: key('code').notNull(),
    display: text('display').notNull(),
    loinc: key('loinc'),
    /** The Observation states codes beyond these two: who searches by code looks at it. */
    moreCodes: boolean('more_codes').notNull(),
    effectiveStart: instant('effective_start').notNull(),
    effectiveEnd: instant('effective_end').notNull(),
    basis: key('basis').notNull(),
    status: key('status').notNull(),
    valueKind: key('value_kind').notNull(),
    comparator: key('comparator'),
    /** A decimal as it was written, or the text. */
    value: text('value'),
    unit: text('unit'),
    ucum: text('ucum'),
    referenceText: text('reference_text'),
    /** JSON lists of codes. */
    interpretation: text('interpretation').notNull(),
    method: text('method'),
    specimen: key('specimen'),
    bodySite: key('body_site'),
    qualityFlags: text('quality_flags').notNull(),
    production: boolean('production').notNull(),
    knownFrom: instant('known_from').notNull(),
    knownTo: instant('known_to'),
  },
  (t) => [
    primaryKey({ columns: [t.bucket, t.container, t.element, t.version, t.generation] }),
    uniqueIndex('result_entry_open').on(t.bucket, t.container, t.element).where(sql`known_to is null`),
    index('result_entry_candidates')
      .on(t.bucket, t.patient, t.item, t.effectiveStart.desc().nullsFirst())
      .where(sql`known_to is null`),
    index('result_entry_code').on(t.facility, t.code, t.system).where(sql`known_to is null`),
    index('result_entry_closed').on(t.bucket, t.container, t.element).where(sql`known_to is not null`),
  ],
);

/** Why a Patient is a Person; a closed link stays as history. */
export const patientLink = pgTable(
  'patient_link',
  {
    bucket: smallint('bucket').notNull(),
    patient: key('patient').notNull(),
    ordinal: smallint('ordinal').notNull(),
    facility: key('facility').notNull(),
    person: key('person').notNull(),
    certainty: key('certainty').notNull(),
    ground: key('ground').notNull(),
    openedBy: key('opened_by').notNull(),
    openedAt: instant('opened_at').notNull(),
    closedBy: key('closed_by'),
    closedAt: instant('closed_at'),
  },
  (t) => [
    primaryKey({ columns: [t.bucket, t.patient, t.ordinal] }),
    uniqueIndex('patient_link_open').on(t.bucket, t.patient, t.person).where(sql`closed_at is null`),
    uniqueIndex('patient_link_certain').on(t.bucket, t.patient).where(sql`closed_at is null and certainty = 'certain'`),
    index('patient_link_person').on(t.person),
  ],
);

/** A patient who wants no other facility to see the results. */
export const optOut = pgTable(
  'opt_out',
  {
    bucket: smallint('bucket').notNull(),
    patient: key('patient').notNull(),
    facility: key('facility').notNull(),
    optedOut: boolean('opted_out').notNull(),
    changedAt: instant('changed_at').notNull(),
  },
  (t) => [primaryKey({ columns: [t.bucket, t.patient] })],
);

/** Which results an offer relied on, so that a retraction finds its offers. */
export const offerResult = pgTable(
  'offer_result',
  {
    bucket: smallint('bucket').notNull(),
    container: key('container').notNull(),
    element: key('element').notNull(),
    offer: key('offer').notNull(),
    version: integer('version').notNull(),
  },
  (t) => [primaryKey({ columns: [t.bucket, t.container, t.element, t.offer] })],
);
