/**
 * Value sets of recognition (`code:in`): an item's or a panel's codes as each facility's map and the catalogue know them
 * now. `urn:concord:valueset:item:HGB`, `urn:concord:valueset:panel:CBC`.
 */
import type { Catalogue } from '../../terms/catalogue.ts';
import type { FacilityId } from '../../terms/facility.ts';
import type { CodeableConcept } from '../../terms/fhir.ts';
import type { ItemLookup } from '../../recognition/item-of.ts';

const ITEM = 'urn:concord:valueset:item:';
const PANEL = 'urn:concord:valueset:panel:';
export const LOINC = 'http://loinc.org';

export interface ValueSets {
  readonly lookup: ItemLookup;
  /** Items by the value set's address. */
  readonly items: ReadonlyMap<string, ReadonlySet<string>>;
}

/** Undefined when an address is no value set of the catalogue in force. */
export function valueSetsOf(
  urls: readonly string[],
  { catalogue, lookup }: { readonly catalogue: Catalogue | undefined; readonly lookup: ItemLookup },
): ValueSets | undefined {
  const items = new Map<string, ReadonlySet<string>>();
  for (const url of urls) {
    const found = catalogue === undefined ? undefined : itemsOf(url, catalogue);
    if (found === undefined) return undefined;
    items.set(url, new Set(found));
  }
  return { lookup, items };
}

function itemsOf(url: string, catalogue: Catalogue): readonly string[] | undefined {
  if (url.startsWith(ITEM)) {
    const item = url.slice(ITEM.length);
    return catalogue.items.has(item) ? [item] : undefined;
  }
  const panel = url.startsWith(PANEL) ? catalogue.panels.get(url.slice(PANEL.length)) : undefined;
  return panel === undefined ? undefined : [...panel.required, ...panel.derived];
}

export function isInValueSet(
  { lookup, items }: ValueSets,
  url: string,
  facility: FacilityId,
  resource: unknown,
): boolean {
  const wanted = items.get(url);
  const { code } = resource as { code?: CodeableConcept };
  const codings = code?.coding ?? [];
  const loinc = codings.find(({ system }) => system === LOINC)?.code;
  return codings.some((coding) => {
    const item =
      coding.code === undefined ? null : lookup.itemOf(facility, 'result', coding.system ?? '', coding.code, loinc);
    return typeof item === 'string' && wanted?.has(item) === true;
  });
}
