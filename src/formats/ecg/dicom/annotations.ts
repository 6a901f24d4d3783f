/** Waveform Annotation Sequence (0040,B020): measurements by SCPECG and MDC concepts, interpretations as texts (PS3.3 C.10.10). */
import type { EcgMeasurementKind } from '../../../terms/parsed/ecg.ts';
import type { DicomItem } from '../../dicom/read-dataset.ts';
import type { EcgDraft } from '../draft.ts';
import { measured, numberOf, powerOfTen } from '../values.ts';

/** PS3.16 CID 3227 to 3229, 3689, and their SCP-ECG forerunners. */
const CONCEPTS: Readonly<Record<string, EcgMeasurementKind>> = {
  'SCPECG 5.10.2.1-3': 'rr',
  'SCPECG 5.10.2.1-5': 'pp',
  'SCPECG 5.13.5-7': 'pr',
  'SCPECG 5.13.5-9': 'qrs',
  'SCPECG 5.13.5-11': 'qt',
  'SCPECG 5.10.2.5-5': 'qtc',
  'SCPECG 5.10.2.5-1': 'ventricular-rate',
  'SCPECG 5.10.2.5-3': 'atrial-rate',
  'SCPECG 5.10.3-11': 'p-axis',
  'SCPECG 5.10.3-13': 'qrs-axis',
  'SCPECG 5.10.3-15': 't-axis',
  'MDC 2:16168': 'rr',
  'MDC 2:16000': 'rr',
  'MDC 2:16140': 'pp',
  'MDC 2:15872': 'pr',
  'MDC 2:16156': 'qrs',
  'MDC 2:16160': 'qt',
  'MDC 2:15876': 'qtc',
  'MDC 2:15880': 'qtc-bazett',
  'MDC 2:15892': 'qtc-fridericia',
  'MDC 2:16128': 'p-axis',
  'MDC 2:16132': 'qrs-axis',
  'MDC 2:16136': 't-axis',
  'MDC 2:16016': 'ventricular-rate',
  'MDC 2:16020': 'atrial-rate',
};

export function readDicomAnnotations(dataset: DicomItem, draft: EcgDraft): void {
  const annotations = dataset.items('0040b020').map((item, k) => ({ item, at: `(0040,B020)[${k + 1}]` }));
  for (const { item, at } of annotations) readMeasurement(item, at, draft);
  const texts = annotations.filter(({ item }) => item.whole('00700006') !== undefined);
  // Interpretations are the texts of the lowest group; those above are of single beats and channels.
  const lowest = Math.min(...texts.map(({ item }) => item.uint16('0040a180') ?? 0));
  for (const { item, at } of texts) {
    if ((item.uint16('0040a180') ?? 0) !== lowest) continue;
    draft.statements.push({ text: item.whole('00700006') as string, kind: 'statement', by: 'unknown', at });
  }
}

function readMeasurement(item: DicomItem, at: string, draft: EcgDraft): void {
  const concept = item.items('0040a043')[0];
  const kind = kindOf(concept);
  if (kind === undefined || !isGlobal(item)) return;
  const stated = item.text('0040a30a');
  const value = numberOf(stated);
  if (stated !== undefined && value === undefined) draft.problems.add('ecg/measurement-unreadable', 'warning', at);
  // Axes labelled `ms` were seen: the concept rules; only seconds need their unit.
  const isSeconds = item.items('004008ea')[0]?.text('00080100') === 's' && !/axis|rate/.test(kind);
  draft.measurements.push(...measured(kind, isSeconds && value !== undefined ? powerOfTen(value, 3) : value, at));
}

function kindOf(concept: DicomItem | undefined): EcgMeasurementKind | undefined {
  if (concept === undefined) return undefined;
  const scheme = concept.text('00080102') ?? '';
  const known = CONCEPTS[`${scheme} ${concept.text('00080100') ?? ''}`];
  // Lepu names the heart rate by two letters and no code of a scheme.
  return known ?? (concept.text('00080104') === 'HR' ? 'ventricular-rate' : undefined);
}

/** No channels named, or channel 0 of its group: all of them. */
function isGlobal(item: DicomItem): boolean {
  const channels = item.bytes('0040a0b0');
  if (channels === undefined || channels.length < 4) return true;
  return channels[2] === 0 && channels[3] === 0;
}
