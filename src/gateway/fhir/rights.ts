/**
 * Who sees what (DESIGN 5): a facility its own; of others what an offer to it names, or what a treating relationship
 * stated in the request opens; an opt-out closes it, break-glass opens it. All else looks absent.
 */
import { joinKey } from '../../base/digest.ts';
import { LIMITS } from '../../base/limits.ts';
import { isHeld } from '../../identity/held.ts';
import type { Standing } from '../../ports/store-fhir.ts';
import type { Bucket } from '../../terms/bucket.ts';
import type { FhirCaller } from '../../terms/fhir-caller.ts';
import type { Instant } from '../../terms/instant.ts';
import type { PatientRef } from '../../terms/patient-link.ts';
import type { StoredResource } from '../../terms/stored-resource.ts';
import type { Gateway } from '../gateway.ts';
import { bucketOfId } from '../id-source.ts';
import { isGlassBroken } from './break-glass.ts';
import { identifierMac } from '../resource-identifiers.ts';

/** One Patient's record that is open to the caller: all of it, or these elements alone. */
export interface Opening {
  readonly patient: PatientRef;
  readonly elements?: ReadonlySet<string>;
}

type Named = Pick<PatientRef, 'bucket' | 'patient'>;

/**
 * What these Patients open to the caller, each record once. `linked`: the records of the same human at other facilities
 * come along, as far as they are open. A Patient that is not there, or not open, opens nothing.
 */
export async function openingsOf(
  gateway: Gateway,
  caller: FhirCaller,
  patients: readonly Named[],
  { linked }: { readonly linked: boolean },
): Promise<readonly Opening[]> {
  const openings = new Map<string, Opening>();
  for (const standing of await gateway.store.fhir.standing(patients, caller.facility.id)) {
    for (const opening of await openedBy(gateway, caller, standing, linked)) {
      openings.set(opening.patient.patient, opening);
    }
  }
  return [...openings.values()];
}

async function openedBy(
  gateway: Gateway,
  caller: FhirCaller,
  standing: Standing,
  linked: boolean,
): Promise<readonly Opening[]> {
  const { patient, set } = standing;
  const isOwn = patient.facility === caller.facility.id;
  const own = isOwn ? [{ patient }] : [];
  const others = (linked ? set : [patient]).filter(({ facility }) => facility !== caller.facility.id);
  // Who has no record of this human at all has nothing to ask about.
  const known = set.filter(({ facility }) => facility === caller.facility.id);
  if (others.length === 0 || known.length === 0 || caller.channel.test) return own;
  if (await isWideOpen(gateway, caller, standing, known))
    return [...own, ...others.map((other) => ({ patient: other }))];
  if (standing.optedOut) return own;
  const elements = new Set(
    await gateway.store.fhir.offered({ patients: others, facility: caller.facility.id, ...offersOf(gateway, caller) }),
  );
  return elements.size === 0 ? own : [...own, ...others.map((other) => ({ patient: other, elements }))];
}

/**
 * A treating relationship that holds (stated, not known to be another patient's, no opt-out, no doubt about who it is), or
 * broken glass.
 */
async function isWideOpen(
  gateway: Gateway,
  caller: FhirCaller,
  standing: Standing,
  known: readonly PatientRef[],
): Promise<boolean> {
  const { encounter, purpose } = caller.circumstances;
  // Whoever may hold two humans' results shows them to nobody, whatever the need.
  if (isHeld(standing.openReasons)) return false;
  if (purpose === 'BTG') return isGlassBroken(gateway, caller, known[0] as PatientRef);
  if (encounter === undefined || purpose !== 'TREAT' || standing.optedOut) return false;
  const ids = new Set(known.map(({ patient }) => patient));
  const visits = await gateway.store.fhir.byIdentifier({
    facility: caller.facility.id,
    type: 'Encounter',
    mac: identifierMac(gateway, encounter),
    limit: 10,
  });
  const stored = await gateway.store.fhir.current(visits);
  return stored.every(({ patient }) => patient === '' || ids.has(patient));
}

function offersOf(gateway: Gateway, caller: FhirCaller): { readonly since: Instant; readonly encounterMac?: string } {
  const { encounter } = caller.circumstances;
  const since = Date.parse(gateway.clock.now()) - LIMITS.fhirOfferedDays * 86_400_000;
  return {
    since: new Date(since).toISOString() as Instant,
    ...(encounter === undefined
      ? {}
      : { encounterMac: gateway.pseudonym.text(joinKey('encounter', caller.facility.id, encounter)) }),
  };
}

/** Of these resources, those that the caller may see. */
export async function openTo(
  gateway: Gateway,
  caller: FhirCaller,
  resources: readonly StoredResource[],
): Promise<readonly StoredResource[]> {
  const foreign = resources.filter(({ facility }) => facility !== caller.facility.id);
  const patients = new Map(foreign.flatMap(({ patient }) => namedPatient(patient).map((named) => [patient, named])));
  const openings = await openingsOf(gateway, caller, [...patients.values()], { linked: false });
  return resources.filter((resource) => resource.facility === caller.facility.id || isOpened(resource, openings));
}

export function isOpened(resource: StoredResource, openings: readonly Opening[]): boolean {
  return openings.some(
    ({ patient, elements }) =>
      patient.patient === resource.patient && (elements === undefined || elements.has(resource.id)),
  );
}

export function namedPatient(patient: string): readonly { readonly bucket: Bucket; readonly patient: string }[] {
  const bucket = bucketOfId(patient);
  return bucket === undefined ? [] : [{ bucket, patient }];
}
