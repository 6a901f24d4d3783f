/** Splits, parses and reads every value that a file of HL7 v2 holds: what a parser can be made to do at most. */
import { readMessage } from '../../src/formats/hl7v2/read.ts';
import { splitMessages } from '../../src/formats/hl7v2/split.ts';
import type { Hl7Segment } from '../../src/terms/parsed/hl7v2.ts';

/** The characters read: a number that keeps the work from being optimised away. */
export function readEverything(bytes: Uint8Array): number {
  let read = 0;
  for (const message of splitMessages(bytes).messages) {
    for (const segment of readMessage(message.bytes).value?.message.segments ?? []) read += readSegment(segment);
  }
  return read;
}

function readSegment(segment: Hl7Segment): number {
  let read = 0;
  for (let field = 1; field <= segment.fieldCount; field++) {
    read += segment.text(field)?.length ?? 0;
    for (let repetition = 1; repetition <= segment.repetitions(field); repetition++) {
      for (let component = 1; component <= segment.components(field, repetition); component++) {
        const subcomponents = segment.subcomponents(field, component, repetition);
        for (let subcomponent = 1; subcomponent <= subcomponents; subcomponent++) {
          read += segment.get(field, component, subcomponent, repetition)?.length ?? 0;
        }
      }
    }
  }
  return read;
}
