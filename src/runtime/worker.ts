/** The gateway as a Cloudflare Worker (DESIGN 6): requests, and a cron trigger for what must happen later. */
import { tick } from '../gateway/run-jobs.ts';
import { runDeliveries } from '../gateway/subscriptions/run-deliveries.ts';
import type { Gateway } from '../gateway/gateway.ts';
import { StoreUnavailable } from '../ports/store.ts';
import { SchemaMismatch } from '../store/migrate.ts';
import { problemResponse } from '../web/http-problem.ts';
import { webRefusal } from '../web/problems.ts';
import { unavailableRefusal } from '../web/unavailable.ts';
import { SettingFault } from './settings.ts';
import { createIsolate, type Isolate, log } from './worker/isolate.ts';

/** As much of the platform's context as is used here. */
interface Context {
  waitUntil(promise: Promise<unknown>): void;
}

/** Work behind an answer at most so often in an isolate: entries are sealed within seconds where there is traffic. */
const BEHIND_MS = 5_000;
/** No new round of jobs begins after so long, well within a cron's time. */
const ROUNDS_MS = 15_000;
/** The same of deliveries; one that began may take its five seconds more. */
const DELIVERIES_MS = 5_000;

let isolate: Isolate | undefined;
let workedAt = 0;

async function fetch(request: Request, env: Readonly<Record<string, unknown>>, context: Context): Promise<Response> {
  // Health asks nobody.
  if (new URL(request.url).pathname === '/healthz') return Response.json({ status: 'up' });
  try {
    isolate ??= createIsolate(env);
    const { value, after } = await isolate.within(
      async ({ app }) => app.fetch(request),
      async ({ gateway }) => {
        if (Date.now() - workedAt < BEHIND_MS) return;
        await work(gateway);
      },
    );
    context.waitUntil(after);
    return value;
  } catch (error) {
    return notServed(error);
  }
}

async function scheduled(_: unknown, env: Readonly<Record<string, unknown>>, context: Context): Promise<void> {
  isolate ??= createIsolate(env);
  const { after } = await isolate.within(({ gateway }) => work(gateway));
  context.waitUntil(after);
}

async function work(gateway: Gateway): Promise<void> {
  workedAt = Date.now();
  const within = (ms: number): (() => boolean) => {
    const until = Date.now() + ms;
    return () => Date.now() < until;
  };
  await tick(gateway, within(ROUNDS_MS));
  await runDeliveries(gateway, within(DELIVERIES_MS));
}

/** What keeps every request from being served; the log says which, the caller hears that it is not about him. */
function notServed(error: unknown): Response {
  if (error instanceof StoreUnavailable) return problemResponse(unavailableRefusal(error));
  if (error instanceof SettingFault || error instanceof SchemaMismatch) {
    log.warning('worker/not-set-up', { reason: error.message });
    return problemResponse(webRefusal('unavailable', 'web/not-set-up', 'service'));
  }
  log.fault('worker/fault', {}, error);
  return problemResponse(webRefusal('fault', 'web/fault'));
}

export default { fetch, scheduled };
