/**
 * The index of one instance (PS3.3 C.7): header values for the gateway's tables, each from the element that the standard
 * gives it. Nothing of a file whose header is cut or contradicts itself is indexed.
 */
import { LIMITS } from '../../base/limits.ts';
import type { Parsed, Problem } from '../../base/problem.ts';
import type { DicomIndex } from '../../terms/parsed/dicom.ts';
import { equipmentOf, imageOf, patientOf, seriesOf, studyOf, uidsOf } from './index-parts.ts';
import { accessionsOf, requestItems, requestsOf } from './index-requests.ts';
import type { IndexReading } from './index-values.ts';
import { type DatasetOptions, datasetOf, positionOf, type TextGuess } from './read-dataset.ts';
import { readStructure } from './read-structure.ts';
import { isZone } from './values.ts';

/**
 * Problems: those of `readDataset`, of which `dicom/truncated` is fatal here and tells the last element that was read;
 * `dicom/uid-missing`, `dicom/uid-invalid`, `dicom/date-invalid` (left out), `dicom/number-invalid` (kept as written) and
 * `dicom/more-items`.
 * `charset` decodes again what was guessed wrongly.
 */
export function readIndex(bytes: Uint8Array, options: DatasetOptions = {}): Parsed<DicomIndex> {
  const structure = readStructure(bytes);
  const problems: Problem[] = [...structure.problems];
  if (structure.root === undefined) return { value: undefined, problems };
  const { cutBehind, pixels, transferSyntax } = structure;
  if (cutBehind !== undefined) {
    const at = cutBehind === '' ? 'data set' : positionOf(cutBehind);
    return { value: undefined, problems: [...problems, { code: 'dicom/truncated', severity: 'fatal', at }] };
  }
  const guesses: TextGuess[] = [];
  const dataset = datasetOf(structure, problems, guesses, options);
  const reading: IndexReading = {
    dataset,
    tell: (code, severity, at) => {
      if (problems.length < LIMITS.problemsMax) problems.push({ code, severity, at });
    },
  };
  const asked = requestItems(reading);
  const value: DicomIndex = {
    uids: uidsOf(reading, transferSyntax),
    patient: patientOf(reading),
    study: studyOf(reading),
    series: seriesOf(reading),
    image: imageOf(reading),
    equipment: equipmentOf(dataset),
    accessions: accessionsOf(dataset, asked),
    requests: requestsOf(asked),
    ...zoneOf(reading),
    charset: { stated: dataset.texts('00080005'), guesses },
    pixels,
  };
  return { value, problems };
}

function zoneOf({ dataset, tell }: IndexReading): { readonly zone?: string } {
  const zone = dataset.text('00080201');
  if (zone === undefined || isZone(zone)) return zone === undefined ? {} : { zone };
  tell('dicom/date-invalid', 'warning', '(0008,0201)');
  return {};
}
