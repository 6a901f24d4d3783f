/** The mapping queue: codes that no map knows, noted once in a message's own transaction. */
import type { UnmappedCode } from '../../terms/code-map.ts';
import type { FacilityId } from '../../terms/facility.ts';
import type { Session, TxSession } from '../driver/database.ts';
import { insertOf, rowsParam } from '../driver/statement.ts';
import { unmappedCode } from '../schema/reference-tables.ts';

/**
 * Noted once and never updated: a counter would be the one row that every message of a facility waits for. How often a
 * code is met is counted from the registry when the queue is read.
 */
const NOTE = insertOf(unmappedCode, 'on conflict (facility, kind, code) do nothing');

export function noteUnmapped(tx: TxSession, codes: readonly Omit<UnmappedCode, 'seen'>[]): void {
  const noted = new Map(codes.map((code) => [`${code.facility}\n${code.kind}\n${code.code}`, code]));
  // In key order, so that two first sights never wait for each other in a circle.
  const rows = [...noted]
    .toSorted(([left], [right]) => (left < right ? -1 : 1))
    .map(([, { facility, kind, system, code, display }]) => ({ facility, kind, system, code, display }));
  if (rows.length > 0) tx.defer('unmapped', NOTE, [rowsParam(rows)]);
}

const UNMAPPED = `select u.facility, u.kind, u.system, u.code, u.display, (select count(*) from result_entry e
    where u.kind = 'result' and e.facility = u.facility and e.system = u.system and e.code = u.code
      and e.item is null and e.known_to is null) as seen
  from unmapped_code u
  where ($1::text is null or u.facility = $1::text) and not exists (select 1 from code_map m
    where m.facility = u.facility and m.kind = u.kind and m.code = u.code and m.target = '')
  order by seen desc, u.facility, u.kind, u.code`;

/** Most often seen first; what a map says to be nothing is left out. Which targets exist is the catalogue's to say. */
export function readUnmapped(session: Session, facility: FacilityId | null): Promise<readonly UnmappedCode[]> {
  return session.run(UNMAPPED, [facility]);
}
