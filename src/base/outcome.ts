/** An outcome: what was asked for, or a refusal (CONVENTIONS 4.2). Bugs are thrown instead. */
export type RefusalCategory =
  | 'incorrect'
  | 'unsupported'
  | 'forbidden'
  | 'unauthenticated'
  | 'not-found'
  | 'conflict'
  | 'busy'
  | 'unavailable'
  | 'fault';

export interface Refusal {
  readonly category: RefusalCategory;
  /** `folder/kebab-case`, with its fixed sentence. */
  readonly code: string;
  readonly sentence: string;
  /** Position in the request, never a value of it. */
  readonly at?: string;
  readonly retryAfterSeconds?: number;
}

export type Outcome<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly refusal: Refusal };

export function done<T>(value: T): Outcome<T> {
  return { ok: true, value };
}

export function refuse(refusal: Refusal): Outcome<never> {
  return { ok: false, refusal };
}
