/**
 * Rounds of deliveries. One endpoint is spoken to by one connection at a time; several side by side; what one of them costs,
 * dead or slow, the others wait for no longer than a round. An endpoint that does not hear is left alone, longer each time.
 */
import type { Job } from '../../terms/job.ts';
import type { Gateway } from '../gateway.ts';
import { backOff, later } from '../back-off.ts';
import { tellEvents } from '../tell-events.ts';
import { deliver } from './deliver.ts';

/** Outlasts a round and the one attempt that it may end with. */
const LEASE_SECONDS = 30;
/** No attempt begins later in a round. */
const ROUND_SECONDS = 5;
const BATCH = 64;
const PER_SUBSCRIPTION = 8;
/** Endpoints at a time. */
const WIDTH = 8;
/** An endpoint that failed so often in a row and hears again gets what waits for it at once. */
const AWAY_AFTER = 3;

/** Attempts in a row that each subscription's endpoint did not hear, as this process saw them. */
const FAILURES = new WeakMap<Gateway, Map<string, number>>();

const ALWAYS = (): boolean => true;

/** Brings out what is due until nothing is, or there is no more time; resolves with the number of jobs taken. */
export async function runDeliveries(gateway: Gateway, hasTime = ALWAYS): Promise<number> {
  const [delivered, told] = await Promise.all([runRounds(gateway, hasTime), tellEvents(gateway, hasTime)]);
  return delivered + told;
}

async function runRounds(gateway: Gateway, hasTime: () => boolean): Promise<number> {
  let count = 0;
  while (hasTime()) {
    const now = gateway.clock.now();
    const jobs = await gateway.store.jobs.take({
      now,
      leaseUntil: later(now, LEASE_SECONDS),
      kinds: ['deliver'],
      limit: BATCH,
      perOwner: PER_SUBSCRIPTION,
    });
    if (jobs.length === 0) break;
    count += jobs.length;
    const queues = [...Map.groupBy(jobs, (job) => keyOf(job)).values()];
    const latest = later(now, ROUND_SECONDS);
    const mayBegin = (): boolean => hasTime() && gateway.clock.now() <= latest;
    const worker = async (): Promise<void> => {
      for (let queue = queues.shift(); queue !== undefined; queue = queues.shift())
        await bringOut(gateway, queue, mayBegin);
    };
    await Promise.all(Array.from({ length: WIDTH }, worker));
  }
  return count;
}

/** `deliver subscription`: what the keys of one subscription begin with. */
function keyOf({ orderingKey }: Job): string {
  return orderingKey.split(' ').slice(0, 2).join(' ');
}

/** The jobs of one subscription, one after another, until its endpoint does not hear. */
async function bringOut(gateway: Gateway, queue: readonly Job[], mayBegin: () => boolean): Promise<void> {
  let deaf: Job | undefined;
  for (const job of queue) {
    if (deaf !== undefined || !mayBegin()) await gateway.store.jobs.giveBack(job);
    else if (!(await attempt(gateway, job))) deaf = job;
  }
  if (deaf === undefined) return;
  const pause = backOff(failuresOf(gateway).get(keyOf(deaf)) ?? 1);
  await gateway.store.jobs.postpone(keyOf(deaf), later(gateway.clock.now(), pause));
}

/** False when the endpoint did not hear. */
async function attempt(gateway: Gateway, job: Job): Promise<boolean> {
  const { jobs } = gateway.store;
  const key = keyOf(job);
  const failures = failuresOf(gateway);
  try {
    const how = await deliver(gateway, job);
    if (how === 'unheard') await jobs.retry(job, later(gateway.clock.now(), backOff(job.attempts)));
    else await jobs.finish(job);
    if (how === 'unheard' || how === 'dead') {
      failures.set(key, (failures.get(key) ?? 0) + 1);
      return false;
    }
    if (how === 'heard') {
      if ((failures.get(key) ?? 0) >= AWAY_AFTER) await jobs.hasten(key, gateway.clock.now());
      failures.delete(key);
    }
  } catch (error) {
    gateway.onFault({ code: 'gateway/job-failed', error });
    await jobs.retry(job, later(gateway.clock.now(), backOff(job.attempts)));
  }
  return true;
}

function failuresOf(gateway: Gateway): Map<string, number> {
  const known = FAILURES.get(gateway);
  if (known !== undefined) return known;
  const fresh = new Map<string, number>();
  FAILURES.set(gateway, fresh);
  return fresh;
}
