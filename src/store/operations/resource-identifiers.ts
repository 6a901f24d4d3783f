/** Business identifiers of resources: from an identifier's HMAC to where its resource is. */
import type { IdentifierQuery, ResourceIdentifierRow, ResourcePlace } from '../../ports/store-tx.ts';
import type { Session, TxSession } from '../driver/database.ts';
import { insertOf, rowsParam } from '../driver/statement.ts';
import { resourceIdentifier as table } from '../schema/path-tables.ts';

const WRITE = insertOf(table, 'on conflict do nothing');

export function writeResourceIdentifiers(tx: TxSession, rows: readonly ResourceIdentifierRow[]): void {
  if (rows.length === 0) return;
  const byKey = new Map(rows.map((row) => [`${row.type}\n${row.mac}\n${row.system}\n${row.id}`, row]));
  // Keys in order, so that two transactions never wait for each other.
  const sorted = [...byKey].toSorted(([left], [right]) => (left < right ? -1 : 1)).map(([, row]) => row);
  tx.defer('resource-identifiers', WRITE, [rowsParam(sorted)]);
}

const FIND = `select distinct facility, type, bucket, id, container from resource_identifier
  where mac = $1 and type = $2 and ($3::text is null or facility = $3) and ($4::text is null or system = $4)
  order by bucket, id limit $5`;

export async function findByIdentifier(session: Session, query: IdentifierQuery): Promise<readonly ResourcePlace[]> {
  const { facility, type, mac, system, limit } = query;
  // No text of a database holds NUL, so that nothing is found under it.
  if (system?.includes('\u0000') === true) return [];
  return session.run<ResourcePlace>(FIND, [mac, type, facility, system ?? null, limit]);
}
