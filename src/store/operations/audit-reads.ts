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

const BOUNDS = `($2::timestamptz is null or a.at >= $2) and ($3::timestamptz is null or a.at < $3)
  and ($4::timestamptz is null or (a.at, a.id) < ($4::timestamptz, $5::text collate "C")) and ($6::text is null or a.id = $6)`;
const ORDER = 'order by a.at desc, a.id desc limit $7';
const COLUMNS = columnsOf(table, 'a');
const OF_FACILITY = `select ${COLUMNS} from audit_event a where a.facility = $1 and ${BOUNDS} ${ORDER}`;
/** A page of each patient's, then of all of them. */
const OF_PATIENTS = `select ${COLUMNS} from json_array_elements_text($1::text::json) as m(mac)
  cross join lateral (select * from audit_event a where a.patient_mac = m.mac and ($8::text is null or a.facility = $8) and ${BOUNDS} ${ORDER}) a ${ORDER}`;

export async function pageAudit(
  session: Session,
  { cipher }: StoreContext,
  query: AuditQuery,
): Promise<readonly AuditEvent[]> {
  const { facility, macs, from = null, before = null, after, id = null, limit } = query;
  const bounds = [from, before, after?.at ?? null, after?.id ?? null, id, limit];
  if (macs !== undefined && macs.length === 0) return [];
  const rows =
    macs === undefined
      ? await session.run<Row>(OF_FACILITY, [facility, ...bounds])
      : await session.run<Row>(OF_PATIENTS, [JSON.stringify(macs), ...bounds, facility]);
  return rows.map(({ keyId, query: sealed, ...row }) => ({
    ...row,
    at: row.at as Instant,
    facility: row.facility as FacilityId | null,
    action: row.action as AuditAction,
    outcome: row.outcome as AuditEvent['outcome'],
    ...(sealed === null || keyId === null ? {} : { query: decoder.decode(cipher.open(plainBytes(sealed), keyId)) }),
  }));
}

const decoder = new TextDecoder();
