/** People in a role: requesters, observers, directors, interpreters, each as PractitionerRole or Practitioner. */
import type { CodeableConcept, Practitioner, PractitionerRole } from 'fhir/r4';
import { cnnToPractitioner, xadToAddress, xcnToPractitioner } from '../generated/datatypes.ts';
import type { Reading } from '../reading.ts';
import type { Run } from '../run.ts';
import { V2 } from '../systems.ts';
import { obxToPerformingOrganization, orcToOrderingOrganization } from './organizations.ts';

function role(code: string, display: string, system: string): CodeableConcept {
  return { coding: [{ system, code, display }] };
}

/** OBX-16. */
export function xcnToResponsibleObserver(
  s: Reading,
  f: number,
  r: number,
  c: number,
  run: Run,
): PractitionerRole | undefined {
  const person = xcnToPractitioner(s, f, r, c, run);
  if (person === undefined) return undefined;
  return {
    resourceType: 'PractitionerRole',
    practitioner: run.share(person),
    code: [
      role('responsibleObserver', 'Responsible Observer', 'http://terminology.hl7.org/CodeSystem/practitioner-role'),
    ],
  };
}

/** OBX-25, of the organisation in OBX-23. */
export function xcnToMedicalDirector(
  s: Reading,
  f: number,
  r: number,
  c: number,
  run: Run,
): PractitionerRole | undefined {
  const person = xcnToPractitioner(s, f, r, c, run);
  if (person === undefined) return undefined;
  const organization = s.has(23) ? obxToPerformingOrganization(s, 23, 1, 0, run) : undefined;
  return {
    resourceType: 'PractitionerRole',
    practitioner: run.share(person),
    ...(organization === undefined ? {} : { organization: run.share(organization) }),
    code: [role('MDIR', 'Medical Director', `${V2}0912`)],
  };
}

/** ORC-12 with the address ORC-24. */
export function orcToOrderingPractitioner(
  s: Reading,
  f: number,
  r: number,
  c: number,
  run: Run,
): Practitioner | undefined {
  const person = xcnToPractitioner(s, f, r, c, run);
  if (person === undefined) return undefined;
  for (let i = 1, n = s.count(24); i <= n; i++) {
    const address = xadToAddress(s, 24, i, 0, run);
    if (address !== undefined) (person.address ??= []).push(address);
  }
  return person;
}

/** ORC-12 of the organisation in ORC-21. */
export function orcToOrderingRole(s: Reading, f: number, r: number, c: number, run: Run): PractitionerRole | undefined {
  const person = orcToOrderingPractitioner(s, f, r, c, run);
  if (person === undefined) return undefined;
  const organization = orcToOrderingOrganization(s, 21, 1, 0, run);
  return {
    resourceType: 'PractitionerRole',
    practitioner: run.share(person),
    ...(organization === undefined ? {} : { organization: run.share(organization) }),
  };
}

/** NDL (OBR-32 to 35): NDL.1 who, NDL.2 and 3 when. */
export function ndlToPractitionerRole(
  s: Reading,
  f: number,
  r: number,
  _c: number,
  run: Run,
): PractitionerRole | undefined {
  const person = cnnToPractitioner(s, f, r, 1, run);
  if (person === undefined) return undefined;
  return { resourceType: 'PractitionerRole', practitioner: run.share(person) };
}

/** OBR-34. */
export function ndlToTechnician(s: Reading, f: number, r: number, c: number, run: Run): PractitionerRole | undefined {
  return inRole(ndlToPractitionerRole(s, f, r, c, run), 'SPRF', 'secondary performer');
}

/** OBR-35. */
export function ndlToTranscriptionist(
  s: Reading,
  f: number,
  r: number,
  c: number,
  run: Run,
): PractitionerRole | undefined {
  return inRole(ndlToPractitionerRole(s, f, r, c, run), 'TRANS', 'Transcriber');
}

function inRole(made: PractitionerRole | undefined, code: string, display: string): PractitionerRole | undefined {
  if (made !== undefined)
    made.code = [role(code, display, 'http://terminology.hl7.org/CodeSystem/v3-ParticipationType')];
  return made;
}
