/**
 * Consent (R4 consent.html) as far as it is understood here: a patient denies that other hospitals see the results, or
 * permits it again. Everything finer is refused: half a wish is none.
 */
import type { StoreTx } from '../../ports/store-tx.ts';
import type { CodeableConcept } from '../../terms/fhir.ts';
import type { FhirCaller } from '../../terms/fhir-caller.ts';
import type { Instant } from '../../terms/instant.ts';
import { optOutEverywhere } from '../steward.ts';
import { namedPatient } from './rights.ts';
import type { Placed } from './write/placed.ts';
import { patientIn } from './write/references.ts';
import { below, refused } from './write/write-refused.ts';

const PRIVACY = 'patient-privacy';
/** What would make a provision finer than yes or no. */
const FINER = [
  'actor',
  'action',
  'purpose',
  'class',
  'code',
  'data',
  'provision',
  'period',
  'dataPeriod',
  'securityLabel',
];

/** In the transaction that keeps the Consent. Throws WriteRefused for what is not understood. */
export async function applyConsents(
  tx: StoreTx,
  caller: FhirCaller,
  consents: readonly Placed[],
  at: Instant,
): Promise<void> {
  for (const consent of consents) {
    const optOut = meaningOf(consent);
    const [named] = namedPatient(patientIn(consent.resource));
    if (named === undefined)
      throw refused('gateway/consent-meaning', below(consent.target.draft.at, 'Consent.patient'));
    if (!caller.channel.test) await optOutEverywhere(tx, { ...named, facility: caller.facility.id }, optOut, at);
  }
}

/** True: the results stay closed. A denial that does not stand any more opens them again. */
function meaningOf({ target, resource }: Placed): boolean {
  const { status, scope, provision } = resource as {
    status?: string;
    scope?: CodeableConcept;
    provision?: Readonly<Record<string, unknown>>;
  };
  const isPrivacy = scope?.coding?.some(({ code }) => code === PRIVACY) === true;
  const type = provision?.['type'];
  const isPlain = provision !== undefined && !FINER.some((name) => provision[name] !== undefined);
  if (!isPrivacy || !isPlain || (type !== 'deny' && type !== 'permit')) {
    throw refused('gateway/consent-meaning', below(target.draft.at, 'Consent'));
  }
  return status === 'active' && type === 'deny';
}
