/** Identifiers whose type the field says: placer, filler, group, visit, and the person's number in PID-19. */
import type { Identifier } from 'fhir/r4';
import { cxToIdentifier, eiToIdentifier } from '../generated/datatypes.ts';
import type { Reading } from '../reading.ts';
import type { Run } from '../run.ts';
import { NATIONAL_ID, V2 } from '../systems.ts';
import { isResidentNumber } from './systems.ts';

function typed(identifier: Identifier | undefined, code: string): Identifier | undefined {
  if (identifier !== undefined) identifier.type = { coding: [{ system: `${V2}0203`, code }] };
  return identifier;
}

export function eiToPlacer(s: Reading, f: number, r: number, c: number, run: Run): Identifier | undefined {
  return typed(eiToIdentifier(s, f, r, c, run), 'PLAC');
}

export function eiToFiller(s: Reading, f: number, r: number, c: number, run: Run): Identifier | undefined {
  return typed(eiToIdentifier(s, f, r, c, run), 'FILL');
}

export function eiToGroup(s: Reading, f: number, r: number, c: number, run: Run): Identifier | undefined {
  return typed(eiToIdentifier(s, f, r, c, run), 'PGN');
}

export function eiToShipment(s: Reading, f: number, r: number, c: number, run: Run): Identifier | undefined {
  return typed(eiToIdentifier(s, f, r, c, run), 'SHIP');
}

/** EIP.1. */
export function eipToPlacer(s: Reading, f: number, r: number, _c: number, run: Run): Identifier | undefined {
  return typed(eiToIdentifier(s, f, r, 1, run), 'PGN');
}

/** EIP.2. */
export function eipToFiller(s: Reading, f: number, r: number, _c: number, run: Run): Identifier | undefined {
  return typed(eiToIdentifier(s, f, r, 2, run), 'FGN');
}

/** The filler's number of a pair, else the placer's. */
export function eipToIdentifier(s: Reading, f: number, r: number, c: number, run: Run): Identifier | undefined {
  return eipToFiller(s, f, r, c, run) ?? eipToPlacer(s, f, r, c, run);
}

export function visitToIdentifier(s: Reading, f: number, r: number, c: number, run: Run): Identifier | undefined {
  return typed(cxToIdentifier(s, f, r, c, run), 'VN');
}

/** PID-19: in China the resident identity number; elsewhere a social security number. */
export function ssnToIdentifier(s: Reading, f: number, r: number, c: number, run: Run): Identifier | undefined {
  const value = s.part(f, r, c, 1);
  if (value === undefined) return undefined;
  const resident = isResidentNumber(value);
  return typed(
    { system: resident ? NATIONAL_ID : run.identifierSystemNamed('PID-19'), value },
    resident ? 'NNCHN' : 'SS',
  );
}
