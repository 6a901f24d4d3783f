/** PL (v2.5 2.A.53) → one Location named for its most specific part; what lies around it stands in partOf. */
import type { Location } from 'fhir/r4';
import type { Reading } from '../reading.ts';

const PHYSICAL_TYPE = 'http://terminology.hl7.org/CodeSystem/location-physical-type';

/** From the most to the least specific: component, code, English name of the kind. */
const LEVELS: readonly (readonly [number, string, string])[] = [
  [3, 'bd', 'Bed'],
  [2, 'ro', 'Room'],
  [1, 'wa', 'Ward'],
  [8, 'lvl', 'Level'],
  [7, 'bu', 'Building'],
  [4, 'si', 'Site'],
];

export function plToLocation(s: Reading, f: number, r: number, c: number): Location | undefined {
  const stated = LEVELS.map(([component, code, display]) => ({
    name: s.part(f, r, c, component),
    code,
    display,
  })).filter((level): level is { name: string; code: string; display: string } => level.name !== undefined);
  const description = s.part(f, r, c, 9);
  const [first, ...around] = stated;
  if (first === undefined) {
    return description === undefined ? undefined : { resourceType: 'Location', name: description };
  }
  const location: Location = {
    resourceType: 'Location',
    name: first.name,
    physicalType: { coding: [{ system: PHYSICAL_TYPE, code: first.code, display: first.display }] },
  };
  if (description !== undefined) location.description = description;
  if (around.length > 0) location.partOf = { display: around.map((level) => level.name).join(', ') };
  return location;
}
