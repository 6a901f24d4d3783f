/** Specimen types and other codes of one HL7 table: `BLD` without a system is table 0487's; a local code stays local. */
import type { CodeableConcept } from 'fhir/r4';
import { type CodeTable, lookUp } from '../code-table.ts';
import { table0002, table0070, table0487 } from '../generated/codes.ts';
import { cweToCodeableConcept } from '../generated/datatypes.ts';
import type { Reading } from '../reading.ts';
import type { Run } from '../run.ts';

export function cweToSpecimenType(s: Reading, f: number, r: number, c: number, run: Run): CodeableConcept | undefined {
  return ofTable(table0487, s, f, r, c, run);
}

export function cweToMaritalStatus(s: Reading, f: number, r: number, c: number, run: Run): CodeableConcept | undefined {
  return ofTable(table0002, s, f, r, c, run);
}

/** SPS.1 (v2.3 to 2.4, OBR-15): table 0070 became 0487; 0070's codes are kept under their own table. */
export function spsToSpecimenType(s: Reading, f: number, r: number, c: number, run: Run): CodeableConcept | undefined {
  return c === 0 ? ofTable(table0070, s, f, r, 1, run) : undefined;
}

export function spsToAdditive(s: Reading, f: number, r: number, c: number, run: Run): CodeableConcept | undefined {
  return c === 0 ? cweToCodeableConcept(s, f, r, 2, run) : undefined;
}

export function spsToBodySite(s: Reading, f: number, r: number, c: number, run: Run): CodeableConcept | undefined {
  return c === 0 ? cweToCodeableConcept(s, f, r, 4, run) : undefined;
}

export function spsToModifier(s: Reading, f: number, r: number, c: number, run: Run): CodeableConcept | undefined {
  return c === 0 ? cweToCodeableConcept(s, f, r, 6, run) : undefined;
}

function ofTable(table: CodeTable, s: Reading, f: number, r: number, c: number, run: Run): CodeableConcept | undefined {
  const concept = cweToCodeableConcept(s, f, r, c, run);
  const coding = concept?.coding?.[0];
  if (coding?.code === undefined || coding.system !== run.localCodeSystem) return concept;
  const target = lookUp(table, coding.code);
  if (target?.system !== undefined) coding.system = target.system;
  return concept;
}
