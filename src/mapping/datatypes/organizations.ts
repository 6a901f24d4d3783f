/** Organizations from HD, CWE and XON, and those that several fields of one segment describe. */
import type { Address, ContactPoint, Organization } from 'fhir/r4';
import { xadToAddress, xonToOrganization, xtnToContactPoint } from '../generated/datatypes.ts';
import type { Reading } from '../reading.ts';
import type { Run } from '../run.ts';
import { codingSystem, systemOf } from './systems.ts';

/** MSH-4, MSH-6: HD.1 is the name that the sender uses, HD.2 its universal id. */
export function hdToOrganization(s: Reading, f: number, r: number, c: number, run: Run): Organization | undefined {
  const [name, id, type] = [s.part(f, r, c, 1), s.part(f, r, c, 2), s.part(f, r, c, 3)];
  const universal = id === undefined ? undefined : systemOf(undefined, id, type, run);
  const uri = universal === undefined || universal.startsWith('urn:concord:') ? undefined : universal;
  const own = name ?? id;
  if (own === undefined) return undefined;
  const identifier =
    uri === undefined ? { system: run.localIdentifierSystem, value: own } : { system: 'urn:ietf:rfc:3986', value: uri };
  const organization: Organization = { resourceType: 'Organization', identifier: [identifier] };
  if (name !== undefined) organization.name = name;
  // A universal id that is none (HD.2 often holds the name in plain words).
  if (id !== undefined && uri === undefined && name !== undefined) organization.alias = [id];
  return organization;
}

/** OBX-15: producer's id as a coded element. */
export function cweToOrganization(s: Reading, f: number, r: number, c: number, run: Run): Organization | undefined {
  const [code, text, system, original] = [
    s.part(f, r, c, 1),
    s.part(f, r, c, 2),
    s.part(f, r, c, 3),
    s.part(f, r, c, 9),
  ];
  const name = text ?? original;
  if (code === undefined && name === undefined) return undefined;
  const organization: Organization = { resourceType: 'Organization' };
  if (code !== undefined) {
    organization.identifier = [
      {
        system: system === undefined || system === 'L' ? run.localIdentifierSystem : codingSystem(system, run),
        value: code,
      },
    ];
  }
  const shown = name ?? code;
  if (shown !== undefined) organization.name = shown;
  return organization;
}

/** OBX-23 with its address OBX-24. */
export function obxToPerformingOrganization(
  s: Reading,
  f: number,
  r: number,
  c: number,
  run: Run,
): Organization | undefined {
  const organization = xonToOrganization(s, f, r, c, run);
  const address = s.has(24) ? xadToAddress(s, 24, r, 0, run) : undefined;
  if (organization !== undefined && address !== undefined) organization.address = [notHome(address)];
  return organization;
}

/** ORC-21 with its addresses ORC-22 and telephones ORC-23. */
export function orcToOrderingOrganization(
  s: Reading,
  f: number,
  r: number,
  c: number,
  run: Run,
): Organization | undefined {
  const organization = xonToOrganization(s, f, r, c, run);
  if (organization === undefined) return undefined;
  for (let i = 1, n = s.count(22); i <= n; i++) {
    const address = xadToAddress(s, 22, i, 0, run);
    if (address !== undefined) (organization.address ??= []).push(notHome(address));
  }
  for (let i = 1, n = s.count(23); i <= n; i++) {
    const telecom = xtnToContactPoint(s, 23, i, 0, run);
    if (telecom !== undefined) (organization.telecom ??= []).push(notHome(telecom));
  }
  return organization;
}

/** An organisation has no home (R4 org-2, org-3): a use that says so is left out. */
function notHome<T extends Address | ContactPoint>(place: T): T {
  if (place.use === 'home') delete place.use;
  return place;
}
