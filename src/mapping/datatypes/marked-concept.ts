/** CWE of a test's name → CodeableConcept, with the mutual-recognition mark (`*`, `★`) moved from the name into an extension. */
import type { CodeableConcept } from 'fhir/r4';
import { cweToCodeableConcept } from '../generated/datatypes.ts';
import type { Reading } from '../reading.ts';
import type { Run } from '../run.ts';
import { EXTENSIONS } from '../systems.ts';

const MARK = /^([*＊★☆]+)\s*(?=\S)/;

export function cweToMarkedConcept(s: Reading, f: number, r: number, c: number, run: Run): CodeableConcept | undefined {
  const concept = cweToCodeableConcept(s, f, r, c, run);
  if (concept === undefined) return undefined;
  let mark: string | undefined;
  const strip = (text: string): string => {
    const match = MARK.exec(text);
    if (match === null) return text;
    mark = match[1];
    return text.slice(match[0].length);
  };
  if (concept.text !== undefined) concept.text = strip(concept.text);
  for (const coding of concept.coding ?? []) if (coding.display !== undefined) coding.display = strip(coding.display);
  if (mark !== undefined) concept.extension = [{ url: EXTENSIONS.recognitionMark, valueString: mark }];
  return concept;
}
