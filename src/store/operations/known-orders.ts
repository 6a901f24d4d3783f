/** Orders that facilities told: appended, each once, and once more when it is cancelled. */
import type { KnownOrder } from '../../terms/known-order.ts';
import type { TxSession } from '../driver/database.ts';
import { insertOf, rowsParam } from '../driver/statement.ts';
import { knownOrder } from '../schema/ledger-tables.ts';

const INSERT = insertOf(knownOrder, 'on conflict do nothing');

export function noteKnownOrders(tx: TxSession, orders: readonly KnownOrder[]): void {
  if (orders.length === 0) return;
  tx.send(INSERT, [
    rowsParam(orders.map(({ patient: { bucket, patient }, ...rest }) => ({ ...rest, bucket, patient }))),
  ]);
}
