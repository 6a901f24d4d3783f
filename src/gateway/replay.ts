/** Sends a kept envelope down the path again: after a profile, a map or a fault was mended (SETTLED 21). */
import { done, type Outcome, refuse } from '../base/outcome.ts';
import { refusalOf } from './answer.ts';
import type { Gateway } from './gateway.ts';
import { finishEnvelope } from './finish-envelope.ts';

export interface Replayed {
  readonly envelopes: number;
  readonly resultsIn: number;
  readonly resultsStored: number;
  readonly stillQuarantined: number;
}

export async function replay(
  gateway: Gateway,
  which: { readonly envelope?: string; readonly outcome?: 'quarantined' | 'rejected' | 'pending' },
): Promise<Outcome<Replayed>> {
  const reference = await gateway.reference.current();
  const ids = which.envelope === undefined ? await idsOf(gateway, which.outcome ?? 'quarantined') : [which.envelope];
  const sum = { envelopes: 0, resultsIn: 0, resultsStored: 0, stillQuarantined: 0 };
  for (const id of ids) {
    const journey = await finishEnvelope(gateway, id, reference);
    if (journey === undefined) {
      if (which.envelope !== undefined) return refuse(refusalOf('not-found', 'gateway/unknown-envelope', 'envelope'));
      continue;
    }
    sum.envelopes++;
    sum.resultsIn += journey.resultsIn;
    sum.resultsStored += journey.resultsStored;
    if (journey.quarantined) sum.stillQuarantined++;
  }
  return done(sum);
}

const PAGE = 200;

async function idsOf(gateway: Gateway, outcome: 'quarantined' | 'rejected' | 'pending'): Promise<readonly string[]> {
  const ids: string[] = [];
  for (let before: string | undefined; ; ) {
    const page = await gateway.store.read.envelopes({
      limit: PAGE,
      outcome,
      ...(before === undefined ? {} : { before }),
    });
    ids.push(...page.map(({ id }) => id));
    if (page.length < PAGE) return ids;
    before = page.at(-1)?.id;
  }
}
