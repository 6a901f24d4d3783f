/** What happens later: envelopes accepted in enhanced mode are mapped in order, entries are sealed. */
import type { Instant } from '../terms/instant.ts';
import type { Job } from '../terms/job.ts';
import type { Gateway } from './gateway.ts';
import { finishEnvelope } from './finish-envelope.ts';
import { forgetUsedAssertions } from './used-assertions.ts';
import { sealChains } from './seal-ledger.ts';

const LEASE_SECONDS = 60;
const BATCH = 50;
/** What another run finished meanwhile is left as it is. */
const PENDING = { pendingOnly: true } as const;
/** A job that fails waits longer each time, at most ten minutes. */
const RETRY_SECONDS_MAX = 600;

/** Runs what is due now; resolves with the number of jobs done. */
export async function runJobs(gateway: Gateway): Promise<number> {
  const now = gateway.clock.now();
  const jobs = await gateway.store.jobs.take(now, later(now, LEASE_SECONDS), ['map-envelope'], BATCH);
  for (const job of jobs) await runJob(gateway, job);
  return jobs.length;
}

async function runJob(gateway: Gateway, job: Job): Promise<void> {
  try {
    await finishEnvelope(gateway, job.reference, await gateway.reference.current(), PENDING);
    await gateway.store.jobs.finish(job.id);
  } catch (error) {
    // The envelope is kept and pending.
    gateway.onFault({ code: 'gateway/job-failed', error });
    const wait = Math.min(RETRY_SECONDS_MAX, 2 ** Math.min(job.attempts, 10));
    await gateway.store.jobs.retry(job.id, later(gateway.clock.now(), wait));
  }
}

/** Everything that is due, until nothing is: at start also what an earlier process accepted (SETTLED 16). */
export async function finishPending(gateway: Gateway): Promise<number> {
  let finished = 0;
  for (;;) {
    const done = await runJobs(gateway);
    if (done === 0) return finished + (await finishForgotten(gateway));
    finished += done;
  }
}

/** Envelopes that were accepted and have no job any more: nothing else would ever take them up. */
async function finishForgotten(gateway: Gateway): Promise<number> {
  const reference = await gateway.reference.current();
  const forgotten = await gateway.store.read.pendingEnvelopes(BATCH);
  for (const id of forgotten) await finishEnvelope(gateway, id, reference, PENDING);
  return forgotten.length;
}

/** One round of everything that timers drive. */
export async function tick(gateway: Gateway): Promise<void> {
  await finishPending(gateway);
  await sealChains(gateway);
  await forgetUsedAssertions(gateway);
}

function later(instant: Instant, seconds: number): Instant {
  return new Date(Date.parse(instant) + seconds * 1000).toISOString() as Instant;
}
