/** Jobs: in order per key, one at a time per key, leased, at least once. */
import type { JobStore } from '../../ports/store.ts';
import type { StoreTx } from '../../ports/store-tx.ts';
import type { Job } from '../../terms/job.ts';
import type { Database, TxSession } from '../driver/database.ts';
import { recordsOf, rowsParam } from '../driver/statement.ts';
import { job as table } from '../schema/path-tables.ts';

const ENQUEUE = 'insert into job (kind, ordering_key, due, attempts, reference) values ($1, $2, $3, 0, $4)';

export function enqueue(tx: TxSession, job: Parameters<StoreTx['enqueue']>[0]): void {
  tx.send(ENQUEUE, [job.kind, job.orderingKey, job.due, job.reference]);
}

const FINISH = 'delete from job where position = $1';

export function finishJob(tx: TxSession, id: string): void {
  tx.send(FINISH, [Number(id)]);
}

const END_LEASES = 'update job set leased_until = null where leased_until <= $1';
/**
 * The oldest job of each key, if it is due and free. Two takers at once: SKIP LOCKED parts them, and the
 * unique index on a leased key refuses a second job of one key, whose taker then starts anew.
 */
const TAKE = `update job set leased_until = $2, attempts = attempts + 1
  where position in (
    select j.position from job j
    where j.due <= $1 and j.leased_until is null and j.kind in (select r.kind from ${recordsOf(table, 'r', 3, ['kind'])})
      and not exists (select 1 from job o where o.ordering_key = j.ordering_key
        and (o.position < j.position or o.leased_until is not null))
    order by j.due, j.position limit $4 for update skip locked)
  returning position, kind, ordering_key as "orderingKey", due, attempts, reference`;

const RETRY = 'update job set leased_until = null, due = $2 where position = $1';

export function createJobStore(database: Database): JobStore {
  return {
    take: (now, leaseUntil, kinds, limit) =>
      database.transaction(async (tx) => {
        tx.send(END_LEASES, [now]);
        const wanted = rowsParam(kinds.map((kind) => ({ kind })));
        const rows = await tx.run<Omit<Job, 'id'> & { position: number }>(TAKE, [now, leaseUntil, wanted, limit]);
        const sorted = rows.toSorted((a, b) => a.position - b.position);
        return sorted.map(({ position, ...job }) => ({ id: String(position), ...job }));
      }),
    finish: async (id) => void (await database.run(FINISH, [Number(id)])),
    retry: async (id, due) => void (await database.run(RETRY, [Number(id), due])),
  };
}
