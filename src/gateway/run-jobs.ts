/** What happens later: envelopes accepted in enhanced mode are mapped in order, entries are sealed. */
import type { Instant } from '../terms/instant.ts';
import type { Job } from '../terms/job.ts';
import type { Gateway } from './gateway.ts';
import { finishEnvelope } from './finish-envelope.ts';
import { sealChains } from './seal-ledger.ts';

const LEASE_SECONDS = 60;
const BATCH = 50;
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
    await finishEnvelope(gateway, job.reference, await gateway.reference.current());
    await gateway.store.jobs.finish(job.id);
  } catch {
    // The envelope is kept and pending; the code of the fault is the store's to tell, never its text.
    const wait = Math.min(RETRY_SECONDS_MAX, 2 ** Math.min(job.attempts, 10));
    await gateway.store.jobs.retry(job.id, later(gateway.clock.now(), wait));
  }
}

/** Everything that is due, until nothing is: at start also what an earlier process accepted (SETTLED 16). */
export async function finishPending(gateway: Gateway): Promise<number> {
  let finished = 0;
  for (;;) {
    const done = await runJobs(gateway);
    if (done === 0) return finished;
    finished += done;
  }
}

/** One round of everything that timers drive. */
export async function tick(gateway: Gateway): Promise<void> {
  await finishPending(gateway);
  await sealChains(gateway);
}

function later(instant: Instant, seconds: number): Instant {
  return new Date(Date.parse(instant) + seconds * 1000).toISOString() as Instant;
}
