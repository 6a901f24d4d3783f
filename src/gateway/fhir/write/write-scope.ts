/** What a token's scopes let a client write, and see of what it wrote (SMART v2: `c` creates, `u` updates, `r` reads). */
import { type Category, type Interaction, isInCategory, permits } from '../../../access/scopes.ts';
import type { FhirCaller } from '../../../terms/fhir-caller.ts';
import type { StoredResource } from '../../../terms/stored-resource.ts';
import { presentText, readStored } from '../present.ts';
import type { Draft, Wish } from './draft.ts';
import { refused } from './write-refused.ts';

/** An update by identifiers is one, also where it makes what was not there. */
const LETTER: Readonly<Record<Wish['kind'], Interaction>> = { create: 'c', take: 'c', update: 'u', 'put-by': 'u' };

/** Throws WriteRefused `gateway/scope` when the draft may not be written as it is. */
export function refuseOutOfScope(caller: FhirCaller, draft: Draft): void {
  const { allowed, categories } = permits(caller.scopes, draft.type, LETTER[draft.wish.kind]);
  if (!allowed) throw outOfScope(draft);
  refuseOtherCategory(draft, draft.resource, categories);
}

/** The same for what stands already: nothing is moved out of a category that the scopes do not hold. */
export function refuseKnownOutOfScope(caller: FhirCaller, draft: Draft, known: StoredResource): void {
  const { categories } = permits(caller.scopes, draft.type, LETTER[draft.wish.kind]);
  refuseOtherCategory(draft, readStored(known), categories);
}

function refuseOtherCategory(draft: Draft, resource: unknown, categories: readonly Category[] | undefined): void {
  if (!isInCategory(resource, categories)) throw outOfScope(draft);
}

function outOfScope({ at }: Draft): Error {
  return refused('gateway/scope', at === '' ? 'Authorization' : at);
}

/** What was there before may hold more than the client sent: without `r` none of it is shown. */
export function shownText(caller: FhirCaller, now: StoredResource, isKnown: boolean): string | undefined {
  if (!isKnown) return presentText(now);
  const { allowed, categories } = permits(caller.scopes, now.type, 'r');
  return allowed && isInCategory(readStored(now), categories) ? presentText(now) : undefined;
}
