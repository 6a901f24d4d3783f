/** Audit events: appended, never read on the path. */
import type { AuditEvent } from '../../terms/audit-event.ts';
import type { TxSession } from '../driver/database.ts';
import { insertOf, rowsParam } from '../driver/statement.ts';
import { auditEvent } from '../schema/path-tables.ts';

const INSERT = insertOf(auditEvent);

export function insertAudit(tx: TxSession, events: readonly AuditEvent[]): void {
  if (events.length > 0) tx.defer('audit', INSERT, [rowsParam(events)]);
}
