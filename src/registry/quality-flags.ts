/** What the laboratory said against a result: the specimen's state, a flag or a note of the OBX (facts 2.5 rule 4). */
import type { Observation, Specimen } from '../terms/fhir.ts';
import { qualityMarkOf, qualityMarksIn } from '../units/specimen.ts';

const NONE: readonly string[] = [];

/** `haemolysed`, `lipaemic`, …, sorted; from SPM-24 or OBR-15.6, SPM-20, OBX-8 and the notes of both. */
export function qualityFlagsOf(observation: Observation, specimen: Specimen | undefined): readonly string[] {
  const { interpretation, note } = observation;
  if (specimen === undefined && interpretation === undefined && note === undefined) return NONE;
  const flags = new Set<string>();
  for (const concept of [...(specimen?.condition ?? []), ...(interpretation ?? [])]) {
    const texts = [concept.text, ...(concept.coding ?? []).flatMap(({ code, display }) => [code, display])];
    for (const text of texts) {
      const mark = text === undefined ? undefined : qualityMarkOf(text);
      if (mark !== undefined) flags.add(mark);
    }
  }
  for (const { text } of [...(specimen?.note ?? []), ...(note ?? [])]) {
    for (const mark of qualityMarksIn(text)) flags.add(mark);
  }
  if (specimen?.status === 'unsatisfactory') flags.add('unsatisfactory');
  return flags.size === 0 ? NONE : [...flags].toSorted();
}
