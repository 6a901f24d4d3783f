/**
 * Refused requests in the audit. Each leaves one row, as long as they are few: whoever knocks without a key must not be
 * able to fill the disk. Beyond the limit the answer is 429, and one row a minute says how many there were.
 */
import { SENTENCES } from '../access/problems.ts';
import { createRateLimiter } from '../access/rate-limit.ts';
import { LIMITS } from '../base/limits.ts';
import type { Refusal } from '../base/outcome.ts';
import type { Gateway } from '../gateway/gateway.ts';

export interface Denials {
  /** Audits the refusal and hands it back; beyond the limit nothing is written, and the refusal is to wait. */
  tell(refusal: Refusal, route: string): Promise<Refusal>;
  /** Writes the row that counts what was refused without a row of its own, a minute after the first of them. */
  settle(): Promise<void>;
}

const SUMMARY_MS = 60_000;

export function createDenials(gateway: Gateway): Denials {
  const limiter = createRateLimiter({ perSecond: LIMITS.refusalsPerSecond, burst: LIMITS.refusalsBurst });
  let untold = 0;
  let firstUntold = 0;

  const settle = async (): Promise<void> => {
    if (untold === 0 || nowOf(gateway) - firstUntold < SUMMARY_MS) return;
    const count = untold;
    untold = 0;
    try {
      await auditDenial(gateway, `access/too-many-refusals ${count}`);
    } catch {
      // The database is away: they are counted with the next.
      untold += count;
    }
  };

  return {
    settle,
    tell: async (refusal, route) => {
      const now = nowOf(gateway);
      const wait = limiter.take('', now);
      if (wait === 0) {
        await auditDenial(gateway, `${refusal.code} ${route}`);
        return refusal;
      }
      if (untold === 0) firstUntold = now;
      untold++;
      const code = 'access/too-many-refusals';
      return { category: 'busy', code, sentence: SENTENCES[code], at: 'Authorization', retryAfterSeconds: wait };
    },
  };
}

function nowOf(gateway: Gateway): number {
  return Date.parse(gateway.clock.now());
}

/** Codes, counts and names of routes: nothing that the caller said. */
async function auditDenial(gateway: Gateway, detail: string): Promise<void> {
  await gateway.store.recordAnswer({
    audit: [
      {
        id: gateway.random.uuid(),
        at: gateway.clock.now(),
        facility: null,
        actor: '',
        action: 'denied',
        patientMac: '',
        encounterMac: '',
        purpose: '',
        outcome: 'denied',
        detail,
      },
    ],
    offers: [],
    entries: [],
  });
}
