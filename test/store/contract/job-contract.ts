/** Contract: jobs (one holder at a time, in order, fair) and the deliveries that some of them bring out. */
import { randomUUID } from 'node:crypto';
import { expect, it } from 'vitest';
import type { Instant } from '../../../src/terms/instant.ts';
import type { Job, JobKind } from '../../../src/terms/job.ts';
import { fresh, patientRef, type UseSubject } from './kit.ts';

export function jobContract(use: UseSubject): void {
  const later = (seconds: number): Instant =>
    new Date(Date.parse(use().clock.now()) + seconds * 1000).toISOString() as Instant;
  const enqueue = (key: string, reference: string, due = use().clock.now()) =>
    use().store.transaction((tx) => tx.enqueue({ kind: 'map-envelope', orderingKey: key, due, reference }));
  const take = async (key: string, limit = 100) => {
    const { store, clock } = use();
    const jobs = await store.jobs.take({ now: clock.now(), leaseUntil: later(60), kinds: ['map-envelope'], limit });
    return jobs.filter((job) => job.orderingKey === key);
  };

  it('gives out the jobs of one key one by one, in order, and those of other keys beside them', async () => {
    const { store } = use();
    const [key, other] = [fresh('key-'), fresh('key-')];
    await enqueue(key, 'first');
    await enqueue(key, 'second');
    await enqueue(other, 'elsewhere');
    const jobs = await store.jobs.take({
      now: use().clock.now(),
      leaseUntil: later(60),
      kinds: ['map-envelope'],
      limit: 100,
    });
    expect(jobs.filter((job) => [key, other].includes(job.orderingKey)).map(({ reference }) => reference)).toEqual([
      'first',
      'elsewhere',
    ]);
    expect(await take(key)).toEqual([]);
    await store.jobs.finish(jobs.find(({ reference }) => reference === 'first') as Job);
    expect(await take(key)).toMatchObject([{ reference: 'second', kind: 'map-envelope', attempts: 1 }]);
  });

  it('gives out neither what is not due nor another kind, and holds back what stands behind a retry', async () => {
    const { store, clock } = use();
    const key = fresh('key-');
    await enqueue(key, 'first');
    await enqueue(key, 'second');
    expect(
      (await store.jobs.take({ now: clock.now(), leaseUntil: later(60), kinds: ['notify'], limit: 100 })).filter(
        (job) => job.orderingKey === key,
      ),
    ).toEqual([]);
    const [first] = await take(key);
    await store.jobs.retry(first as Job, later(30));
    expect(await take(key)).toEqual([]);
    clock.pass(30_000);
    expect(await take(key)).toMatchObject([{ reference: 'first', attempts: 2 }]);
  });

  it('gives a job out again when its lease ran out', async () => {
    const { clock } = use();
    const key = fresh('key-');
    await enqueue(key, 'first');
    await take(key);
    expect(await take(key)).toEqual([]);
    clock.pass(61_000);
    expect(await take(key)).toMatchObject([{ reference: 'first', attempts: 2 }]);
  });

  it('never gives one job, nor two of one key, to takers at the same moment', async () => {
    const { store, clock, another } = use();
    const second = await another();
    const keys = Array.from({ length: 10 }, () => fresh('key-'));
    await store.transaction(async (tx) => {
      for (const key of [...keys, ...keys])
        await tx.enqueue({ kind: 'deliver', orderingKey: key, due: clock.now(), reference: key });
    });
    const takers = [store, second, store, second].map((one) =>
      one.jobs.take({ now: clock.now(), leaseUntil: later(60), kinds: ['deliver'], limit: 4 }),
    );
    const taken = (await Promise.all(takers)).flat();
    await second.close();
    expect(new Set(taken.map(({ id }) => id)).size).toBe(taken.length);
    expect(new Set(taken.map(({ orderingKey }) => orderingKey)).size).toBe(taken.length);
    expect(taken.length).toBeGreaterThan(0);
  });

  const enqueueDelivery = (orderingKey: string, reference: string, due = use().clock.now()) =>
    use().store.transaction((tx) => tx.enqueue({ kind: 'deliver', orderingKey, due, reference }));
  const takeDeliveries = async (limit: number, perOwner: number): Promise<readonly string[]> => {
    const { store, clock } = use();
    const kinds: JobKind[] = ['deliver'];
    const jobs = await store.jobs.take({ now: clock.now(), leaseUntil: later(60), kinds, limit, perOwner });
    return jobs.map(({ reference }) => reference);
  };

  it('lets a holder whose lease ran out neither end nor put off what another one has taken', async () => {
    const { store, clock } = use();
    const key = fresh('key-');
    await enqueue(key, 'first');
    const [late] = (await take(key)) as [Job];
    clock.pass(61_000);
    const [holder] = (await take(key)) as [Job];
    await store.jobs.retry(late, later(-10));
    await store.jobs.giveBack(late);
    expect(await store.jobs.finish(late)).toBe(false);
    expect(await store.transaction((tx) => tx.finishJob(late))).toBe(false);
    expect(await take(key)).toEqual([]);
    expect(await store.jobs.finish(holder)).toBe(true);
    clock.pass(61_000);
    expect(await take(key)).toEqual([]);
  });

  it('takes a job back that was not begun as it was given out', async () => {
    const { store } = use();
    const key = fresh('key-');
    await enqueue(key, 'first');
    const [job] = (await take(key)) as [Job];
    await store.jobs.giveBack(job);
    expect(await take(key)).toMatchObject([{ reference: 'first', attempts: 1 }]);
  });

  it('gives everybody a turn before the second of one owner, and no more of one owner than wanted', async () => {
    const { sql } = use();
    await sql`delete from job`;
    for (const n of [1, 2, 3, 4]) await enqueueDelivery(`deliver busy p${n}`, `busy ${n}`);
    await enqueueDelivery('deliver busy p1', 'busy 1 again');
    await enqueueDelivery('deliver calm p1', 'calm 1');
    expect((await takeDeliveries(2, 2)).toSorted()).toEqual(['busy 1', 'calm 1']);
    expect((await takeDeliveries(9, 2)).toSorted()).toEqual(['busy 2', 'busy 3']);
    expect(await takeDeliveries(9, 2)).toEqual(['busy 4']);
    expect(await takeDeliveries(9, 2)).toEqual([]);
  });

  it('puts off what waits for one owner, calls it back, and leaves what is held and what is others’', async () => {
    const { sql, store, clock } = use();
    await sql`delete from job`;
    await enqueueDelivery('deliver away p1', 'held');
    expect(await takeDeliveries(9, 9)).toEqual(['held']);
    await enqueueDelivery('deliver away p2', 'away');
    await enqueueDelivery('deliver away2 p1', 'another owner');
    await store.jobs.postpone('deliver away', later(100));
    expect(await takeDeliveries(9, 9)).toEqual(['another owner']);
    await store.jobs.hasten('deliver away', clock.now());
    expect(await takeDeliveries(9, 9)).toEqual(['away']);
  });

  it('counts what waits by kind, with the time since when the oldest is due', async () => {
    const { sql, store } = use();
    await sql`delete from job`;
    expect(await store.jobs.waiting()).toEqual([]);
    await enqueueDelivery('deliver s p', 'one', later(30));
    await enqueueDelivery('deliver s q', 'two', later(10));
    await enqueue(fresh('key-'), 'mapping');
    expect(await store.jobs.waiting()).toEqual([
      { kind: 'deliver', count: 2, oldest: later(10) },
      { kind: 'map-envelope', count: 1, oldest: use().clock.now() },
    ]);
    await sql`delete from job`;
  });

  it('numbers deliveries per subscription and patient, keeps how they ended, and forgets what was brought out', async () => {
    const { store, clock } = use();
    const subscription = fresh('subscription-');
    const { bucket, patient } = patientRef();
    const insert = async (whose = patient, by = subscription): Promise<string> => {
      const id = randomUUID();
      const one = {
        id,
        subscription: by,
        bucket,
        patient: whose,
        focus: ['Observation/x/_history/1'],
        at: clock.now(),
      };
      await store.transaction((tx) => tx.insertDelivery(one));
      return id;
    };
    const [first, second] = [await insert(), await insert()];
    const [elsewhere, other] = [await insert('somebody-else'), await insert(patient, fresh('subscription-'))];
    const events = [first, second, elsewhere, other].map(async (id) => (await store.deliveries.read(id))?.event);
    expect(await Promise.all(events)).toEqual([1, 2, 1, 1]);

    const end = (id: string, state: 'delivered' | 'dead' | 'waiting' | 'withheld', fault = '') =>
      store.deliveries.note(id, { state, fault, at: clock.now() });
    await end(first, 'waiting', 'outbound/timed-out');
    expect(await store.deliveries.read(first)).toMatchObject({
      state: 'waiting',
      attempts: 1,
      lastFault: 'outbound/timed-out',
    });
    await end(first, 'dead', 'outbound/timed-out');
    clock.pass(1_000);
    await end(second, 'dead', 'outbound/timed-out');
    expect(await store.deliveries.deadInARow(subscription)).toBe(2);
    const dead = (await store.deliveries.dead(100)).filter((one) => one.subscription === subscription);
    expect(dead.map(({ id }) => id)).toEqual([second, first]);

    clock.pass(1_000);
    await store.transaction((tx) => tx.reviveDelivery(first, clock.now()));
    await store.transaction((tx) => tx.reviveDelivery(other, clock.now()));
    expect(await store.deliveries.read(first)).toMatchObject({ state: 'waiting', at: clock.now() });
    await end(first, 'delivered');
    expect(await store.deliveries.deadInARow(subscription)).toBe(0);
    await end(elsewhere, 'withheld', 'gateway/not-open');
    clock.pass(1_000);
    expect(await store.deliveries.forget(clock.now())).toBeGreaterThanOrEqual(2);
    expect(await store.deliveries.read(first)).toBeUndefined();
    // What is dead stays listed, what waits stays due.
    expect(await store.deliveries.read(second)).toMatchObject({ state: 'dead' });
    expect(await store.deliveries.read(other)).toMatchObject({ state: 'waiting' });
    expect(await store.deliveries.read('none')).toBeUndefined();
  });
}
