/** The mapping queue: codes that no map knows, counted in the message's own transaction. */
import type { UnmappedCode } from '../../terms/code-map.ts';
import type { FacilityId } from '../../terms/facility.ts';
import type { Instant } from '../../terms/instant.ts';
import type { Session, TxSession } from '../driver/database.ts';
import { insertOf, rowsParam } from '../driver/statement.ts';
import { unmappedCode } from '../schema/reference-tables.ts';

const NOTE = insertOf(
  unmappedCode,
  `on conflict (facility, kind, code) do update set seen = unmapped_code.seen + excluded.seen,
    last_at = greatest(unmapped_code.last_at, excluded.last_at)`,
);

export function noteUnmapped(tx: TxSession, codes: readonly Omit<UnmappedCode, 'seen'>[], at: Instant): void {
  const counted = new Map<string, UnmappedCode & { lastAt: Instant }>();
  for (const code of codes) {
    const key = `${code.facility}\n${code.kind}\n${code.code}`;
    const { facility, kind, system, display } = code;
    counted.set(key, {
      facility,
      kind,
      code: code.code,
      system,
      display,
      seen: (counted.get(key)?.seen ?? 0) + 1,
      lastAt: at,
    });
  }
  // In key order, so that two messages of one facility never wait for each other in a circle.
  const rows = [...counted].toSorted(([left], [right]) => (left < right ? -1 : 1)).map(([, row]) => row);
  if (rows.length > 0) tx.defer('unmapped', NOTE, [rowsParam(rows)]);
}

const UNMAPPED = `select u.facility, u.kind, u.system, u.code, u.display, u.seen from unmapped_code u
  where ($1::text is null or u.facility = $1::text) and not exists (select 1 from code_map m
    where m.facility = u.facility and m.kind = u.kind and m.code = u.code and m.target = '')
  order by u.seen desc, u.facility, u.kind, u.code`;

/** Most often seen first; what a map says to be nothing is left out. Which targets exist is the catalogue's to say. */
export function readUnmapped(session: Session, facility: FacilityId | null): Promise<readonly UnmappedCode[]> {
  return session.run(UNMAPPED, [facility]);
}
