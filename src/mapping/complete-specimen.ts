/** What OBR says of a specimen beside its SPM (v2.5 4.5.3.15: OBR-15 was deprecated in favour of SPM). */
import type { Specimen } from '../terms/fhir.ts';
import type { Reading } from './reading.ts';

type Elements = Record<string, unknown>;

/** Where in OBR each element comes from alone: field, and component or 0. OBR-7 and 8 are the report's time too. */
const PLACES: Readonly<Record<string, readonly [field: number, component: number]>> = {
  type: [15, 1],
  container: [15, 2],
  note: [15, 3],
  bodySite: [15, 4],
  condition: [15, 6],
  quantity: [9, 0],
  collector: [10, 0],
  receivedTime: [14, 0],
};

/**
 * Adds what the SPM does not state; a collection time of either form counts as one. The SPM wins: what OBR says
 * otherwise stays unread, so that it is listed.
 */
export function completeFromObr(specimen: Specimen, more: Specimen, obr: Reading): void {
  const { collection, ...others } = more;
  addMissing(specimen, others, obr);
  if (collection === undefined) return;
  const known = (specimen.collection ??= {});
  const timed = known.collectedDateTime !== undefined || known.collectedPeriod !== undefined;
  const { collectedDateTime: _at, collectedPeriod: _during, ...untimed } = collection;
  addMissing(known, timed ? untimed : collection, obr);
  if (Object.keys(known).length === 0) delete specimen.collection;
}

function addMissing(specimen: object, more: object, obr: Reading): void {
  const known = specimen as Elements;
  for (const [name, value] of Object.entries(more)) {
    if (known[name] === undefined) known[name] = value;
    else if (!repeats(known[name], value)) {
      const place = PLACES[name];
      if (place !== undefined) obr.forget(...place);
    }
  }
}

/** Whether every code, text and number of `more` stands in `known` too; the names of code systems differ by field. */
function repeats(known: unknown, more: unknown): boolean {
  const stated = leavesOf(known);
  return [...leavesOf(more)].every((leaf) => stated.has(leaf));
}

function leavesOf(value: unknown, into = new Set<unknown>()): ReadonlySet<unknown> {
  if (typeof value !== 'object' || value === null) into.add(value);
  else for (const [name, inner] of Object.entries(value)) if (name !== 'system') leavesOf(inner, into);
  return into;
}
