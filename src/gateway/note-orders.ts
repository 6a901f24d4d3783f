/** Ordered codes that no map knows, for the mapping queue: each is noted once, and the question goes on. */
import type { DecideInput } from '../terms/decide-input.ts';
import type { Facility } from '../terms/facility.ts';
import type { Gateway } from './gateway.ts';
import type { Reference } from './reference-cache.ts';

/** Codes that this process has noted; beyond this it starts anew, and the database knows them anyway. */
const NOTED_MAX = 10_000;

export async function noteUnmappedOrders(
  gateway: Gateway,
  facility: Facility,
  orders: DecideInput['orders'],
  { lookup }: Reference,
): Promise<void> {
  const fresh = orders
    .filter(({ target }) => target === undefined)
    .map(({ order: { system, code, display = '' } }) => ({
      facility: facility.id,
      kind: 'order' as const,
      system,
      code,
      display,
    }))
    .filter(({ system, code }) => !lookup.isMapped(facility.id, 'order', system, code))
    .filter(({ code }) => !gateway.notedOrders.has(`${facility.id} ${code}`));
  if (fresh.length === 0) return;
  await gateway.store.transaction((tx) => tx.noteUnmapped(fresh));
  if (gateway.notedOrders.size >= NOTED_MAX) gateway.notedOrders.clear();
  for (const { code } of fresh) gateway.notedOrders.add(`${facility.id} ${code}`);
}
