/** Sentences of every problem that reading DICOM can meet. */
import type { ProblemSentences } from '../../base/problem.ts';

export const SENTENCES = {
  'dicom/unreadable': 'The file is no DICOM data set (element) — send the file as the device wrote it.',
  'dicom/too-large':
    'The file, or what its deflated data set inflates to, is larger than what is read (data set) — send it uncompressed.',
  'dicom/too-nested': 'Sequences nest deeper than is read (data set) — send the file as the device wrote it.',
  'dicom/too-many': 'There are more items or elements than are read (data set) — send them as several instances.',
  'dicom/truncated':
    'The data set ends early or contradicts itself (last element that was read) — send the file whole.',
  'dicom/pixels-truncated': 'The file ends within its pixels (element) — the header is whole; send the file whole.',
  'dicom/headerless': 'The file has no Part 10 header (element) — the transfer syntax was told from its first element.',
  'dicom/syntax-guessed':
    'The transfer syntax is missing or is not that of the data set (element) — it was told from the first element.',
  'dicom/charset-unknown': 'The character set is no defined term (element) — a likely one was taken; mend (0008,0005).',
  'dicom/text-guessed':
    'A text is not in the character set that the file declares (element) — a likely one was taken; mend (0008,0005).',
  'dicom/text-too-long': 'A text is longer than what is read (element) — it was left out; shorten it at the device.',
  'dicom/more-items': 'A sequence has more items than an index lists (element) — the first ones were kept.',
  'dicom/uid-missing': 'A UID that every instance has is absent (element) — send the instance as the device wrote it.',
  'dicom/uid-invalid':
    'A UID is not formed as one (element) — it was left out; send the instance as the device wrote it.',
  'dicom/date-invalid': 'A date or time is none (element) — it was left out; mend it at the device.',
  'dicom/number-invalid': 'A number is none (element) — it was kept as it is written; mend it at the device.',
} as const satisfies ProblemSentences;
