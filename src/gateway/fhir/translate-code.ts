/** `ConceptMap/$translate` (R4 conceptmap-operation-translate.html) on the caller's own code map and the catalogue. */
import { done, type Outcome, refuse } from '../../base/outcome.ts';
import { permits } from '../../access/scopes.ts';
import type { FhirCaller } from '../../terms/fhir-caller.ts';
import type { Gateway } from '../gateway.ts';
import { fhirRefusal } from './refusals.ts';
import { LOINC } from './value-sets.ts';

export const RESULT_MAP = 'urn:concord:conceptmap:results';
export const ORDER_MAP = 'urn:concord:conceptmap:orders';

export interface Translation {
  /** Of the catalogue: an item, or of an order a panel. */
  readonly target: { readonly system: string; readonly code: string; readonly display: string };
  readonly loinc?: string;
}

/** Undefined: no map knows the code, or it is mapped to nothing on purpose. */
export async function translateCode(
  gateway: Gateway,
  caller: FhirCaller,
  asked: { readonly map: string; readonly system: string; readonly code: string },
): Promise<Outcome<Translation | undefined>> {
  if (!permits(caller.scopes, 'ConceptMap', 'r').allowed) return refuse(fhirRefusal('gateway/scope', 'Authorization'));
  if (asked.map !== RESULT_MAP && asked.map !== ORDER_MAP) return refuse(fhirRefusal('gateway/unknown-map', 'url'));
  const { lookup, catalogue } = await gateway.reference.current();
  const kind = asked.map === RESULT_MAP ? 'result' : 'order';
  const loinc = asked.system === LOINC ? asked.code : undefined;
  const id = lookup.itemOf(caller.facility.id, kind, asked.system, asked.code, loinc);
  if (id === null) return done(undefined);
  const item = catalogue?.items.get(id);
  const panel = item === undefined ? catalogue?.panels.get(id) : undefined;
  const known = item ?? panel;
  if (known === undefined) return done(undefined);
  const system = `urn:concord:catalogue:${item === undefined ? 'panel' : 'item'}`;
  return done({
    target: { system, code: id, display: known.nameZh },
    ...(known.loinc === '' ? {} : { loinc: known.loinc }),
  });
}
