/** What a subscription wants to hear of: a search that one new result can be judged by alone. */
import { done, type Outcome, refuse } from '../../base/outcome.ts';
import { parseQuery } from '../../search/parse-query.ts';
import type { SearchQuery } from '../../search/query.ts';
import { fhirRefusal } from '../fhir/refusals.ts';

const TYPES = ['Observation', 'DiagnosticReport'];
const PARAMETERS: ReadonlySet<string> = new Set(['patient', 'subject', 'code', 'category', 'status']);

/** Refused with `gateway/bad-criteria`: another type, or a parameter that needs more than the result itself. */
export function readCriteria(criteria: string, zone: string): Outcome<SearchQuery> {
  const [type = '', query = ''] = criteria.split('?', 2);
  const wrong = refuse(fhirRefusal('gateway/bad-criteria', 'Subscription.criteria'));
  if (!TYPES.includes(type)) return wrong;
  const parsed = parseQuery(type, [...new URLSearchParams(query)], { lenient: false, zone });
  if (!parsed.ok) return wrong;
  const { criteria: all, include, revinclude, sort } = parsed.value;
  const isPlain = all.every(({ name, modifier }) => PARAMETERS.has(name) && (modifier === '' || modifier === 'not'));
  return isPlain && include.length === 0 && !revinclude && sort.length === 0 ? done(parsed.value) : wrong;
}
