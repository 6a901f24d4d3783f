/** OBX-6 → the unit of every quantity of that OBX: its text as sent, and its UCUM code where one is sure. */
import type { Quantity } from '../../terms/fhir.ts';
import { toUcum } from '../../units/to-ucum.ts';
import type { Reading } from '../reading.ts';
import type { Run } from '../run.ts';
import { UCUM } from '../systems.ts';

export interface UnitText {
  readonly text: string;
  readonly code: string | undefined;
}

const OBX_6 = 6;
/** `10^9/L` whose caret the sender did not escape arrives as the components `10` and `9/L`. */
const POWER_OF_TEN = /^[×xX*·]?\s*10$/;
const POWER = /^-?\d{1,2}\s*\/\S/;

/** The unit of the segment's OBX-6. */
export function unitOf(s: Reading, run: Run): UnitText | undefined {
  if (run.unitSegment === s) return run.unit;
  run.unitSegment = s;
  run.unit = s.has(OBX_6) ? run.recall(s, OBX_6, readUnit) : undefined;
  return run.unit;
}

function readUnit(s: Reading): UnitText | undefined {
  const code = s.part(OBX_6, 1, 0, 1);
  const name = s.part(OBX_6, 1, 0, 2);
  const text = name ?? code;
  if (text === undefined) return undefined;
  if (name === undefined) return { text, code: toUcum(text)?.code };
  if (code !== undefined && POWER_OF_TEN.test(code) && POWER.test(name)) {
    const joined = `${code}^${name}`;
    return { text: joined, code: toUcum(joined)?.code };
  }
  const system = s.part(OBX_6, 1, 0, 3);
  const isUcum = system === undefined || /^UCUM$/i.test(system);
  const ofCode = code === undefined ? undefined : toUcum(code)?.code;
  const ofName = toUcum(name)?.code;
  if (isUcum) return { text, code: ofCode ?? ofName ?? alternate(s) };
  return { text, code: ofName ?? alternate(s) ?? ofCode };
}

/** A second coding that says it is UCUM. */
function alternate(s: Reading): string | undefined {
  if (!/^UCUM$/i.test(s.peek(OBX_6, 1, 0, 6) ?? '')) return undefined;
  const code = s.part(OBX_6, 1, 0, 4);
  s.mark(OBX_6, 1, 6);
  return code === undefined ? undefined : toUcum(code)?.code;
}

/** Quantity parts of a unit. */
export function withUnit(quantity: Quantity, unit: UnitText | undefined): Quantity {
  if (unit === undefined) return quantity;
  quantity.unit = unit.text;
  if (unit.code !== undefined) {
    quantity.system = UCUM;
    quantity.code = unit.code;
  }
  return quantity;
}

export function tellUnknownUnit(s: Reading, unit: UnitText | undefined, run: Run): void {
  if (unit !== undefined && unit.code === undefined) run.problem('mapping/unit-unknown', 'warning', s.at(OBX_6));
}
