/** Sentences of every problem that reading XML can meet. */
import type { ProblemSentences } from '../../base/problem.ts';

export const SENTENCES = {
  'xml/too-large':
    'The XML document is larger than is read (file) — export the recording in parts or in a binary format.',
  'xml/dtd': 'The document declares entities or elements of its own (DOCTYPE) — send it without an internal subset.',
  'xml/too-deep': 'Elements are nested too deeply (path) — no device writes that; send the original export.',
  'xml/too-many': 'The document has more elements and attributes than are read (path) — send the original export.',
  'xml/syntax': 'The document is not well-formed XML from here on (path) — send the file whole and unchanged.',
  'xml/encoding-doubtful':
    'The text is not in the encoding that it declares (encoding) — a likely one was taken; mend the declaration.',
} as const satisfies ProblemSentences;
