/**
 * Where a search looks (DESIGN 5): it names an id, a patient or an identifier, or is the caller's own feed by
 * `_lastUpdated`. Anything else would be a look through everybody's records.
 */
import { nationalKey } from '../../identity/identity-keys.ts';
import { NATIONAL_ID_SYSTEM, readNationalId } from '../../identity/national-id.ts';
import type { Place } from '../../ports/store-tx.ts';
import { isAboutPatients } from '../../search/parameters.ts';
import type { Criterion, SearchQuery } from '../../search/query.ts';
import { readReference, readToken } from '../../search/values.ts';
import type { FhirCaller } from '../../terms/fhir-caller.ts';
import type { Gateway } from '../gateway.ts';
import { bucketOfId } from '../id-source.ts';
import { identifierMac } from '../resource-identifiers.ts';
import { namedPatient, type Opening, openingsOf } from './rights.ts';

export type Scope =
  | { readonly kind: 'places'; readonly places: readonly Place[] }
  | { readonly kind: 'patients'; readonly openings: readonly Opening[] }
  | { readonly kind: 'feed' }
  | { readonly kind: 'too-broad' };

/** References by which a resource is found through the Patient of what they name. */
const LEADS = ['based-on', 'encounter', 'specimen', 'result'];
const IDENTIFIER_HITS_MAX = 100;

export async function scopeOf(gateway: Gateway, caller: FhirCaller, query: SearchQuery): Promise<Scope> {
  const plain = (name: string): Criterion | undefined =>
    query.criteria.find((one) => one.name === name && one.modifier === '');
  const ids = plain('_id');
  if (ids !== undefined) return { kind: 'places', places: ids.values.flatMap(placeOf) };
  const patients = plain('patient') ?? plain('subject');
  if (patients !== undefined) {
    const named = patients.values.flatMap((value) => namedPatient(readReference(value)?.id ?? ''));
    return { kind: 'patients', openings: await openingsOf(gateway, caller, named, { linked: false }) };
  }
  const [identifiers] = query.patientIdentifiers;
  if (identifiers !== undefined) return { kind: 'patients', openings: await knownAs(gateway, caller, identifiers) };
  const identifier = plain('identifier') ?? plain('accession');
  if (identifier !== undefined) {
    return { kind: 'places', places: await placesOf(gateway, caller, query.type, identifier.values) };
  }
  const lead = LEADS.map(plain).find((one) => one !== undefined);
  if (lead !== undefined) return { kind: 'patients', openings: await ledTo(gateway, caller, lead) };
  const isFeed = query.criteria.some(({ name }) => name === '_lastUpdated') || !isAboutPatients(query.type);
  return { kind: isFeed ? 'feed' : 'too-broad' };
}

function placeOf(id: string): readonly Place[] {
  const bucket = bucketOfId(id);
  return bucket === undefined ? [] : [{ bucket, id }];
}

/** The caller's own Patients under one of these identifiers, and as far as they are open the same humans elsewhere. */
async function knownAs(gateway: Gateway, caller: FhirCaller, tokens: readonly string[]): Promise<readonly Opening[]> {
  const places = await placesOf(gateway, caller, 'Patient', tokens);
  const named = places.map(({ bucket, id }) => ({ bucket, patient: id }));
  return openingsOf(gateway, caller, named, { linked: true });
}

/** Where the caller's own resources with one of these identifiers are. A national number is found however it is spelt. */
export async function placesOf(
  gateway: Gateway,
  caller: FhirCaller,
  type: string,
  tokens: readonly string[],
): Promise<readonly Place[]> {
  const places = new Map<string, Place>();
  for (const token of tokens) {
    const { system, code } = readToken(token);
    if (code === '') continue;
    const stated = await gateway.store.fhir.byIdentifier({
      facility: caller.facility.id,
      type,
      mac: identifierMac(gateway, code),
      ...(system === undefined ? {} : { system }),
      limit: IDENTIFIER_HITS_MAX,
    });
    for (const { bucket, id } of stated) places.set(id, { bucket, id });
    if (type === 'Patient' && (system === undefined || system === NATIONAL_ID_SYSTEM)) {
      for (const place of await byNationalNumber(gateway, caller, code)) places.set(place.id, place);
    }
  }
  return [...places.values()];
}

async function byNationalNumber(gateway: Gateway, caller: FhirCaller, code: string): Promise<readonly Place[]> {
  const national = readNationalId(code);
  if (national === undefined) return [];
  const mac = gateway.ids.index.text(nationalKey(national.number));
  const held = await gateway.store.fhir.patientsByIdentifier(mac, caller.facility.id);
  return held.map(({ bucket, patient }) => ({ bucket, id: patient }));
}

/** The Patient of what a reference names, if the caller may see that. */
async function ledTo(gateway: Gateway, caller: FhirCaller, lead: Criterion): Promise<readonly Opening[]> {
  const places = lead.values.flatMap((value) => placeOf(readReference(value)?.id ?? ''));
  const named = await gateway.store.fhir.current(places);
  const patients = named.flatMap(({ patient }) => namedPatient(patient));
  return openingsOf(gateway, caller, patients, { linked: false });
}
