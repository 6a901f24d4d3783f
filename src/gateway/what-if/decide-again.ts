/**
 * An order of the past under another catalogue. Its recorded inputs are what the decision saw; where the candidate looks
 * further back, or at other items, what the registry knew at that instant is added. With the catalogue of then nothing is.
 */
import { localDay } from '../../base/local-day.ts';
import type { KnownThen } from '../../ports/store-past.ts';
import { decide } from '../../recognition/decide.ts';
import type { AskedOrder } from '../../terms/asked-order.ts';
import type { Catalogue } from '../../terms/catalogue.ts';
import type { Decision } from '../../terms/decision.ts';
import type { FacilityFacts, FacilityId } from '../../terms/facility.ts';
import type { ResultEntry } from '../../terms/result-entry.ts';
import { gatheredSince, orderedItems } from '../gather.ts';
import { inputOf } from '../offer-inputs.ts';

/** What the candidate would have looked at and the catalogue of then did not; none of a person who was not certain. */
export function lookedFurther(
  order: AskedOrder,
  was: Catalogue | undefined,
  candidate: Catalogue,
): readonly KnownThen[] {
  const { at, inputs } = order;
  if (was?.digest === candidate.digest || inputs.patients.length === 0) return [];
  const seen = was === undefined ? undefined : reachOf(order, was);
  const { items, since } = reachOf(order, candidate);
  const known = new Set(seen?.items);
  const fresh = items.filter((item) => !known.has(item));
  const older = items.filter((item) => known.has(item));
  const query = { patients: inputs.patients, since, at };
  return [
    ...(fresh.length === 0 ? [] : [{ ...query, items: fresh, before: at }]),
    ...(seen === undefined || older.length === 0 || since >= seen.since
      ? []
      : [{ ...query, items: older, before: seen.since }]),
  ];
}

function reachOf({ at, target, inputs }: AskedOrder, catalogue: Catalogue) {
  const items = orderedItems([{ target }], catalogue);
  const today = localDay(at, inputs.regionZone);
  return { items, since: gatheredSince(items, { catalogue, facility: inputs.asker, at, today }) };
}

/** `further`: what `lookedFurther` brought; `facilities`: as they are today, for those that the inputs do not name. */
export function decideAgain(
  order: AskedOrder,
  catalogue: Catalogue,
  further: readonly ResultEntry[],
  facilities: ReadonlyMap<FacilityId, FacilityFacts>,
): Decision {
  const { id: key, target, at, inputs } = order;
  const made = inputOf({ at, decision: { key, ...(target === '' ? {} : { target }), items: [] } }, inputs, catalogue);
  const input = further.length === 0 ? made : widened(made, further, facilities);
  const [decision] = decide(input);
  if (decision === undefined) throw new Error('one order has one decision');
  return decision;
}

function widened(
  input: ReturnType<typeof inputOf>,
  further: readonly ResultEntry[],
  today: ReadonlyMap<FacilityId, FacilityFacts>,
): ReturnType<typeof inputOf> {
  const { entries } = input.candidates;
  const known = new Set(entries.map(placeOf));
  return {
    ...input,
    candidates: { ...input.candidates, entries: [...entries, ...further.filter((one) => !known.has(placeOf(one)))] },
    facilities: new Map([...today, ...input.facilities]),
  };
}

function placeOf({ container, element, version }: ResultEntry): string {
  return `${container} ${element} ${version}`;
}
