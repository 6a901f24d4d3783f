/**
 * Philips SierraECG and PhilipsECG XML, 1.03 to 1.04.02 (root `restingecgdata`). Leads are decoded whole; the calibration
 * pulse that the device writes behind the recording is marked as a tail, and mapping and pages cut it.
 */
import type { Decimal } from '../../../base/decimal.ts';
import { LIMITS } from '../../../base/limits.ts';
import type { Parsed } from '../../../base/problem.ts';
import { leadName, leadNumber } from '../../../signals/leads.ts';
import type { Ecg, EcgGroup, EcgLead } from '../../../terms/parsed/ecg.ts';
import { attributeOf, childOf, childrenOf, pathOf, textOf, type XmlElement } from '../../xml/element.ts';
import { draftOf, type EcgDraft, finish } from '../draft.ts';
import { readBase64, readInt16 } from '../integers.ts';
import { numberOf, plain, rateOfHz, ZERO } from '../values.ts';
import { calibrationTail } from './calibration-tail.ts';
import { readFindings } from './findings.ts';
import { readCircumstances } from './circumstances.ts';
import { addLimbLeads, readXli } from './xli.ts';

export function readPhilips(root: XmlElement): Parsed<Ecg> {
  const draft = draftOf('philips');
  const version = textOf(root, 'documentinfo/documentversion');
  if (version !== undefined) draft.version = version;
  readCircumstances(root, draft);
  readFindings(root, draft);
  const waveforms = childOf(root, 'waveforms');
  const parsed = childOf(waveforms, 'parsedwaveforms');
  if (parsed !== undefined) addRhythm(root, parsed, draft);
  addBeats(childOf(waveforms, 'repbeats'), draft);
  return finish(draft);
}

/** Both versions put leads in this order where they do not say one. */
const ORDER = 'I II III aVR aVL aVF V1 V2 V3 V4 V5 V6';

function addRhythm(root: XmlElement, parsed: XmlElement, draft: EcgDraft): void {
  const { problems } = draft;
  const at = pathOf(parsed);
  const signal = childOf(root, 'dataacquisition/signalcharacteristics');
  const stated = (attribute: string, ...names: readonly string[]): Decimal | undefined =>
    numberOf(attributeOf(parsed, attribute)) ?? names.map((name) => numberOf(textOf(signal, name))).find(Boolean);
  const rate = rateOfHz(stated('samplespersecond', 'samplingrate'));
  const scale = stated('resolution', 'resolution', 'signalresolution');
  const bytes = readBase64(textOf(parsed) ?? '');
  if (rate === undefined) return problems.add('ecg/rate-missing', 'error', at);
  if (bytes === undefined) return problems.add('ecg/samples-unreadable', 'error', at);
  if (scale === undefined || Number(scale) === 0) problems.add('ecg/scale-missing', 'error', at);
  const labels = (attributeOf(parsed, 'leadlabels') ?? ORDER).split(/\s+/).slice(0, LIMITS.ecgLeadsMax);
  const channels = Number(stated('numberofleads', 'numberchannelsvalid', 'numberchannelsallocated') ?? labels.length);
  const names = labels.slice(0, Math.max(channels, 1));
  const leads = samplesOf(parsed, bytes, { names, hz: Number(rate.hz) }, draft);
  if (leads === undefined) return undefined;
  const offset = stated('signaloffset', 'signaloffset') ?? ZERO;
  const made = leads
    .map((samples, k): EcgLead => leadOf(names[k] ?? '', samples, { scale, offset: plain(offset), at }))
    .filter(({ samples }) => samples.length > 0);
  if (made.length < leads.length) problems.add('ecg/lead-empty', 'error', at);
  if (made.length === 0) return undefined;
  if (made.some(({ samples }) => samples.length !== made[0]?.samples.length))
    problems.add('ecg/leads-differ-in-length', 'warning', at);
  const tail = calibrationTail(made);
  if (tail !== undefined) problems.add('ecg/calibration-tail', 'information', at);
  const group: EcgGroup = { kind: 'rhythm', rate, leads: made, ...(tail === undefined ? {} : { tail }), at };
  draft.groups.push(group);
}

function leadOf(
  label: string,
  samples: Int32Array,
  { scale, offset, at }: { readonly scale: Decimal | undefined; readonly offset: Decimal; readonly at: string },
): EcgLead {
  const number = leadNumber(label);
  return {
    name: (number === undefined ? undefined : leadName(number)) ?? label,
    ...(number === undefined ? {} : { number }),
    samples,
    ...(scale === undefined || Number(scale) === 0 ? {} : { scale: plain(scale) }),
    offset,
    at,
  };
}

function samplesOf(
  parsed: XmlElement,
  bytes: Uint8Array,
  { names, hz }: { readonly names: readonly string[]; readonly hz: number },
  draft: EcgDraft,
): readonly Int32Array[] | undefined {
  const { problems } = draft;
  const at = pathOf(parsed);
  const duration = Number(numberOf(attributeOf(parsed, 'durationperchannel')) ?? 0);
  const count = Math.min(Math.round((duration * hz) / 1000), Math.floor(LIMITS.ecgSamplesMax / names.length));
  const method = attributeOf(parsed, 'compression') ?? attributeOf(parsed, 'compressmethod') ?? '';
  const isPacked = attributeOf(parsed, 'compressflag')?.toLowerCase() !== 'false' && /xli/i.test(method);
  if (!isPacked && method !== '' && !/^(none|uncompressed)$/i.test(method)) {
    problems.add('ecg/compression-unreadable', 'error', at);
    return undefined;
  }
  if (!isPacked) {
    const each =
      count > 0
        ? Math.min(count, Math.floor(bytes.length / 2 / names.length))
        : Math.floor(bytes.length / 2 / names.length);
    if (each < count) problems.add('ecg/fewer-samples', 'warning', at);
    return names.map((_, k) => readInt16(bytes.subarray(k * each * 2, (k + 1) * each * 2)));
  }
  if (count === 0) {
    problems.add('ecg/lead-empty', 'error', at);
    return undefined;
  }
  const unpacked = readXli(bytes, names.length, count);
  if (unpacked.length < names.length || unpacked.some(({ short }) => short))
    problems.add('ecg/fewer-samples', 'error', at);
  const isLimbFirst = names.slice(0, 6).join(' ').toUpperCase() === 'I II III AVR AVL AVF';
  const leads = unpacked.map(({ samples }) => samples);
  return isLimbFirst ? addLimbLeads(leads) : leads;
}

/** Representative beats: one element a lead, base64 of 16-bit samples, at a rate and resolution of their own. */
function addBeats(beats: XmlElement | undefined, draft: EcgDraft): void {
  if (beats === undefined) return;
  const rate = rateOfHz(numberOf(attributeOf(beats, 'samplespersec') ?? attributeOf(beats, 'samplespersecond')));
  const scale = numberOf(attributeOf(beats, 'resolution'));
  if (rate === undefined) return draft.problems.add('ecg/rate-missing', 'warning', pathOf(beats));
  const leads = childrenOf(beats, 'repbeat').flatMap((beat): readonly EcgLead[] => {
    const at = pathOf(beat);
    const bytes = readBase64(textOf(beat, 'waveform') ?? '');
    if (bytes === undefined || bytes.length < 2) return [];
    return [leadOf(attributeOf(beat, 'leadname') ?? '', readInt16(bytes), { scale, offset: ZERO, at })];
  });
  if (leads.length > 0) draft.medians.push({ kind: 'median', rate, leads, at: pathOf(beats) });
  return undefined;
}
