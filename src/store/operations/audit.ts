/** Audit events: appended, never read on the path. */
import { utf8 } from '../../base/bytes.ts';
import type { AuditEvent } from '../../terms/audit-event.ts';
import type { TxSession } from '../driver/database.ts';
import { byteaText, insertOf, rowsParam } from '../driver/statement.ts';
import { auditEvent } from '../schema/path-tables.ts';
import type { StoreContext } from './context.ts';

const INSERT = insertOf(auditEvent);

export function insertAudit(tx: TxSession, { cipher }: StoreContext, events: readonly AuditEvent[]): void {
  if (events.length === 0) return;
  const rows = events.map(({ query, resource = '', ...event }) =>
    query === undefined
      ? { ...event, resource, keyId: null, query: null }
      : { ...event, resource, keyId: cipher.keyId, query: byteaText(cipher.seal(utf8(query))) },
  );
  tx.defer('audit', INSERT, [rowsParam(rows)]);
}
