/** Facilities by the name that a message states for them. */
import type { FacilityFacts, FacilityId } from '../terms/facility.ts';

type Facilities = ReadonlyMap<FacilityId, FacilityFacts>;

const indexes = new WeakMap<Facilities, ReadonlyMap<string, readonly FacilityFacts[]>>();

/** All that a stated performer may mean: the facility with this id, else those with this name, which two may share. */
export function facilitiesCalled(facilities: Facilities, stated: string | undefined): readonly FacilityFacts[] {
  const name = fold(stated ?? '');
  if (name === '') return [];
  const own = facilities.get(name as FacilityId);
  if (own !== undefined) return [own];
  let index = indexes.get(facilities);
  if (index === undefined) {
    index = Map.groupBy(facilities.values(), (facility) => fold(facility.name));
    indexes.set(facilities, index);
  }
  return index.get(name) ?? [];
}

function fold(name: string): string {
  return name.normalize('NFKC').trim();
}
