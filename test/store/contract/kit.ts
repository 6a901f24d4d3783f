/** What the contract's parts share: the opened store and the smallest right rows. */
import { randomUUID } from 'node:crypto';
import type postgres from 'postgres';
import type { Decimal } from '../../../src/base/decimal.ts';
import type { DirectoryRow, StoreTx } from '../../../src/ports/store-tx.ts';
import type { Store } from '../../../src/ports/store.ts';
import type { AuditEvent } from '../../../src/terms/audit-event.ts';
import type { Bucket } from '../../../src/terms/bucket.ts';
import type { ChannelId } from '../../../src/terms/channel.ts';
import type { ContainerVersion } from '../../../src/terms/container.ts';
import type { DirectoryClaim, DirectoryKind } from '../../../src/terms/directory.ts';
import type { Envelope } from '../../../src/terms/envelope.ts';
import type { FacilityId } from '../../../src/terms/facility.ts';
import type { Instant } from '../../../src/terms/instant.ts';
import { type LedgerEntry, NO_VISIT } from '../../../src/terms/ledger-entry.ts';
import type { Offer } from '../../../src/terms/offer.ts';
import type { PatientRef } from '../../../src/terms/patient-link.ts';
import type { ResultEntry } from '../../../src/terms/result-entry.ts';
import type { TestClock } from '../../support/store-kit.ts';

export interface Subject {
  readonly store: Store;
  readonly clock: TestClock;
  /** Plain SQL on the same database. */
  readonly sql: postgres.Sql;
  readonly kind: 'pglite' | 'postgres';
  /** Another store on the same database, as a second gateway would open. */
  readonly another: () => Promise<Store>;
}

export type UseSubject = () => Subject;

let count = 0;

/** A name that no other test uses. */
export function fresh(prefix: string): string {
  count++;
  return `${prefix}${count}`;
}

export const facilityId = (): FacilityId => fresh('facility-') as FacilityId;

export function patientRef(facility = facilityId()): PatientRef {
  const patient = fresh('patient-');
  return { bucket: (count % 1024) as Bucket, patient, facility };
}

export function envelope(facility: FacilityId, at: Instant, over: Partial<Envelope> = {}): Envelope {
  return {
    id: randomUUID(),
    facility,
    channel: 'channel-1' as ChannelId,
    receivedAt: at,
    format: 'hl7v2',
    bytes: new TextEncoder().encode('MSH|^~\\&|LIS|示例医院'),
    digest: fresh('digest-'),
    controlMac: fresh('control-'),
    test: false,
    ...over,
  };
}

export function directoryClaim(
  facility: FacilityId,
  kind: DirectoryKind,
  over: Partial<DirectoryClaim> = {},
): DirectoryClaim {
  const mac = fresh('mac-');
  return { facility, kind, mac, bucket: (count % 1024) as Bucket, id: `id-of-${mac}`, ...over };
}

export function container(
  row: DirectoryClaim,
  patient: string,
  at: Instant,
  over: Partial<ContainerVersion> = {},
): ContainerVersion & { knownFrom: Instant; envelope: string } {
  return {
    kind: 'report',
    bucket: row.bucket,
    id: row.id,
    version: 1,
    facility: row.facility,
    patient,
    elements: [{ key: '', version: 1, statedAt: at, resource: { resourceType: 'DiagnosticReport', id: row.id } }],
    knownFrom: at,
    envelope: 'an-envelope',
    ...over,
  };
}

export function entry(patient: PatientRef, at: Instant, over: Partial<ResultEntry> = {}): ResultEntry {
  const element = fresh('element-');
  return {
    bucket: patient.bucket,
    patient: patient.patient,
    item: 'ALT',
    facility: patient.facility,
    system: 'urn:example:codes',
    code: 'A001',
    display: '丙氨酸氨基转移酶',
    effectiveStart: at,
    effectiveEnd: at,
    basis: 'collected',
    status: 'final',
    value: { kind: 'quantity', value: '31.0' as Decimal, unit: 'U/L', ucum: 'U/L' },
    interpretation: [],
    qualityFlags: [],
    production: true,
    container: `container-of-${element}`,
    element,
    version: 1,
    knownFrom: at,
    knownTo: null,
    ...over,
  };
}

export function offer(patient: PatientRef, at: Instant, over: Partial<Offer> = {}): Offer {
  return {
    id: randomUUID(),
    at,
    facility: patient.facility,
    patient,
    encounterMac: 'encounter',
    orderMac: fresh('order-'),
    catalogueDigest: 'catalogue',
    decision: { key: 'a', target: 'ALT', verdict: 'recognise', coverage: 'full', missing: [], items: [] },
    ...over,
  };
}

export function ledgerEntry(of: Offer, kind: LedgerEntry['kind'], over: Partial<LedgerEntry> = {}): LedgerEntry {
  return {
    id: randomUUID(),
    form: 2,
    chain: of.facility,
    kind,
    at: of.at,
    offer: of.id,
    patientMac: 'patient-pseudonym',
    encounterMac: of.encounterMac,
    orderMac: of.orderMac,
    target: 'ALT',
    savings: [],
    catalogueDigest: of.catalogueDigest,
    results: ['container@1'],
    crossFacility: true,
    reason: '',
    countsAsRefusal: false,
    visit: NO_VISIT,
    ...over,
  };
}

export function auditEvent(at: Instant, over: Partial<AuditEvent> = {}): AuditEvent {
  return {
    id: randomUUID(),
    at,
    facility: null,
    actor: 'channel-1',
    action: 'check',
    patientMac: 'patient-pseudonym',
    encounterMac: '',
    purpose: 'treatment',
    outcome: 'success',
    detail: '',
    ...over,
  };
}

/** Claims one key and answers its row. */
export async function claimOne(tx: StoreTx, claim: DirectoryClaim): Promise<DirectoryRow> {
  const [row] = await tx.claim([claim]);
  if (row === undefined) throw new Error('a claim was not answered');
  return row;
}
