/**
 * What happens later: a table of kinds with what each does. Two lanes: work of our own (mapping, finding subscribers), and
 * deliveries, which may wait for others and hold up nothing but themselves. Handlers are idempotent; a job whose lease ran
 * out is taken again; one that fails waits longer each time.
 */
import { LIMITS } from '../base/limits.ts';
import type { Instant } from '../terms/instant.ts';
import type { Job, JobKind } from '../terms/job.ts';
import type { Gateway } from './gateway.ts';
import { finishEnvelope } from './finish-envelope.ts';
import { forgetUsedAssertions } from './used-assertions.ts';
import { sealChains } from './seal-ledger.ts';
import { deliver, NotDelivered } from './subscriptions/deliver.ts';
import { notifySubscribers } from './subscriptions/notify.ts';

type Handler = (gateway: Gateway, job: Job) => Promise<void>;

/** What another run finished meanwhile is left as it is. */
const PENDING = { pendingOnly: true } as const;

const WORK = {
  'map-envelope': async (gateway, job) =>
    void (await finishEnvelope(gateway, job.reference, await gateway.reference.current(), PENDING)),
  notify: notifySubscribers,
} as const satisfies Partial<Record<JobKind, Handler>>;

const DELIVERIES = { deliver } as const satisfies Partial<Record<JobKind, Handler>>;

interface Lane {
  readonly handlers: Partial<Record<JobKind, Handler>>;
  readonly leaseSeconds: number;
  readonly batch: number;
  /** Jobs at a time. */
  readonly width: number;
}

const WORK_LANE: Lane = { handlers: WORK, leaseSeconds: 60, batch: 50, width: 1 };
/** The lease outlasts every delivery of a batch: each ends after `LIMITS.deliveryMs`. */
const DELIVERY_LANE: Lane = { handlers: DELIVERIES, leaseSeconds: 30, batch: 16, width: 8 };

/** Runs what is due of our own work now; resolves with the number of jobs done. */
export function runJobs(gateway: Gateway): Promise<number> {
  return runLane(gateway, WORK_LANE);
}

/** One round of deliveries: a dead endpoint costs its time-out and no more. */
export function runDeliveries(gateway: Gateway): Promise<number> {
  return runLane(gateway, DELIVERY_LANE);
}

async function runLane(gateway: Gateway, lane: Lane): Promise<number> {
  const now = gateway.clock.now();
  const kinds = Object.keys(lane.handlers) as JobKind[];
  const jobs = [...(await gateway.store.jobs.take(now, later(now, lane.leaseSeconds), kinds, lane.batch))];
  const count = jobs.length;
  const worker = async (): Promise<void> => {
    for (let job = jobs.shift(); job !== undefined; job = jobs.shift()) await runJob(gateway, lane, job);
  };
  await Promise.all(Array.from({ length: Math.min(lane.width, count) }, worker));
  return count;
}

async function runJob(gateway: Gateway, { handlers }: Lane, job: Job): Promise<void> {
  try {
    await handlers[job.kind]?.(gateway, job);
    await gateway.store.jobs.finish(job.id);
  } catch (error) {
    // That an endpoint is away is noted with its delivery, and no fault of ours.
    if (!(error instanceof NotDelivered)) gateway.onFault({ code: 'gateway/job-failed', error });
    const wait = Math.min(LIMITS.retrySecondsMax, 2 ** Math.min(job.attempts, 10));
    await gateway.store.jobs.retry(job.id, later(gateway.clock.now(), wait));
  }
}

const ALWAYS = (): boolean => true;

/** Everything that is due, until nothing is or there is no more time: at start also what an earlier process accepted (SETTLED 16). */
export async function finishPending(gateway: Gateway, hasTime = ALWAYS): Promise<number> {
  let finished = 0;
  for (;;) {
    const done = await runJobs(gateway);
    if (done === 0 || !hasTime()) return finished + (await finishForgotten(gateway));
    finished += done;
  }
}

/** Envelopes looked at in one round. */
const FORGOTTEN_MAX = 50;

/** Envelopes that were accepted and have no job any more: nothing else would ever take them up. */
async function finishForgotten(gateway: Gateway): Promise<number> {
  const reference = await gateway.reference.current();
  const forgotten = await gateway.store.read.pendingEnvelopes(FORGOTTEN_MAX);
  for (const id of forgotten) await finishEnvelope(gateway, id, reference, PENDING);
  return forgotten.length;
}

/** One round of everything of our own that timers drive: Node's, or a Worker's cron. */
export async function tick(gateway: Gateway, hasTime = ALWAYS): Promise<void> {
  await finishPending(gateway, hasTime);
  await sealChains(gateway);
  await forgetUsedAssertions(gateway);
  await forget(gateway);
}

/** When each gateway last forgot what is of no more use. */
const FORGOT = new WeakMap<Gateway, number>();
const FORGET_MS = 600_000;

async function forget(gateway: Gateway): Promise<void> {
  const now = Date.parse(gateway.clock.now());
  if (now - (FORGOT.get(gateway) ?? Number.NEGATIVE_INFINITY) < FORGET_MS) return;
  FORGOT.set(gateway, now);
  const kept = LIMITS.deliveriesKeptDays * 86_400_000;
  await gateway.store.deliveries.forget(new Date(now - kept).toISOString() as Instant);
}

function later(instant: Instant, seconds: number): Instant {
  return new Date(Date.parse(instant) + seconds * 1000).toISOString() as Instant;
}
