/**
 * Consent (R4 consent.html) as far as it is understood here: a patient denies that other hospitals see the results, or
 * permits it again. The newest word counts; everything finer is refused: half a wish is none.
 */
import { LIMITS } from '../../base/limits.ts';
import type { StoreTx } from '../../ports/store-tx.ts';
import type { CodeableConcept } from '../../terms/fhir.ts';
import type { FhirCaller } from '../../terms/fhir-caller.ts';
import type { Instant } from '../../terms/instant.ts';
import type { PatientRef } from '../../terms/patient-link.ts';
import type { StoredResource } from '../../terms/stored-resource.ts';
import { sameHuman } from '../same-human.ts';
import { optOutEverywhere } from '../steward.ts';
import { type Fields, readStored } from './present.ts';
import { namedPatient } from './rights.ts';
import type { Placed } from './write/placed.ts';
import { patientIn } from './write/references.ts';
import { below, refused } from './write/write-refused.ts';

const SCOPE = 'http://terminology.hl7.org/CodeSystem/consentscope';
/** What a provision of yes or no consists of; whatever else it holds makes it finer. */
const PLAIN: ReadonlySet<string> = new Set(['id', 'type']);

/** What a Consent says: `withdrawn`, that it does not count any more. */
type Word = 'deny' | 'permit' | 'withdrawn';

export interface ConsentsWritten {
  readonly consents: readonly Placed[];
  /** What stood before, by id. */
  readonly before: ReadonlyMap<string, StoredResource>;
  readonly at: Instant;
}

/** In the transaction that keeps the Consents. Throws WriteRefused `gateway/consent-meaning` for what is not understood. */
export async function applyConsents(tx: StoreTx, caller: FhirCaller, written: ConsentsWritten): Promise<void> {
  for (const { id, target, resource } of written.consents) {
    const word = wordOf(resource);
    const [named] = namedPatient(patientIn(resource));
    if (word === undefined) throw refused('gateway/consent-meaning', below(target.draft.at, 'Consent'));
    if (named === undefined) throw refused('gateway/consent-meaning', below(target.draft.at, 'Consent.patient'));
    // Over a channel for trying nobody's wish is changed.
    if (caller.channel.test) continue;
    const patient = { ...named, facility: caller.facility.id };
    const closed = word === 'withdrawn' ? await leftBy(tx, patient, written.before.get(id)) : word === 'deny';
    if (closed !== undefined) await optOutEverywhere(tx, patient, closed, written.at);
  }
}

/** What a withdrawn word leaves: closed while another denial stands. Undefined: as it is, for it said nothing before either. */
async function leftBy(
  tx: StoreTx,
  patient: PatientRef,
  before: StoredResource | undefined,
): Promise<boolean | undefined> {
  const said = before === undefined ? undefined : wordOf(readStored(before));
  if (said === undefined || said === 'withdrawn') return undefined;
  const { resources, cut } = await tx.consentsOf(await sameHuman(tx, patient), LIMITS.fhirContainersMax);
  const isDenied = cut || resources.some((one) => wordOf(readStored(one)) === 'deny');
  // Who takes back a permission has not denied anything.
  return isDenied || said === 'deny' ? isDenied : undefined;
}

/** Undefined: not one of the two meanings, or not given yet (draft, proposed, rejected). */
function wordOf(resource: Fields): Word | undefined {
  const { status, scope, provision } = resource as {
    status?: string;
    scope?: CodeableConcept;
    provision?: Fields;
  };
  const isPrivacy = scope?.coding?.some(({ system, code }) => system === SCOPE && code === 'patient-privacy') === true;
  const type = provision?.['type'];
  const isPlain = provision !== undefined && Object.keys(provision).every((name) => PLAIN.has(name));
  if (!isPrivacy || !isPlain || (type !== 'deny' && type !== 'permit')) return undefined;
  if (status === 'active') return type;
  return status === 'inactive' || status === 'entered-in-error' ? 'withdrawn' : undefined;
}
