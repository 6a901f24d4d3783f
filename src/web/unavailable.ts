/** What is told of a database that cannot be used: whoever asks tries again, later where its disk is full. */
import type { Refusal } from '../base/outcome.ts';
import { refusalOf } from '../gateway/answer.ts';
import type { StoreUnavailable } from '../ports/store.ts';

export function unavailableRefusal({ full }: StoreUnavailable): Refusal {
  const code = full ? 'gateway/database-full' : 'gateway/database-gone';
  return { ...refusalOf('unavailable', code, 'database'), retryAfterSeconds: full ? 30 : 2 };
}
