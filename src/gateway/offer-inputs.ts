/** The inputs of a decision as they are kept with its offer, and as `decide` takes them again. */
import { answering } from '../recognition/catalogue-index.ts';
import { facilitiesCalled } from '../recognition/facility-names.ts';
import type { Catalogue } from '../terms/catalogue.ts';
import type { DecideInput } from '../terms/decide-input.ts';
import type { Decision } from '../terms/decision.ts';
import type { FacilityFacts } from '../terms/facility.ts';
import type { Offer, OfferInputs, RecordedDecision } from '../terms/offer.ts';
import type { Order } from '../terms/question.ts';
import type { ResultEntry } from '../terms/result-entry.ts';
import type { Visit } from '../terms/visit.ts';

/** Of a question's input what one of its decisions could have seen: the results of its items, all among `others`, and whom they name. */
export function inputsOf(input: DecideInput, decision: Decision, visit?: Visit): OfferInputs {
  const ordered = new Set(itemsOf(decision, input.catalogue));
  const judged = input.candidates.entries.filter(({ item }) => item !== null && ordered.has(item));
  const own = input.orders.find(({ order }) => order.key === decision.key)?.order;
  return {
    legal: input.legal,
    circumstances: input.circumstances,
    ...(own?.priority === undefined ? {} : { priority: own.priority }),
    beside: [...new Set(input.orders.flatMap(({ order }) => (order === own ? [] : [order.priority ?? null])))],
    patients: input.candidates.patients.map(({ bucket, patient, facility }) => ({ bucket, patient, facility })),
    asker: factsOf(input.asker),
    facilities: named(input, judged).map(factsOf),
    others: judged,
    regionZone: input.regionZone,
    ...(visit === undefined ? {} : { visit }),
  };
}

/** Without the results that the decision itself names: an offer keeps each once. */
export function withoutTold(inputs: OfferInputs, decision: Decision): OfferInputs {
  const told = new Set(decision.items.map(({ entry }) => entry));
  return { ...inputs, others: inputs.others.filter((entry) => !told.has(entry)) };
}

/** The question again, as far as this one decision goes. */
export function inputOf(
  of: { readonly at: Offer['at']; readonly decision: Pick<RecordedDecision, 'key' | 'target' | 'items'> },
  inputs: OfferInputs,
  catalogue: Catalogue,
): DecideInput {
  const { decision, at } = of;
  const orderOf = (key: string, priority: Order['priority'] | null): Order => ({
    key,
    system: '',
    code: '',
    ...(priority === undefined || priority === null ? {} : { priority }),
  });
  const told = decision.items.flatMap(({ entry }) => (entry === undefined ? [] : [entry]));
  return {
    orders: [
      { order: orderOf(decision.key, inputs.priority), target: decision.target },
      ...inputs.beside.map((priority) => ({ order: orderOf('', priority), target: undefined })),
    ],
    candidates: {
      patients: inputs.patients.map((patient) => ({ ...patient, certainty: 'certain' })),
      entries: [...told, ...inputs.others],
    },
    legal: inputs.legal,
    circumstances: inputs.circumstances,
    asker: inputs.asker,
    facilities: new Map(inputs.facilities.map((facility) => [facility.id, facility])),
    at,
    regionZone: inputs.regionZone,
    catalogue,
  };
}

/** A decision as an offer keeps it. */
export function recorded(decision: Decision): RecordedDecision {
  return {
    ...decision,
    items: decision.items.map(({ item, verdict, entry, checks }) => ({
      item,
      verdict,
      ...(entry === undefined ? {} : { entry }),
      checks: checks.map(({ code, state }) => ({ code, state })),
    })),
  };
}

function itemsOf({ target = '' }: Decision, catalogue: Catalogue): readonly string[] {
  const panel = catalogue.panels.get(target);
  const items = panel === undefined ? [target] : [...panel.required, ...panel.derived];
  return items.flatMap((item) => answering(catalogue, item));
}

/** Senders, and every facility that a stated performer could mean: that two share a name is part of what was known. */
function named({ facilities, asker }: DecideInput, entries: readonly ResultEntry[]): readonly FacilityFacts[] {
  const senders = [asker.id, ...entries.map(({ facility }) => facility)].flatMap((id) => facilities.get(id) ?? []);
  const performers = entries.flatMap(({ performer }) => facilitiesCalled(facilities, performer));
  return [...new Set([...senders, ...performers])];
}

function factsOf({ id, name, parent, level, area, alliances }: FacilityFacts): FacilityFacts {
  return { id, name, ...(parent === undefined ? {} : { parent }), level, area, alliances };
}
