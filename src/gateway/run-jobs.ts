/**
 * What happens later: a table of kinds with what each does. This is work of our own (mapping, finding subscribers), in the
 * order of its keys; deliveries, which wait for others, have rounds of their own (`subscriptions/run-deliveries.ts`).
 * Handlers are idempotent; a job whose lease ran out is taken again; one that fails waits longer each time and is never
 * given up: what was accepted is not dropped.
 */
import { LIMITS } from '../base/limits.ts';
import type { Instant } from '../terms/instant.ts';
import type { Job, JobKind } from '../terms/job.ts';
import { anchorLedger } from './anchor-ledger.ts';
import { backOff, later } from './back-off.ts';
import { findRepeats } from './find-repeats.ts';
import type { Gateway } from './gateway.ts';
import { finishEnvelope } from './finish-envelope.ts';
import { forgetUsedAssertions } from './used-assertions.ts';
import { lookAgain } from './look-again.ts';
import { settleOffer } from './settle.ts';
import { sealChains } from './seal-ledger.ts';
import { notifySubscribers } from './subscriptions/notify.ts';

type Handler = (gateway: Gateway, job: Job) => Promise<void>;

/** What another run finished meanwhile is left as it is. */
const PENDING = { pendingOnly: true } as const;

const WORK = {
  'map-envelope': async (gateway, job) =>
    void (await finishEnvelope(gateway, job.reference, await gateway.reference.current(), PENDING)),
  notify: notifySubscribers,
  settle: settleOffer,
  'look-again': lookAgain,
} as const satisfies Partial<Record<JobKind, Handler>>;

const KINDS = Object.keys(WORK) as (keyof typeof WORK)[];
const LEASE_SECONDS = 60;
const BATCH = 50;

/** Runs what is due of our own work now; resolves with the number of jobs run. */
export async function runJobs(gateway: Gateway): Promise<number> {
  const now = gateway.clock.now();
  const leaseUntil = later(now, LEASE_SECONDS);
  const jobs = await gateway.store.jobs.take({ now, leaseUntil, kinds: KINDS, limit: BATCH });
  // What would begin late in its lease might still run when another process takes it.
  const latest = later(now, LEASE_SECONDS / 2);
  let ran = 0;
  for (const job of jobs) {
    if (gateway.clock.now() > latest) {
      await gateway.store.jobs.giveBack(job);
      continue;
    }
    await runJob(gateway, job);
    ran++;
  }
  return ran;
}

async function runJob(gateway: Gateway, job: Job): Promise<void> {
  try {
    const handler: Handler | undefined = WORK[job.kind as keyof typeof WORK];
    await handler?.(gateway, job);
    await gateway.store.jobs.finish(job);
  } catch (error) {
    gateway.onFault({ code: 'gateway/job-failed', error });
    await gateway.store.jobs.retry(job, later(gateway.clock.now(), backOff(job.attempts)));
  }
}

const ALWAYS = (): boolean => true;

/** Everything that is due, until nothing is or there is no more time: at start also what an earlier process accepted (SETTLED 16). */
export async function finishPending(gateway: Gateway, hasTime = ALWAYS): Promise<number> {
  let finished = 0;
  for (;;) {
    const done = await runJobs(gateway);
    finished += done;
    if (done === 0 || !hasTime()) return finished + (await finishForgotten(gateway));
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
  await anchorLedger(gateway);
  await findRepeats(gateway);
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
