/** `/readyz`: may whoever balances load send work here; if not, why. Public: codes and sentences of ours, nothing else. */
import { Hono } from 'hono';
import type { Refusal } from '../base/outcome.ts';
import { refusalOf } from '../gateway/answer.ts';
import type { Gateway } from '../gateway/gateway.ts';
import { StoreUnavailable } from '../ports/store.ts';
import { together } from './cached.ts';
import { problemBody, problemResponse } from './http-problem.ts';
import { webRefusal } from './problems.ts';
import { unavailableRefusal } from './unavailable.ts';

export function readyRoute(gateway: Gateway, draining: () => boolean): Hono {
  // Many who ask at once cost one question, and a database that hangs is asked once.
  const look = together(() => reasonsOf(gateway));
  return new Hono().get('/readyz', async (context) => {
    const reasons = draining() ? [webRefusal('unavailable', 'web/draining', 'gateway')] : await look();
    const [first] = reasons;
    if (first === undefined) return context.json({ status: 'ready' });
    return problemResponse(first, {
      reasons: reasons.map((reason) => {
        const { code, title, at } = problemBody(reason);
        return { code, title, at };
      }),
    });
  });
}

/** None: it is ready. */
async function reasonsOf({ store }: Gateway): Promise<readonly Refusal[]> {
  try {
    const { readOnly, full, schemaOfNow } = await store.standing();
    return [
      ...(schemaOfNow ? [] : [refusalOf('unavailable', 'gateway/database-version', 'database')]),
      ...(readOnly ? [refusalOf('unavailable', 'gateway/database-read-only', 'database')] : []),
      ...(full ? [refusalOf('unavailable', 'gateway/database-full', 'database')] : []),
    ];
  } catch (error) {
    if (!(error instanceof StoreUnavailable)) throw error;
    return [unavailableRefusal(error)];
  }
}
