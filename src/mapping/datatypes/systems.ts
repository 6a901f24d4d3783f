/** Systems of codes and numbers (HL7 table 0396; v2.5 2.A.33 HD): URIs where one is stated, else the facility's own. */
import { asCode, lookUp } from '../code-table.ts';
import { table0396 } from '../generated/codes.ts';
import type { Reading } from '../reading.ts';
import type { Run } from '../run.ts';
import { NATIONAL_ID, V2 } from '../systems.ts';

const OID = /^[0-2](\.(0|[1-9]\d*))+$/;
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const ABSOLUTE = /^(https?|urn|ftp|mailto|mllp|tcp|dns):\S+$/i;
const HOST = /^[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?$/;
const RESIDENT_NUMBER = /^(\d{15}|\d{17}[\dXx])$/;

/** CWE.3 → URI. `L`, `99xxx` and names that nobody registered are the facility's own, never LOINC. */
export function codingSystem(text: string, run: Run): string {
  if (text === 'LN') return 'http://loinc.org';
  const known = lookUp(table0396, text);
  if (known !== undefined) return known.code;
  const table = /^HL7(\d{4})$/i.exec(text);
  if (table) return V2 + (table[1] as string);
  if (text === 'L') return run.localCodeSystem;
  if (OID.test(text)) return `urn:oid:${text}`;
  return ABSOLUTE.test(text) ? text : run.codeSystemNamed(text);
}

export function textToUrl(text: string): string | undefined {
  return ABSOLUTE.test(text) ? text : undefined;
}

/** FHIR codes have no blanks around them and single ones inside (R4 2.24.0.1). */
export function textToCode(text: string): string | undefined {
  return asCode(text);
}

export function textToLanguage(
  text: string,
  run: Run,
  s: Reading,
  f: number,
  r: number,
  c: number,
): string | undefined {
  if (/^[A-Za-z]{2,3}([-_][A-Za-z0-9]{2,8})*$/.test(text)) return text.replaceAll('_', '-');
  run.problem('mapping/code-unknown', 'warning', s.at(f, c, r));
  return undefined;
}

/** HD as an identifier's system: its universal id, else a name of the facility's. */
export function hdToSystem(s: Reading, f: number, r: number, c: number, run: Run): string | undefined {
  return systemOf(s.part(f, r, c, 1), s.part(f, r, c, 2), s.part(f, r, c, 3), run);
}

/** EI.2 to EI.4 as the system of EI.1; the facility's own without them. */
export function eiToSystem(s: Reading, f: number, r: number, c: number, run: Run): string {
  return systemOf(s.part(f, r, c, 2), s.part(f, r, c, 3), s.part(f, r, c, 4), run) ?? run.localIdentifierSystem;
}

/** CX.4 as the system of CX.1; a number typed as the national one has the nation's (SETTLED 9). */
export function cxToSystem(s: Reading, f: number, r: number, c: number, run: Run): string {
  const type = s.peek(f, r, c, 5);
  const national =
    type === 'NI' || type === 'NNCHN' || (type !== undefined && type === run.context.profile.nationalIdType);
  const stated = c === 0 ? hdToSystem(s, f, r, 4, run) : undefined;
  if (national && RESIDENT_NUMBER.test(s.peek(f, r, c, 1) ?? '')) return NATIONAL_ID;
  return stated ?? run.localIdentifierSystem;
}

export function isResidentNumber(text: string): boolean {
  return RESIDENT_NUMBER.test(text);
}

/** XON.6 (HD) and XON.7; the facility's own without them. */
export function xonToSystem(s: Reading, f: number, r: number, c: number, run: Run): string {
  return (c === 0 ? hdToSystem(s, f, r, 6, run) : undefined) ?? run.localIdentifierSystem;
}

/** XCN.9 (HD), else XCN.8; the facility's own without them. */
export function xcnToSystem(s: Reading, f: number, r: number, c: number, run: Run): string {
  return (c === 0 ? hdToSystem(s, f, r, 9, run) : undefined) ?? run.localIdentifierSystem;
}

/** HD as an address: only what is one. */
export function hdToEndpoint(s: Reading, f: number, r: number, c: number): string | undefined {
  const [id, type] = [s.part(f, r, c, 2), s.part(f, r, c, 3)];
  if (id === undefined) return undefined;
  if ((type === 'ISO' || type === undefined) && OID.test(id)) return `urn:oid:${id}`;
  if (UUID.test(id)) return `urn:uuid:${id.toLowerCase()}`;
  return ABSOLUTE.test(id) ? id : type === 'DNS' && HOST.test(id) ? `dns:${id}` : undefined;
}

export function systemOf(
  name: string | undefined,
  id: string | undefined,
  type: string | undefined,
  run: Run,
): string | undefined {
  if (id !== undefined) {
    if (OID.test(id) && (type === undefined || type === 'ISO')) return `urn:oid:${id}`;
    if (UUID.test(id)) return `urn:uuid:${id.toLowerCase()}`;
    if (ABSOLUTE.test(id)) return id;
    if (type === 'DNS' && HOST.test(id)) return `dns:${id}`;
  }
  if (name !== undefined && OID.test(name) && name.includes('.', 2)) return `urn:oid:${name}`;
  const own = name ?? id;
  return own === undefined ? undefined : run.identifierSystemNamed(own);
}

/** HD.1: the name that the assigner goes by. */
export function hdToName(s: Reading, f: number, r: number, c: number): string | undefined {
  return s.part(f, r, c, 1);
}
