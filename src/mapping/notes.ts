/** NTE blocks: the lines of one block are one note (facts 1); another author or time begins a new one. */
import type { Annotation } from 'fhir/r4';
import { nteToMarkdown } from './datatypes/texts.ts';
import { nteToAnnotation } from './generated/nte-annotation.ts';
import type { Reading } from './reading.ts';
import type { Run } from './run.ts';

export function notesOf(notes: readonly Reading[], run: Run): Annotation[] | undefined {
  const made: Annotation[] = [];
  for (const note of notes) {
    const annotation = {} as Annotation;
    nteToAnnotation(annotation, note, {}, run);
    if (annotation.text === undefined) continue;
    const last = made.at(-1);
    if (last !== undefined && sameOrigin(last, annotation)) last.text += `\n${annotation.text}`;
    else made.push(annotation);
  }
  return made.length === 0 ? undefined : made;
}

function sameOrigin(last: Annotation, next: Annotation): boolean {
  const author = next.authorReference?.reference;
  return (
    (author === undefined || author === last.authorReference?.reference) &&
    (next.time === undefined || next.time === last.time)
  );
}

/** Only the text of a block, for elements that are a text. */
export function nteText(notes: readonly Reading[]): string | undefined {
  const lines = notes.map((note) => nteToMarkdown(note, 3)).filter((line) => line !== undefined);
  return lines.length === 0 ? undefined : lines.join('\n');
}
