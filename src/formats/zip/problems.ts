/** Sentences of every problem that reading a ZIP can meet. */
import type { ProblemSentences } from '../../base/problem.ts';

export const SENTENCES = {
  'zip/too-large': 'The archive holds more files or bytes than are read (file) — send one recording an archive.',
  'zip/repeated': 'Two files of the archive have one name (file) — nothing was read; send one recording an archive.',
  'zip/unreadable': 'The archive cannot be read (file) — send it whole, without a password.',
} as const satisfies ProblemSentences;
