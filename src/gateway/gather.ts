/**
 * What a decision may look at: the asking facility's Patient, found or made, and the open results of everybody who
 * is certainly the same human. One read where the Patient is known as the question states it, and one more for what is
 * shown for comparison.
 */
import { LIMITS } from '../base/limits.ts';
import { factsOfPatient } from '../identity/facts-of-patient.ts';
import { isHeld } from '../identity/held.ts';
import { agreesWithOwnRecord, mayBeLookedAt } from '../identity/own-record.ts';
import { sameFacts } from '../identity/same-facts.ts';
import type { Asked } from '../ports/store-reads.ts';
import type { Candidates } from '../terms/candidates.ts';
import type { Catalogue } from '../terms/catalogue.ts';
import type { DecideInput } from '../terms/decide-input.ts';
import type { Facility } from '../terms/facility.ts';
import type { Instant } from '../terms/instant.ts';
import type { IdentityFacts } from '../terms/mapped.ts';
import type { CertainPatient, PatientRef } from '../terms/patient-link.ts';
import { answering } from '../recognition/catalogue-index.ts';
import { windowHoursOf } from '../recognition/window-of.ts';
import { gatherPrevious } from './gather-previous.ts';
import type { Gateway } from './gateway.ts';
import { makePatient, questionPatientKey, questionPatientMac } from './question-patient.ts';

export interface Gathered {
  /** Undefined when the question names nobody, or asks over a test channel about somebody unknown. */
  readonly patient: PatientRef | undefined;
  readonly candidates: Candidates;
  readonly optedOut: boolean;
  /** What the question states of the patient, and what it does not, as the asker's own record has it. */
  readonly facts: IdentityFacts;
}

export interface GatherInput {
  readonly facility: Facility;
  /** Over a test channel the gateway looks, and changes nothing. */
  readonly test: boolean;
  readonly facts: IdentityFacts;
  readonly targets: DecideInput['orders'];
  readonly catalogue: Catalogue;
  readonly at: Instant;
  /** The local day of `at`, YYYY-MM-DD. */
  readonly today: string;
  /** True: for a concrete order, beside which an earlier result may have to be shown for comparison. */
  readonly previous?: boolean;
}

export async function gather(gateway: Gateway, input: GatherInput): Promise<Gathered> {
  const gathered = await gatherUsable(gateway, input);
  const { patients, entries } = gathered.candidates;
  if (input.previous !== true || patients.length === 0 || gathered.optedOut) return gathered;
  const { catalogue, at } = input;
  const items = orderedItems(input.targets, catalogue);
  const previous = { items, pairs: patients, catalogue, at, until: gatheredSince(items, input) };
  const older = await gatherPrevious(gateway, previous);
  return older.length === 0 ? gathered : { ...gathered, candidates: { patients, entries: [...entries, ...older] } };
}

async function gatherUsable(gateway: Gateway, input: GatherInput): Promise<Gathered> {
  const { facility, facts } = input;
  // Without any identifier there is nobody to find, and nobody is made up.
  if (questionPatientKey(facts, facility) === '') return nobody(undefined, facts);
  const items = orderedItems(input.targets, input.catalogue);
  const since = gatheredSince(items, input);
  const query = {
    facility: facility.id,
    mac: questionPatientMac(gateway, facility, facts),
    items,
    since,
    limit: LIMITS.candidatesMax,
  };
  const known = await gateway.store.read.asked(query);
  const own = known === undefined ? undefined : factsOfPatient(known.resource);
  if (known !== undefined && own !== undefined && sameFacts(own, facts, facility.profile))
    return judged(known, facts, own);
  if (input.test) {
    const isSame = known !== undefined && own !== undefined && mayBeLookedAt(facts, own, facility.profile);
    return isSame ? judged(known, facts, own) : nobody(known?.ref, facts);
  }
  await makePatient(gateway, facility, facts);
  const made = await gateway.store.read.asked(query);
  return made === undefined ? nobody(undefined, facts) : judged(made, facts, own ?? facts);
}

/** `own`: what the facility knew of its Patient before this question. */
function judged(asked: Asked, facts: IdentityFacts, own: IdentityFacts): Gathered {
  const { ref, set, openReasons, entries, optedOut } = asked;
  // Alone it is a set of itself, for its own facility, when the name agrees and no steward is awaited (SETTLED 10).
  const certain = set.length === 1 ? agreesWithOwnRecord(facts, own, openReasons) : !isHeld(openReasons);
  if (!certain) return nobody(ref, facts);
  const patients = set.map((patient): CertainPatient => ({ ...patient, certainty: 'certain' }));
  return { patient: ref, candidates: { patients, entries }, optedOut, facts: { ...own, ...facts } };
}

function nobody(patient: PatientRef | undefined, facts: IdentityFacts): Gathered {
  return { patient, candidates: { patients: [], entries: [] }, optedOut: false, facts };
}

/** What is ordered, and what answers for it. */
export function orderedItems(
  targets: readonly { readonly target: string | undefined }[],
  catalogue: Catalogue,
): readonly string[] {
  const items = targets.flatMap(({ target }) => {
    if (target === undefined) return [];
    const panel = catalogue.panels.get(target);
    return panel === undefined ? [target] : [...panel.required, ...panel.derived];
  });
  return [...new Set(items.flatMap((item) => answering(catalogue, item)))];
}

/** Expired results are read too, one window further back: a doctor may be told that the last one is too old. */
export function gatheredSince(
  items: readonly string[],
  of: Pick<GatherInput, 'catalogue' | 'at' | 'today'> & { readonly facility: Pick<Facility, 'level' | 'area'> },
): Instant {
  const { catalogue, facility, at, today } = of;
  const windows = items.flatMap((id) => {
    const item = catalogue.items.get(id);
    return item === undefined ? [] : [windowHoursOf(catalogue, item, facility, today)];
  });
  return new Date(Date.parse(at) - 2 * Math.max(24, ...windows) * 3_600_000).toISOString() as Instant;
}
