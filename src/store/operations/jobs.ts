/** Jobs: in order per key, one at a time per key, leased, at least once. */
import type { JobStore } from '../../ports/store-jobs.ts';
import type { StoreTx } from '../../ports/store-tx.ts';
import type { Instant } from '../../terms/instant.ts';
import type { Job, JobKind } from '../../terms/job.ts';
import type { Database, Session, TxSession } from '../driver/database.ts';
import { recordsOf, rowsParam } from '../driver/statement.ts';
import { job as table } from '../schema/path-tables.ts';

const ENQUEUE = 'insert into job (kind, ordering_key, due, attempts, reference) values ($1, $2, $3, 0, $4)';

export function enqueue(tx: TxSession, job: Parameters<StoreTx['enqueue']>[0]): void {
  tx.send(ENQUEUE, [job.kind, job.orderingKey, job.due, job.reference]);
}

/** Whoever took a job counts as its holder until another one takes it: each taking has its own number of attempts. */
const HELD = 'position = $1 and attempts = $2';
const FINISH = `delete from job where ${HELD} returning position`;

/** False when another process has taken the job meanwhile. */
export async function finishJob(session: Session, { id, attempts }: Pick<Job, 'id' | 'attempts'>): Promise<boolean> {
  return (await session.run(FINISH, [Number(id), attempts])).length > 0;
}

const END_LEASES = 'update job set leased_until = null where leased_until <= $1';

/** Due, free, and the oldest of its key. */
const FREE = `j.due <= $1 and j.leased_until is null and j.kind in (select r.kind from ${recordsOf(table, 'r', 3, ['kind'])})
      and not exists (select 1 from job o where o.ordering_key = j.ordering_key
        and (o.position < j.position or o.leased_until is not null))`;
const TAKEN = 'returning position, kind, ordering_key as "orderingKey", due, attempts, reference';
/**
 * Two takers at once: SKIP LOCKED parts them, and the unique index on a leased key refuses a second job of one key,
 * whose taker then starts anew.
 */
const TAKE = `update job set leased_until = $2, attempts = attempts + 1
  where position in (select j.position from job j where ${FREE}
    order by j.due, j.position limit $4 for update skip locked)
  ${TAKEN}`;
/** The second word of a key is whom the job is for: nobody's backlog stands before what others wait for. */
const TAKE_FAIRLY = `with free as (
    select j.position, row_number() over (partition by split_part(j.ordering_key, ' ', 2) order by j.due, j.position) as turn
    from job j where ${FREE})
  update job set leased_until = $2, attempts = attempts + 1
  where position in (select j.position from job j join free on free.position = j.position
    where free.turn <= $5 and j.leased_until is null
    order by free.turn, j.due, j.position limit $4 for update of j skip locked)
  ${TAKEN}`;

const RETRY = `update job set leased_until = null, due = $3 where ${HELD}`;
const GIVE_BACK = `update job set leased_until = null, attempts = attempts - 1 where ${HELD}`;
const POSTPONE = `update job set due = $3 where ordering_key >= $1 and ordering_key < $2 and leased_until is null and due < $3`;
const HASTEN = `update job set due = $3 where ordering_key >= $1 and ordering_key < $2 and leased_until is null and due > $3`;
const WAITING = 'select kind, count(*) as count, min(due) as oldest from job group by kind order by kind';

export function createJobStore(database: Database): JobStore {
  /** Keys that begin with the prefix and a space: `!` is the next character. */
  const move = async (statement: string, prefix: string, due: Instant): Promise<void> =>
    void (await database.run(statement, [`${prefix} `, `${prefix}!`, due]));
  return {
    take: ({ now, leaseUntil, kinds, limit, perOwner }) =>
      database.transaction(async (tx) => {
        tx.send(END_LEASES, [now]);
        const params = [now, leaseUntil, rowsParam(kinds.map((kind) => ({ kind }))), limit];
        const rows = await (perOwner === undefined
          ? tx.run<Omit<Job, 'id'> & { position: number }>(TAKE, params)
          : tx.run<Omit<Job, 'id'> & { position: number }>(TAKE_FAIRLY, [...params, perOwner]));
        const sorted = rows.toSorted((a, b) => a.position - b.position);
        return sorted.map(({ position, ...job }) => ({ id: String(position), ...job }));
      }),
    finish: (job) => finishJob(database, job),
    retry: async ({ id, attempts }, due) => void (await database.run(RETRY, [Number(id), attempts, due])),
    giveBack: async ({ id, attempts }) => void (await database.run(GIVE_BACK, [Number(id), attempts])),
    postpone: (prefix, due) => move(POSTPONE, prefix, due),
    hasten: (prefix, due) => move(HASTEN, prefix, due),
    waiting: () => database.run<{ kind: JobKind; count: number; oldest: Instant }>(WAITING),
  };
}
