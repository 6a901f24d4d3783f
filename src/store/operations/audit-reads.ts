/** The audit trail read back, along its indexes; what was sealed is opened. */
import type { AuditQuery } from '../../ports/store-audit.ts';
import type { AuditAction, AuditEvent } from '../../terms/audit-event.ts';
import type { FacilityId } from '../../terms/facility.ts';
import type { Instant } from '../../terms/instant.ts';
import type { Session } from '../driver/database.ts';
import { columnsOf, plainBytes } from '../driver/statement.ts';
import { auditEvent as table } from '../schema/path-tables.ts';
import type { StoreContext } from './context.ts';

type Row = typeof table.$inferSelect;

const LIST = (parameter: number): string => `(select json_array_elements_text($${parameter}::text::json))`;
const BOUNDS = `($1::timestamptz is null or a.at >= $1) and ($2::timestamptz is null or a.at < $2)
  and ($3::timestamptz is null or (a.at, a.id) < ($3::timestamptz, $4::text collate "C")) and ($5::text is null or a.id = $5)
  and ($6::text is null or a.action in ${LIST(6)}) and ($7::text is null or a.outcome = $7) and ($8::text is null or a.resource = $8)`;
const ORDER = 'order by a.at desc, a.id desc limit $9';
const COLUMNS = columnsOf(table, 'a');
const OF_ALL = `select ${COLUMNS} from audit_event a where ${BOUNDS} ${ORDER}`;
const OF_FACILITY = `select ${COLUMNS} from audit_event a where a.facility = $10 and ${BOUNDS} ${ORDER}`;
/** A page of each record's, then of all of them. */
const OF_PATIENT = `select ${COLUMNS} from json_to_recordset($10::text::json) as m(mac text collate "C", own boolean)
  cross join lateral (select * from audit_event a where a.patient_mac = m.mac and ${BOUNDS}
    and ($11::text is null or (a.facility = $11 and (m.own or a.outcome = 'success'))
      or (a.facility is distinct from $11 and a.action in ${LIST(12)})) ${ORDER}) a ${ORDER}`;

export async function pageAudit(
  session: Session,
  { cipher }: StoreContext,
  query: AuditQuery,
): Promise<readonly AuditEvent[]> {
  const { of, from, before, after, id, actions, outcome, resource, limit } = query;
  const bounds = [
    from ?? null,
    before ?? null,
    after?.at ?? null,
    after?.id ?? null,
    id ?? null,
    actions === undefined ? null : JSON.stringify(actions),
    outcome ?? null,
    resource ?? null,
    limit,
  ];
  const rows = await rowsOf(session, of, bounds);
  return rows.map(({ keyId, query: sealed, ...row }) => ({
    ...row,
    at: row.at as Instant,
    facility: row.facility as FacilityId | null,
    action: row.action as AuditAction,
    outcome: row.outcome as AuditEvent['outcome'],
    ...(sealed === null || keyId === null ? {} : { query: decoder.decode(cipher.open(plainBytes(sealed), keyId)) }),
  }));
}

async function rowsOf(
  session: Session,
  of: AuditQuery['of'],
  bounds: readonly (string | number | null)[],
): Promise<readonly Row[]> {
  if (of === 'all') return session.run<Row>(OF_ALL, bounds);
  if (!('records' in of)) return session.run<Row>(OF_FACILITY, [...bounds, of.facility]);
  const { records, facility, looks } = of;
  if (records.length === 0) return [];
  return session.run<Row>(OF_PATIENT, [...bounds, JSON.stringify(records), facility, JSON.stringify(looks)]);
}

const decoder = new TextDecoder();
