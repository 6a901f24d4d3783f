/** What waits: work that is due, what is not sealed, what an operator has to look at. Small tables and partial indexes only. */
import type { Backlog, LastStored } from '../../ports/store-reads.ts';
import type { Instant } from '../../terms/instant.ts';
import type { Session } from '../driver/database.ts';

const DUE = `select kind, count(*) as due, min(due) as "oldestDue" from job where due <= $1 group by kind order by kind`;

export const WAITING = `select
    (select count(*) from delivery where state = 'dead') as "deliveriesDead",
    (select count(*) from identity_queue where closed_at is null) as "identitiesOpen",
    (select count(*) from break_glass where reviewed_at is null) as "glassesOpen",
    (select count(*) from envelope where outcome = 'quarantined' and outcome <> 'stored') as quarantined,
    (select count(*) from envelope where outcome = 'pending' and outcome <> 'stored') as pending,
    (select count(*) from ledger_unsealed) as unsealed,
    (select min(e.at) from ledger_unsealed u join ledger_entry e on e.id = u.entry) as "oldestUnsealed"`;

export const LAST_STORED = `select f.id as facility, (select max(c.known_from) from container c where c.facility = f.id) as at
  from facility f order by f.id`;

export async function readBacklog(session: Session, now: Instant): Promise<Backlog> {
  const [jobs, [waiting]] = await Promise.all([
    session.run<Backlog['jobs'][number]>(DUE, [now]),
    session.run<Omit<Backlog, 'jobs' | 'unsealed'> & { unsealed: number; oldestUnsealed: Instant | null }>(WAITING),
  ]);
  if (waiting === undefined) throw new Error('a query of counts gave no row');
  const { unsealed, oldestUnsealed, ...counts } = waiting;
  return { jobs, unsealed: { count: unsealed, oldest: oldestUnsealed }, ...counts };
}

export function readLastStored(session: Session): Promise<readonly LastStored[]> {
  return session.run(LAST_STORED);
}
