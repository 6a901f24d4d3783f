/** Identity: the identifier index, links with history, the steward's queue, opt-outs. */
import type { IdentifierRow, IdentityQueueItem, StoreTx } from '../../ports/store-tx.ts';
import type { Bucket } from '../../terms/bucket.ts';
import type { FacilityId } from '../../terms/facility.ts';
import type { Instant } from '../../terms/instant.ts';
import type { PatientLink, PatientRef } from '../../terms/patient-link.ts';
import type { Session, TxSession } from '../driver/database.ts';
import { columnsOf, insertOf, recordsOf, rowsParam } from '../driver/statement.ts';
import { patientLink } from '../schema/clinical-tables.ts';
import { identifier, identityQueue } from '../schema/path-tables.ts';

type LinkRow = typeof patientLink.$inferSelect;

const BY_IDENTIFIER = 'select bucket, patient, facility from identifier where mac = $1 order by bucket, patient';

export async function patientsByIdentifier(session: Session, mac: string): Promise<readonly PatientRef[]> {
  return session.run<PatientRef>(BY_IDENTIFIER, [mac]);
}

const FORGET_IDENTIFIERS = `delete from identifier i where i.bucket = $2 and i.patient = $3
  and not exists (select 1 from ${recordsOf(identifier, 'r', 1, ['mac'])} where r.mac = i.mac)`;
const WRITE_IDENTIFIERS = insertOf(
  identifier,
  'on conflict (mac, bucket, patient) do update set kind = excluded.kind, key_id = excluded.key_id where identifier.kind <> excluded.kind',
);

export function writeIdentifiers(tx: TxSession, patient: PatientRef, identifiers: readonly IdentifierRow[]): void {
  const byMac = new Map(identifiers.map((row) => [row.mac, { ...row, ...patient }]));
  const rows = rowsParam([...byMac.values()].toSorted((a, b) => (a.mac < b.mac ? -1 : 1)));
  tx.send(FORGET_IDENTIFIERS, [rows, patient.bucket, patient.patient]);
  if (byMac.size > 0) tx.send(WRITE_IDENTIFIERS, [rows]);
}

const LINKS = `select ${columnsOf(patientLink)} from patient_link`;
const LINKS_OF = `${LINKS} where bucket = $1 and patient = $2 and closed_at is null order by ordinal`;
const MEMBERS_OF = `${LINKS} where person = $1 and closed_at is null and certainty = 'certain' order by bucket, patient`;

export async function linksOf(session: Session, patient: PatientRef): Promise<readonly PatientLink[]> {
  return (await session.run<LinkRow>(LINKS_OF, [patient.bucket, patient.patient])).map(toLink);
}

export async function membersOf(session: Session, person: string): Promise<readonly PatientLink[]> {
  return (await session.run<LinkRow>(MEMBERS_OF, [person])).map(toLink);
}

const OPEN_LINK = `insert into patient_link (bucket, patient, ordinal, facility, person, certainty, ground, opened_by, opened_at)
  select $1::smallint, $2::text, coalesce(max(ordinal), 0) + 1, $3, $4, $5, $6, $7, $8::timestamptz
  from patient_link where bucket = $1::smallint and patient = $2::text`;

export function openLink(tx: TxSession, { patient, person, certainty, ground, by, from }: PatientLink): void {
  tx.send(OPEN_LINK, [patient.bucket, patient.patient, patient.facility, person, certainty, ground, by, from]);
}

const CLOSE_LINK = `update patient_link set closed_at = greatest($4::timestamptz, opened_at), closed_by = $5
  where bucket = $1 and patient = $2 and person = $3 and closed_at is null`;

export function closeLink(tx: TxSession, link: { patient: PatientRef; person: string; to: Instant; by: string }): void {
  tx.send(CLOSE_LINK, [link.patient.bucket, link.patient.patient, link.person, link.to, link.by]);
}

