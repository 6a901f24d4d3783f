/** Local codes → catalogue items and panels (SETTLED 15): the facility's own map first, then LOINC. */
import type { Catalogue } from '../terms/catalogue.ts';
import type { CodeMapRow } from '../terms/code-map.ts';
import type { FacilityId } from '../terms/facility.ts';

export type CodeKind = CodeMapRow['kind'];

export interface ItemLookup {
  /**
   * The item of a result, or the item or panel of an order; null when the code is not mapped, is mapped to nothing
   * on purpose, or is mapped to what this catalogue does not have. `loinc`: the LOINC code stated beside the local
   * one; the code itself counts as LOINC when its system says so. The system is no part of the key.
   */
  itemOf(facility: FacilityId, kind: CodeKind, system: string, code: string, loinc?: string): string | null;
  /** True when nothing needs mapping: the code has an item or panel of this catalogue, or none on purpose. */
  isMapped(facility: FacilityId, kind: CodeKind, system: string, code: string, loinc?: string): boolean;
  /** How the facility orders an item or a panel: by its own code, else by LOINC; undefined when neither is known. */
  orderCodeOf(facility: FacilityId, target: string): OrderCode | undefined;
}

export interface OrderCode {
  readonly system: string;
  readonly code: string;
  readonly display: string;
}

const LOINC_SYSTEMS: ReadonlySet<string> = new Set([
  'http://loinc.org',
  'LN',
  'LOINC',
  '2.16.840.1.113883.6.1',
  'urn:oid:2.16.840.1.113883.6.1',
]);

/** Without a catalogue nothing has an item. */
export function createItemLookup(rows: readonly CodeMapRow[], catalogue: Catalogue | undefined): ItemLookup {
  const mapped = new Map(rows.map((row) => [keyOf(row.facility, row.kind, row.code), row.target]));
  const byLoinc = loincIndex(catalogue);
  // Of several codes of one target the first by code: rows come in that order.
  const ordering = new Map<string, OrderCode>();
  for (const { facility, kind, target, system, code, display } of rows.toReversed()) {
    if (kind === 'order' && target !== '') ordering.set(keyOf(facility, kind, target), { system, code, display });
  }

  const targetOf: ItemLookup['itemOf'] = (facility, kind, system, code, stated) => {
    const loinc = stated ?? (LOINC_SYSTEMS.has(system) ? code : '');
    const own = mapped.get(keyOf(facility, kind, code)) ?? mapped.get(keyOf(facility, kind, loinc));
    return own ?? byLoinc.get(loinc) ?? null;
  };
  return {
    itemOf(facility, kind, system, code, loinc) {
      const target = targetOf(facility, kind, system, code, loinc);
      return target !== null && knows(catalogue, kind, target) ? target : null;
    },
    isMapped(facility, kind, system, code, loinc) {
      const target = targetOf(facility, kind, system, code, loinc);
      return target === '' || (target !== null && knows(catalogue, kind, target));
    },
    orderCodeOf(facility, target) {
      const own = ordering.get(keyOf(facility, 'order', target));
      if (own !== undefined) return own;
      const of = catalogue?.items.get(target) ?? catalogue?.panels.get(target);
      return of === undefined || of.loinc === ''
        ? undefined
        : { system: 'http://loinc.org', code: of.loinc, display: of.nameZh };
    },
  };
}

/** Whether a code of this kind can be mapped to it: a result to an item, an order to a panel too. */
export function knows(catalogue: Catalogue | undefined, kind: CodeKind, target: string): boolean {
  if (catalogue === undefined) return false;
  return catalogue.items.has(target) || (kind === 'order' && catalogue.panels.has(target));
}

function loincIndex(catalogue: Catalogue | undefined): ReadonlyMap<string, string> {
  const index = new Map<string, string>();
  if (catalogue === undefined) return index;
  for (const of of [...catalogue.items.values(), ...catalogue.panels.values()]) {
    if (of.loinc !== '') index.set(of.loinc, of.id);
  }
  return index;
}

function keyOf(facility: FacilityId, kind: CodeKind, code: string): string {
  return `${kind} ${facility.length} ${facility} ${code}`;
}
