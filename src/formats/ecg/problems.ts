/** Sentences of every problem that reading an ECG can meet. */
import type { ProblemSentences } from '../../base/problem.ts';

export const SENTENCES = {
  'ecg/format-unknown': 'The file is in no ECG format that is read (file) — export it as aECG, DICOM or SCP-ECG.',
  'ecg/too-large': 'The file is larger than is read (file) — export the recording in parts.',
  'ecg/more-problems': 'More problems than are listed (count) — mend the listed ones first.',
  'ecg/no-leads': 'The file holds no lead that can be shown (file) — export it with its waveform.',
  'ecg/header-unreadable': 'The header cannot be read (position) — send the file as the device wrote it.',
  'ecg/file-cut': 'The file ends before it is complete (position) — send it whole.',
  'ecg/length-differs': 'The length that is stated is not what is there (position) — what is there was read.',
  'ecg/section-outside': 'A section lies outside of the file (section) — it was not read; send the file whole.',
  'ecg/section-cut': 'A section ends early (section) — what is there was read; send the file whole.',
  'ecg/section-mislabelled':
    'A section has another number than its pointer says (section) — it was not read; send the file as the device wrote it.',
  'ecg/tag-cut': 'An entry is longer than what is left (position) — what is there was read; send the file whole.',
  'ecg/lead-cut': 'The bytes of a lead end early (lead) — what is there was read; send the file whole.',
  'ecg/crc-wrong':
    'A checksum does not fit its bytes (position) — the file was changed on its way; send it again, nothing of it is recognised.',
  'ecg/first-sample-differs':
    'The first sample is not the one that the header states (signal) — the files do not belong together.',
  'ecg/files-unused':
    'The archive holds files that are no part of the recording (count) — they stay in the original; send each recording by itself.',
  'ecg/companion-missing': 'A file that the header names is missing (signal) — send header and signal files together.',
  'ecg/huffman-unreadable':
    'The Huffman tables contradict themselves (section) — no sample was read; send an uncompressed export.',
  'ecg/compression-unreadable':
    'The compression cannot be undone (position) — no sample was read; send an uncompressed export.',
  'ecg/samples-unreadable':
    'The samples are no integers or no base64 (position) — the lead was left out; export it again.',
  'ecg/samples-unsupported':
    'The form of the samples is not read (position) — the lead was left out; export 16-bit samples.',
  'ecg/fewer-samples':
    'Fewer samples are there than are declared (position) — those that are there were read, none was made up.',
  'ecg/lead-empty': 'A lead has no samples (position) — it was left out.',
  'ecg/lead-unknown': 'The lead is none that is known (position) — its name was kept as written; map it.',
  'ecg/lead-off': 'The device marks a lead as off (lead) — its trace is none; record again.',
  'ecg/lead-declared-from-zero':
    'A lead is declared from sample 0 (lead) — samples count from 1; its end was taken for their number.',
  'ecg/leads-differ-in-length': 'Leads of one group differ in length (group) — each was kept as it is.',
  'ecg/group-without-leads': 'A group has no readable lead (group) — it was left out.',
  'ecg/too-many-groups': 'The file has more groups than are read (position) — the first were kept; send it in parts.',
  'ecg/too-many-annotations': 'The file says more of the recording than is kept (file) — the first were kept.',
  'ecg/channels-unreadable': 'The number of channels cannot be (position) — the group was left out; export it again.',
  'ecg/rate-missing': 'No sample rate can be read (position) — the group was left out; export it again.',
  'ecg/scale-missing':
    'No voltage scale can be read (position) — the lead is shown without one; nothing is measured on it.',
  'ecg/offset-unreadable':
    'The offset has no voltage unit (position) — the lead is shown without a scale; nothing is measured on it.',
  'ecg/bits-stored-wrong': 'Samples use more bits than are declared (channel) — they were read in full.',
  'ecg/channel-skew': 'The channel states a time skew (channel) — it is kept in the file and not applied.',
  'ecg/class-unknown': 'The SOP class is no ECG class that is known (element) — the waveform was read as one.',
  'ecg/measurement-unreadable': 'A measurement is no number (position) — it was left out; mend it.',
  'ecg/time-impossible': 'A date or time does not exist (position) — it was left out; set the clock of the device.',
  'ecg/text-guessed':
    'A text does not fit the language of the file (position) — a likely one was taken; set the language of the device.',
  'ecg/signal-other': 'A signal is no voltage (signal) — it is kept in the file and not shown.',
  'ecg/interrupted': 'The recording has gaps (records) — each part is a group of its own.',
  'ecg/calibration-tail':
    'Behind the recording stands the calibration of the device (group) — it is kept, marked, and not shown.',
  'ecg/variant-unproven':
    'No real file in this form was there to prove its reading (position) — compare the first tracings with the device.',
  'ecg/variant-unsupported': 'This form of the format is not read (position) — export a single recording.',
  'ecg/reference-beat-from-one':
    'The reference beat was added with its samples counted from 1 (section) — it fits better than from 0.',
  'ecg/reference-beat-from-zero':
    'The reference beat was added with its samples counted from 0 (section) — it fits better than from 1.',
  'ecg/document-only': 'A PDF holds a picture, no recording (file) — it is kept as a document; send the waveform too.',
} as const satisfies ProblemSentences;
