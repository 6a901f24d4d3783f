/** How each facility codes what it orders and measures, and the code map that its staff would have made. */
import type { CodeMapRow } from '../terms/code-map.ts';
import { ANALYTES } from './analytes.ts';
import type { Analyte } from './analytes.ts';
import { FACILITIES } from './facilities.ts';
import type { SimulatedFacility } from './facilities.ts';
import { PANELS } from './panels.ts';
import type { OrderedPanel } from './panels.ts';

export interface LocalCode {
  readonly code: string;
  readonly display: string;
  readonly system: string;
  /** The LOINC sent beside it, or instead of it. */
  readonly loinc?: string;
  /** LOINC stands first, the local code second or nowhere. */
  readonly loincFirst: boolean;
}

/** A line that laboratories add and nobody has mapped: it must stay visible and never reach a card. */
export const UNMAPPED: Readonly<Pick<Analyte, 'name' | 'initials'>> = {
  name: '血清指数(溶血/黄疸/脂血)',
  initials: 'XQZS',
};

const ANALYTE_ORDER: ReadonlyMap<string, number> = new Map([...ANALYTES.keys()].map((id, index) => [id, index]));
const PANEL_ORDER: ReadonlyMap<string, number> = new Map([...PANELS.keys()].map((id, index) => [id, index]));

export function resultCode(facility: SimulatedFacility, of: Analyte): LocalCode {
  const { codes, codeSystem } = facility.dialect;
  const number = ANALYTE_ORDER.get(of.id) ?? 0;
  return {
    code: spelled(facility, { id: of.id, initials: of.initials, number: 1001 + number }),
    // A leading star is the printed mark of mutual recognition at these laboratories.
    display: facility.level === 3 && number % 7 === 0 ? `★${of.name}` : of.name,
    system: codeSystem,
    loincFirst: codes === 'loinc',
    ...(codes === 'loinc' || codes === 'item-and-loinc' ? { loinc: of.loinc } : {}),
  };
}

export function orderCode(facility: SimulatedFacility, of: OrderedPanel): LocalCode {
  const number = PANEL_ORDER.get(of.id) ?? 0;
  return {
    code: spelled(facility, { id: of.id, initials: of.initials, number: 9001 + number }),
    display: of.name,
    system: facility.dialect.codeSystem,
    loincFirst: false,
  };
}

/** codes.csv: every order, and every result but of the facility whose LOINC speaks for itself. */
export function codeMap(): readonly CodeMapRow[] {
  return FACILITIES.flatMap((facility) => {
    const panels = facility.panels.map((id) => PANELS.get(id) as OrderedPanel);
    const orders = panels.map((panel) => row(facility, 'order', orderCode(facility, panel), panel.id));
    if (facility.dialect.codes === 'loinc') return orders;
    const measured = [...ANALYTES.values()].filter((of) => panels.some((panel) => panel.analytes.includes(of.id)));
    return [...orders, ...measured.map((of) => row(facility, 'result', resultCode(facility, of), of.id))];
  });
}

function row(facility: SimulatedFacility, kind: CodeMapRow['kind'], code: LocalCode, target: string): CodeMapRow {
  return { facility: facility.id, kind, code: code.code, system: code.system, display: code.display, target };
}

function spelled(
  facility: SimulatedFacility,
  of: { readonly id: string; readonly initials: string; readonly number: number },
): string {
  switch (facility.dialect.codes) {
    case 'item':
    case 'item-and-loinc':
    case 'loinc':
      return of.id;
    case 'numbers':
      return String(of.number + (facility.level === 1 ? 3000 : 0));
    case 'initials':
      return of.initials;
    case 'prefixed':
      return `${facility.level === 1 ? 'SL' : 'YZ'}-${String(of.number)}`;
  }
}