function toLink(row: LinkRow): PatientLink {
  return {
    patient: { bucket: row.bucket as Bucket, patient: row.patient, facility: row.facility as FacilityId },
    person: row.person,
    certainty: row.certainty as PatientLink['certainty'],
    ground: row.ground,
    by: row.openedBy,
    from: row.openedAt as Instant,
    to: row.closedAt as Instant | null,
  };
}

/** One open item per patient and reason: what comes again brings it up to date. The patient's directory row is held. */
const QUEUE = `with known as (
    update identity_queue q set others = r.others from ${recordsOf(identityQueue, 'r')}
    where q.bucket = r.bucket and q.patient = r.patient and q.reason = r.reason and q.closed_at is null returning q.id
  ) ${insertOf(identityQueue, 'where not exists (select 1 from known)')}`;

export function queueIdentity(tx: TxSession, item: IdentityQueueItem): void {
  const { id, patient, kind, others, reason, at } = item;
  const row = { id, ...patient, kind, others: JSON.stringify(others), reason, openedAt: at, closedAt: null };
  tx.send(QUEUE, [rowsParam([row])]);
}

const CLOSE_ITEMS = 'update identity_queue set closed_at = $3 where bucket = $1 and patient = $2 and closed_at is null';

export function closeIdentityItems(tx: TxSession, patient: PatientRef, at: Instant): void {
  tx.send(CLOSE_ITEMS, [patient.bucket, patient.patient, at]);
}

const HISTORY = `select
    (select json_agg(distinct q.reason)::text from identity_queue q
      where q.bucket = $1 and q.patient = $2 and q.closed_at is null) as reasons,
    coalesce((select l.closed_at is not null and l.closed_by <> $3 from patient_link l
      where l.bucket = $1 and l.patient = $2 order by l.closed_at is null desc, l.ordinal desc limit 1), false) as unlinked`;
/** Who closes links without a steward. */
const AUTOMATIC = 'identity';

export async function identityHistory(session: Session, patient: PatientRef): ReturnType<StoreTx['identityHistory']> {
  const [row] = await session.run<{ reasons: string | null; unlinked: boolean }>(HISTORY, [
    patient.bucket,
    patient.patient,
    AUTOMATIC,
  ]);
  const reasons = row === undefined || row.reasons === null ? [] : (JSON.parse(row.reasons) as string[]);
  return { openReasons: reasons, unlinkedBySteward: row?.unlinked ?? false };
}

const QUEUED = `select ${columnsOf(identityQueue)} from identity_queue
  where closed_at is null and ($2::text is null or kind = $2::text)
  order by case kind when 'conflict' then 0 when 'suspended' then 1 else 2 end, opened_at, id limit $1`;

/** Conflicts first, then links that were suspended, then what is merely possible; of each the oldest first. */
export async function readIdentityQueue(
  session: Session,
  limit: number,
  kind?: IdentityQueueItem['kind'],
): Promise<readonly IdentityQueueItem[]> {
  const rows = await session.run<typeof identityQueue.$inferSelect>(QUEUED, [limit, kind ?? null]);
  return rows.map((row) => ({
    id: row.id,
    patient: { bucket: row.bucket as Bucket, patient: row.patient, facility: row.facility as FacilityId },
    kind: row.kind as IdentityQueueItem['kind'],
    others: JSON.parse(row.others) as string[],
    reason: row.reason,
    at: row.openedAt as Instant,
  }));
}

const SET_OPT_OUT = `insert into opt_out (bucket, patient, facility, opted_out, changed_at) values ($1, $2, $3, $4, $5)
  on conflict (bucket, patient) do update set opted_out = excluded.opted_out, changed_at = excluded.changed_at`;

export function setOptOut(tx: TxSession, patient: PatientRef, optedOut: boolean, at: Instant): void {
  tx.send(SET_OPT_OUT, [patient.bucket, patient.patient, patient.facility, optedOut, at]);
}
