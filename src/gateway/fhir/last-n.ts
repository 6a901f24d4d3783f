/** `Observation/$lastn` (R4 observation-operation-lastn.html): the newest N Observations of each code of a patient. */
import { done, type Outcome, refuse } from '../../base/outcome.ts';
import type { ItemLookup } from '../../recognition/item-of.ts';
import type { CodeableConcept } from '../../terms/fhir.ts';
import type { FhirCaller } from '../../terms/fhir-caller.ts';
import type { Gateway } from '../gateway.ts';
import type { Found } from './found.ts';
import { fhirRefusal } from './refusals.ts';
import { searchResources, type SearchPage, type SearchRequest } from './search-resources.ts';
import { LOINC } from './value-sets.ts';

/** What would change which results are looked at, and in what order. */
const PASSED_OVER: ReadonlySet<string> = new Set(['max', '_count', '_sort', '_total', '_cursor']);

/** R4: one of each code unless told. */
const MAX_DEFAULT = 1;

/** `max` and the parameters of an Observation search that names a patient; retracted results are left out. */
export async function lastN(
  gateway: Gateway,
  caller: FhirCaller,
  request: Omit<SearchRequest, 'type'>,
): Promise<Outcome<SearchPage>> {
  const max = request.pairs.find(([name]) => name === 'max')?.[1] ?? String(MAX_DEFAULT);
  if (!/^[1-9]\d{0,3}$/.test(max)) return refuse(fhirRefusal('gateway/bad-max', 'max'));
  const named = request.pairs.some(([name]) => /^(?:patient|subject)\b/.test(name));
  if (!named) return refuse(fhirRefusal('gateway/search-too-broad', 'patient'));
  const pairs = request.pairs.filter(([name]) => !PASSED_OVER.has(name));
  const all = await searchResources(gateway, caller, {
    ...request,
    type: 'Observation',
    pairs: [...pairs, ['status:not', 'entered-in-error'], ['status:not', 'cancelled']],
    wholeSet: true,
  });
  if (!all.ok) return all;
  const { lookup } = await gateway.reference.current();
  const counted = new Map<string, number>();
  // Without a sort the search has the newest first.
  const matches = all.value.matches.filter((found) => {
    const group = groupOf(found, lookup);
    const count = (counted.get(group) ?? 0) + 1;
    counted.set(group, count);
    return count <= Number(max);
  });
  return done({ ...all.value, matches, total: matches.length, next: undefined });
}

/** One group across hospitals: the catalogue item, else LOINC, else the facility's own code. */
function groupOf({ facility, resource }: Found, lookup: ItemLookup): string {
  const { coding = [], text = '' } = (resource['code'] ?? {}) as CodeableConcept;
  const loinc = coding.find(({ system }) => system === LOINC)?.code;
  for (const { system = '', code } of coding) {
    const item = code === undefined ? null : lookup.itemOf(facility, 'result', system, code, loinc);
    if (item !== null) return `item ${item}`;
  }
  if (loinc !== undefined) return `loinc ${loinc}`;
  const [first] = coding;
  return `${facility} ${first?.system ?? ''} ${first?.code ?? text}`;
}
