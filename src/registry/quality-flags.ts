/**
 * What speaks against a result: the specimen's state, a flag or a note of the OBX (facts 2.5 rule 4), and of an ECG what its
 * signal says of itself (ecg.md 6.6).
 */
import { QUALITY_FLAGS } from '../signals/quality.ts';
import type { Extension, Observation, Specimen } from '../terms/fhir.ts';
import { NO_SIGNAL, OTHER_FLAG, SIGNAL_QUALITY } from '../terms/signal-quality.ts';
import { qualityMarkOf, qualityMarksIn } from '../units/specimen.ts';

const NONE: readonly string[] = [];
const OF_SIGNAL: ReadonlySet<string> = new Set(QUALITY_FLAGS);

/** LOINC: 12 lead EKG panel, EKG study, Holter monitor study. */
const ECG: ReadonlySet<string> = new Set(['34534-8', '11524-6', '18754-2']);

/** `haemolysed`, `lead-off`, …, sorted; from SPM-24 or OBR-15.6, SPM-20, OBX-8, the notes of both and the signal's extension. */
export function qualityFlagsOf(observation: Observation, specimen: Specimen | undefined): readonly string[] {
  const { interpretation, note } = observation;
  const ofSignal = signalFlags(observation);
  if (specimen === undefined && interpretation === undefined && note === undefined && ofSignal.length === 0)
    return NONE;
  const flags = new Set(ofSignal);
  for (const concept of [...(specimen?.condition ?? []), ...(interpretation ?? [])]) {
    const texts = [concept.text, ...(concept.coding ?? []).flatMap(({ code, display }) => [code, display])];
    for (const text of texts) {
      const mark = text === undefined ? undefined : qualityMarkOf(text);
      if (mark !== undefined) flags.add(mark);
    }
  }
  for (const { text } of [...(specimen?.note ?? []), ...(note ?? [])]) {
    for (const mark of qualityMarksIn(text)) flags.add(mark);
  }
  if (specimen?.status === 'unsatisfactory') flags.add('unsatisfactory');
  return flags.size === 0 ? NONE : [...flags].toSorted();
}

/** An ECG of which no waveform is told was never looked at: that it has no flag says nothing. */
function signalFlags(observation: Observation): readonly string[] {
  const { extension, code } = observation;
  const stated = extension === undefined ? NONE : extension.flatMap((one) => flagOf(one) ?? []);
  const isEcg = code?.coding?.some((coding) => coding.code !== undefined && ECG.has(coding.code)) === true;
  return isEcg && !hasWaveform(observation) ? [...stated, NO_SIGNAL] : stated;
}

/** A code that is not known stays a flag: what somebody said against a signal is never dropped. */
function flagOf({ url, extension }: Extension): string | undefined {
  if (url !== SIGNAL_QUALITY) return undefined;
  const code = extension?.find((part) => part.url === 'flag')?.valueCode;
  return code !== undefined && OF_SIGNAL.has(code) ? code : OTHER_FLAG;
}

function hasWaveform({ derivedFrom = [], component = [] }: Observation): boolean {
  return derivedFrom.length > 0 || component.some(({ valueSampledData }) => valueSampledData !== undefined);
}
