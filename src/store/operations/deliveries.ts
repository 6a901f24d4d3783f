/** Deliveries of subscriptions: numbered per subscription and patient, each with its end. */
import type { DeliveryStore } from '../../ports/store-deliveries.ts';
import type { StoreTx } from '../../ports/store-tx.ts';
import type { Bucket } from '../../terms/bucket.ts';
import type { Instant } from '../../terms/instant.ts';
import type { Delivery, DeliveryState } from '../../terms/subscription.ts';
import type { Database, TxSession } from '../driver/database.ts';
import { columnsOf } from '../driver/statement.ts';
import { delivery as table } from '../schema/path-tables.ts';

type Row = typeof table.$inferSelect;

/** The next number is taken inside: notifications about one patient are made one after another. */
const INSERT = `insert into delivery (id, subscription, event, bucket, patient, focus, at, attempts, state, last_fault)
  select $1, $2, coalesce(max(event), 0) + 1, $3::smallint, $4, $5, $6, 0, 'waiting', ''
  from delivery where subscription = $2 and bucket = $3::smallint and patient = $4`;

export function insertDelivery(tx: TxSession, one: Parameters<StoreTx['insertDelivery']>[0]): void {
  const { id, subscription, bucket, patient, focus, at } = one;
  tx.send(INSERT, [id, subscription, bucket, patient, JSON.stringify(focus), at]);
}

const REVIVE = `update delivery set state = 'waiting', ended_at = null, at = $2 where id = $1 and state = 'dead'`;

export function reviveDelivery(tx: TxSession, id: string, at: Instant): void {
  tx.send(REVIVE, [id, at]);
}

const READ = `select ${columnsOf(table)} from delivery where id = $1`;
const NOTE = `update delivery set state = $2, last_fault = $3, attempts = attempts + 1,
  ended_at = case when $2 = 'waiting' then null else $4::timestamptz end where id = $1`;
const DEAD = `select ${columnsOf(table)} from delivery where state = 'dead' order by ended_at desc, id desc limit $1`;
const DEAD_IN_A_ROW = `select count(*) as count from delivery d where d.subscription = $1 and d.state = 'dead'
  and d.ended_at > coalesce((select max(ended_at) from delivery where subscription = $1 and state = 'delivered'), '-infinity')`;
const FORGET = `with gone as (delete from delivery where state in ('delivered', 'withheld') and ended_at < $1 returning 1)
  select count(*) as count from gone`;

export function createDeliveryStore(database: Database): DeliveryStore {
  return {
    read: async (id) => (await database.run<Row>(READ, [id])).map(toDelivery)[0],
    note: async (id, { state, fault, at }) => void (await database.run(NOTE, [id, state, fault, at])),
    dead: async (limit) => (await database.run<Row>(DEAD, [limit])).map(toDelivery),
    deadInARow: async (subscription) =>
      (await database.run<{ count: number }>(DEAD_IN_A_ROW, [subscription]))[0]?.count ?? 0,
    forget: async (before) => (await database.run<{ count: number }>(FORGET, [before]))[0]?.count ?? 0,
  };
}

function toDelivery({ endedAt: _ended, ...row }: Row): Delivery {
  return {
    ...row,
    bucket: row.bucket as Bucket,
    at: row.at as Instant,
    state: row.state as DeliveryState,
    focus: JSON.parse(row.focus) as string[],
  };
}
