/** A PDF report: kept as the document that it is. Its text is no measurement, its picture no recording. */
import type { Parsed } from '../../base/problem.ts';
import type { Ecg } from '../../terms/parsed/ecg.ts';
import { draftOf } from './draft.ts';

/** `%%EOF` stands within the last bytes of a whole file. */
const TRAILER_BYTES = 2_048;

export function readPdf(bytes: Uint8Array): Parsed<Ecg> {
  const draft = draftOf('pdf');
  const tail = new TextDecoder('iso-8859-1').decode(bytes.subarray(-TRAILER_BYTES));
  if (!tail.includes('%%EOF')) draft.problems.add('ecg/file-cut', 'warning', 'trailer');
  draft.problems.add('ecg/document-only', 'information', '');
  const { format, groups, medians, patient, acquisition, device, filters, measurements, statements } = draft;
  return {
    value: { format, groups, medians, patient, acquisition, device, filters, measurements, statements },
    problems: draft.problems.list(),
  };
}
