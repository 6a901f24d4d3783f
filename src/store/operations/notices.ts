/** Notices: appended, closed once. What a doctor wrote is sealed. */
import { utf8 } from '../../base/bytes.ts';
import type { NoticeStore } from '../../ports/store-notices.ts';
import type { StoreTx } from '../../ports/store-tx.ts';
import type { Bucket } from '../../terms/bucket.ts';
import type { FacilityId } from '../../terms/facility.ts';
import type { Instant } from '../../terms/instant.ts';
import type { Notice } from '../../terms/notice.ts';
import type { Database, TxSession } from '../driver/database.ts';
import { byteaText, columnsOf, insertOf, plainBytes, recordsOf, rowsParam } from '../driver/statement.ts';
import { offerResult, resultEntry } from '../schema/clinical-tables.ts';
import { notice as table } from '../schema/ledger-tables.ts';
import type { StoreContext } from './context.ts';
import { type EntryRow, toEntry } from './entries.ts';

type Row = typeof table.$inferSelect;

/** What was noticed already is not noticed again. */
const INSERT = `${insertOf(table)} on conflict do nothing returning id`;
const COLUMNS = columnsOf(table);
const OPEN = `select ${COLUMNS} from notice where closed_at is null and ($1::text is null or facility = $1) order by at, id limit $2`;
const CLOSE = `update notice set closed_at = $2, closed_by = $3
  where id = $1 and closed_at is null and ($4::text is null or facility = $4) returning id`;

const ON_REPORT = 'select distinct offer from offer_result where bucket = $1 and container = $2 order by offer';
const ON_PATIENT = `select o.offer from container c join offer_result o on o.bucket = c.bucket and o.container = c.id
    where c.bucket = $1 and c.patient = $2 and c.version = 1
  union select a.offer from asked_order a where a.bucket = $1 and a.patient = $2 and a.offer is not null order by offer`;
const ACCEPTED = `select offer, position from ledger_entry where chain = $1 and position > $2 and kind = 'accepted' order by position limit $3`;
const RELIED_ON = `select 1 as one from ${recordsOf(offerResult, 'r', 1, ['bucket', 'container'])}
  join offer_result o on o.bucket = r.bucket and o.container = r.container limit 1`;
const OPEN_ENTRIES = `select ${columnsOf(resultEntry, 'e')}
  from ${recordsOf(resultEntry, 'r', 1, ['bucket', 'container', 'element'])}
  join result_entry e on e.bucket = r.bucket and e.container = r.container and e.element = r.element and e.known_to is null
  order by e.bucket, e.container, e.element`;

export function createNoticeStore(database: Database, context: StoreContext): NoticeStore {
  return {
    open: async ({ facility, limit }) =>
      (await database.run<Row>(OPEN, [facility ?? null, limit])).map((row) => toNotice(row, context)),
    close: async (id, { facility, at, by }) => (await database.run(CLOSE, [id, at, by, facility ?? null])).length > 0,
    offersOnReport: async ({ bucket, container }) => offersIn(database, ON_REPORT, [bucket, container]),
    offersOnPatient: async ({ bucket, patient }) => offersIn(database, ON_PATIENT, [bucket, patient]),
    acceptedBehind: ({ chain, position, limit }) => database.run(ACCEPTED, [chain, position, limit]),
  };
}

async function offersIn(
  database: Database,
  text: string,
  parameters: readonly (string | number)[],
): Promise<readonly string[]> {
  return (await database.run<{ offer: string }>(text, [...parameters])).map(({ offer }) => offer);
}

/** The ids of those that were not there. */
export async function insertNotices(
  tx: TxSession,
  { cipher }: StoreContext,
  notices: readonly Notice[],
): Promise<readonly string[]> {
  if (notices.length === 0) return [];
  const rows = notices.map(({ comment, ...rest }) => ({
    ...rest,
    keyId: comment === '' ? null : cipher.keyId,
    comment: comment === '' ? null : byteaText(cipher.seal(utf8(comment))),
  }));
  return (await tx.run<{ id: string }>(INSERT, [rowsParam(rows)])).map(({ id }) => id);
}

export async function isReliedOn(
  tx: TxSession,
  reports: readonly { readonly bucket: Bucket; readonly container: string }[],
): Promise<boolean> {
  if (reports.length === 0) return false;
  return (
    (await tx.run(RELIED_ON, [rowsParam(reports.map(({ bucket, container }) => ({ bucket, container })))])).length > 0
  );
}

export async function openEntries(
  tx: TxSession,
  elements: Parameters<StoreTx['openEntries']>[0],
): ReturnType<StoreTx['openEntries']> {
  if (elements.length === 0) return [];
  const rows = elements.map(({ bucket, container, element }) => ({ bucket, container, element }));
  return (await tx.run<EntryRow>(OPEN_ENTRIES, [rowsParam(rows)])).map(toEntry);
}

const decoder = new TextDecoder();

function toNotice(row: Row, { cipher }: StoreContext): Notice {
  const { keyId, comment, ...rest } = row;
  return {
    ...rest,
    at: row.at as Instant,
    facility: row.facility as FacilityId,
    kind: row.kind as Notice['kind'],
    bucket: row.bucket as Bucket,
    verdict: row.verdict as Notice['verdict'],
    reporter: row.reporter as FacilityId | null,
    closedAt: row.closedAt as Instant | null,
    comment: comment === null || keyId === null ? '' : decoder.decode(cipher.open(plainBytes(comment), keyId)),
  };
}
