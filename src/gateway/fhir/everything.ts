/** `Patient/[id]/$everything` (R4 patient-operation-everything.html), results only: what recognition is about. */
import { permits } from '../../access/scopes.ts';
import { LIMITS } from '../../base/limits.ts';
import { done, type Outcome, refuse } from '../../base/outcome.ts';
import type { FhirCaller } from '../../terms/fhir-caller.ts';
import type { Gateway } from '../gateway.ts';
import { auditAccess, refuseScope } from './audit-access.ts';
import { type Found, sieve } from './found.ts';
import { fhirRefusal } from './refusals.ts';
import { isOpened, namedPatient, openingsOf } from './rights.ts';

const TYPES = ['Patient', 'Encounter', 'ServiceRequest', 'DiagnosticReport', 'Specimen', 'Observation'] as const;

export interface EverythingRequest {
  readonly patient: string;
  /** Types asked for (`_type`); empty: all of them. */
  readonly types: readonly string[];
  /** Changed at or after this instant (`_since`). */
  readonly since?: string;
}

/** All of it in one answer, in the order of the types; refused when it is more than an answer may hold. */
export async function everythingOf(
  gateway: Gateway,
  caller: FhirCaller,
  request: EverythingRequest,
): Promise<Outcome<readonly Found[]>> {
  const linked = caller.circumstances.encounter !== undefined;
  const openings = await openingsOf(gateway, caller, namedPatient(request.patient), { linked });
  const wanted = TYPES.filter((type) => request.types.length === 0 || request.types.includes(type));
  const scopes = new Map(wanted.map((type) => [type as string, permits(caller.scopes, type, 's')]));
  if (wanted.length > 0 && [...scopes.values()].every(({ allowed }) => !allowed))
    return refuseScope(gateway, caller, { action: 'search', resource: 'Patient' });
  const { resources, cut } = await gateway.store.fhir.ofPatients({
    patients: openings.map(({ patient }) => patient),
    types: wanted.filter((type) => scopes.get(type)?.allowed === true),
    limit: LIMITS.fhirContainersMax,
  });
  if (cut) return refuse(fhirRefusal('gateway/search-too-large', 'address'));
  const valueSets = { lookup: (await gateway.reference.current()).lookup, items: new Map() };
  const found = resources
    .filter((one) => isOpened(one, openings) && (request.since === undefined || one.lastUpdated >= request.since))
    .flatMap((one) => {
      const { categories } = scopes.get(one.type) ?? {};
      return sieve(one, { gateway, criteria: [], categories, valueSets, now: gateway.clock.now() }) ?? [];
    })
    .toSorted(
      (left, right) =>
        wanted.indexOf(left.type as never) - wanted.indexOf(right.type as never) || (left.id < right.id ? -1 : 1),
    );
  await auditAccess(gateway, caller, {
    action: 'search',
    resource: `Patient/${namedPatient(request.patient)[0]?.patient ?? ''}`,
    outcome: openings.length === 0 ? 'denied' : 'success',
    detail: `$everything ${found.length}`,
    patients: openings.map(({ patient }) => patient),
  });
  return openings.length === 0 ? refuse(fhirRefusal('gateway/not-there', 'address')) : done(found);
}
