/** Sentences of every problem that reading DICOM can meet. */
import type { ProblemSentences } from '../../base/problem.ts';

export const SENTENCES = {
  'dicom/unreadable': 'The file is no DICOM data set (element) — send the file as the device wrote it.',
  'dicom/too-large': 'The deflated data set inflates beyond what is read (data set) — send it uncompressed.',
  'dicom/truncated':
    'The data set ends early or contradicts itself (data set) — what was read before is kept; send it whole.',
  'dicom/headerless': 'The file has no Part 10 header (element) — the transfer syntax was told from its first element.',
  'dicom/text-guessed':
    'A text is not in the character set that the file declares (element) — a likely one was taken; mend (0008,0005).',
} as const satisfies ProblemSentences;
