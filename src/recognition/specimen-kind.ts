/** What a result says of its specimen, as a kind that the catalogue names (`mappings/specimens.csv`). */
import { SPECIMEN_KINDS } from '../units/generated/specimens.ts';

const bySpelling = new Map<string, string>(SPECIMEN_KINDS);
const kinds: ReadonlySet<string> = new Set(bySpelling.values());

/** True for a kind itself: `serum`, `urine-day`. */
export function isSpecimenKind(text: string): boolean {
  return kinds.has(text);
}

/** The kind of a type code or spelling (`SER`, `血清`, `serum`); undefined when the table does not know it. */
export function specimenKind(text: string): string | undefined {
  return kinds.has(text) ? text : bySpelling.get(text.normalize('NFKC').trim().toLowerCase());
}
