/**
 * SCP-ECG (EN 1064, ISO 11073-91064), versions 1.x to 3: CRCs, default and own Huffman tables, differences, reference
 * beat and bimodal compression. Little-endian throughout.
 */
import { LIMITS } from '../../../base/limits.ts';
import type { Parsed } from '../../../base/problem.ts';
import { leadName } from '../../../signals/leads.ts';
import type { Ecg, EcgGroup, EcgLead } from '../../../terms/parsed/ecg.ts';
import { draftOf, type EcgDraft, finish, unreadable } from '../draft.ts';
import { decimalOf, powerOfTen, rateOfPeriod, ZERO } from '../values.ts';
import { readGlobalMeasurements, readLeadMeasurements, readStatements } from './findings.ts';
import { readHeader } from './header.ts';
import { type Huffman, readHuffman } from './huffman.ts';
import { addReferenceBeat, reducedCount, toFullRate } from './rebuild.ts';
import { readSections, type Section } from './sections.ts';
import {
  type Beats,
  type DeclaredLead,
  decodeLead,
  type LeadList,
  readBeats,
  readLeads,
  readSamples,
  type Samples,
} from './waveform.ts';

export function readScp(bytes: Uint8Array): Parsed<Ecg> {
  const draft = draftOf('scp');
  if (bytes.length < 24) return unreadable(draft, 'ecg/file-cut', 'record');
  const sections = readSections(bytes, draft.problems);
  const directory = sections.get(0);
  if (directory === undefined) return unreadable(draft, 'ecg/header-unreadable', 'section 0');
  const protocol = sections.get(6)?.protocol ?? sections.get(1)?.protocol ?? directory.protocol;
  draft.version = `${Math.floor(protocol / 10)}.${protocol % 10}`;
  const texts = readHeader(sections.get(1), draft);
  readWaveforms(sections, draft);
  readGlobalMeasurements(sections.get(7), draft);
  readLeadMeasurements(sections.get(10), draft);
  readStatements(sections.get(8), texts, draft);
  // Section 11 says the same in universal codes.
  if (draft.statements.length === 0) readStatements(sections.get(11), texts, draft);
  return finish(draft);
}

interface Waveforms {
  readonly list: LeadList;
  readonly huffman: Huffman | 'none';
  readonly beats: Beats | undefined;
  readonly reference: { readonly samples: Samples; readonly leads: readonly Int32Array[] } | undefined;
}

function readWaveforms(sections: ReadonlyMap<number, Section>, draft: EcgDraft): void {
  const { problems } = draft;
  const list = readLeads(sections.get(3), problems);
  if (list.leads.length === 0) return;
  const huffman = readHuffman(sections.get(2));
  if (huffman === 'unreadable') {
    problems.add('ecg/huffman-unreadable', 'error', 'section 2');
    return;
  }
  const beats = readBeats(sections.get(4));
  const five = readSamples(sections.get(5), list.leads.length, problems);
  const reference = five === undefined ? undefined : { samples: five, leads: referenceLeads(five, beats, huffman) };
  if (reference !== undefined) addMedian(list, reference, draft);
  const six = readSamples(sections.get(6), list.leads.length, problems);
  if (six === undefined) {
    if (sections.has(6)) problems.add('ecg/section-cut', 'error', 'section 6');
    return;
  }
  addRhythm(six, { list, huffman, beats, reference }, draft);
}

function referenceLeads(samples: Samples, beats: Beats | undefined, huffman: Huffman | 'none'): readonly Int32Array[] {
  const stated = Math.floor(((beats?.referenceMs ?? 0) * 1000) / Math.max(samples.intervalUs, 1));
  return samples.leads.map((bytes) =>
    decodeLead(bytes, stated > 0 ? stated : bytes.length * 8, { huffman, differences: samples.differences }),
  );
}

function addMedian(list: LeadList, { samples, leads }: NonNullable<Waveforms['reference']>, draft: EcgDraft): void {
  const rate = rateOfPeriod(powerOfTen(decimalOf(samples.intervalUs), -3));
  if (rate === undefined || leads.every(({ length }) => length === 0)) return;
  const at = 'section 5';
  draft.medians.push({
    kind: 'median',
    rate,
    leads: list.leads.map((declared, k) =>
      leadOf(declared, leads[k] as Int32Array, samples.unitNv, `${at}, lead ${k + 1}`),
    ),
    at,
  });
}

function leadOf({ number }: DeclaredLead, samples: Int32Array, unitNv: number, at: string): EcgLead {
  const scale = unitNv === 0 ? undefined : powerOfTen(decimalOf(unitNv), -3);
  const known = leadName(number);
  return {
    name: known ?? `SCP ${number}`,
    ...(known === undefined ? {} : { number }),
    samples,
    ...(scale === undefined ? {} : { scale }),
    offset: ZERO,
    at,
  };
}

function addRhythm(samples: Samples, from: Waveforms, draft: EcgDraft): void {
  const { problems } = draft;
  const at = 'section 6';
  const rebuilt = rebuild(samples, from, draft);
  if (rebuilt === undefined) return;
  const rate = rateOfPeriod(powerOfTen(decimalOf(rebuilt.intervalUs), -3));
  if (rate === undefined) {
    problems.add('ecg/rate-missing', 'error', at);
    return;
  }
  if (rebuilt.unitNv === 0) problems.add('ecg/scale-missing', 'error', at);
  const groups = new Map<number, EcgLead[]>();
  for (const [k, declared] of from.list.leads.entries()) {
    const lead = rebuilt.leads[k] as Int32Array;
    const where = `${at}, lead ${k + 1}`;
    if (leadName(declared.number) === undefined)
      problems.add('ecg/lead-unknown', 'warning', `section 3, lead ${k + 1}`);
    if (declared.start === 0) problems.add('ecg/lead-declared-from-zero', 'warning', `section 3, lead ${k + 1}`);
    if (lead.length < countOf(declared)) problems.add('ecg/fewer-samples', 'warning', where);
    if (lead.length === 0) continue;
    const start = Math.max(declared.start, 1) - 1;
    groups.set(start, [...(groups.get(start) ?? []), leadOf(declared, lead, rebuilt.unitNv, where)]);
  }
  for (const [start, leads] of [...groups].toSorted(([left], [right]) => left - right)) {
    const offsetMs = powerOfTen(decimalOf(start * rebuilt.intervalUs), -3);
    const group: EcgGroup = {
      kind: 'rhythm',
      rate,
      ...(start === 0 || offsetMs === undefined ? {} : { offsetMs }),
      leads,
      at,
    };
    draft.groups.push(group);
  }
}

/** Where a lead is said to start at 0, its end is the count: the first sample is 1 (seen in real files). */
function countOf({ start, end }: DeclaredLead): number {
  const count = start === 0 ? end : end - start + 1;
  return Math.min(Math.max(count, 0), LIMITS.ecgSamplesMax);
}

interface Rebuilt {
  readonly leads: readonly Int32Array[];
  readonly unitNv: number;
  readonly intervalUs: number;
}

/** The rhythm as it was recorded; undefined where what is stored would only look like one. */
function rebuild(
  samples: Samples,
  { list, huffman, beats, reference }: Waveforms,
  draft: EcgDraft,
): Rebuilt | undefined {
  const { problems } = draft;
  const options = { huffman, differences: samples.differences };
  if (!samples.bimodal && !list.subtracted) {
    const leads = samples.leads.map((bytes, k) => decodeLead(bytes, countOf(list.leads[k] as DeclaredLead), options));
    return { leads, unitNv: samples.unitNv, intervalUs: samples.intervalUs };
  }
  const full = reference?.samples.intervalUs ?? 0;
  const factor = samples.bimodal ? samples.intervalUs / full : 1;
  const isPossible =
    Number.isInteger(factor) && factor >= 1 && factor <= 4 && (samples.bimodal || samples.intervalUs === full);
  if (reference === undefined || beats === undefined || !isPossible || samples.unitNv === 0) {
    problems.add('ecg/compression-unreadable', 'error', 'section 6');
    return undefined;
  }
  problems.add('ecg/variant-unproven', 'warning', 'section 6');
  const leads = samples.leads.map((bytes, k) => {
    const count = countOf(list.leads[k] as DeclaredLead);
    if (factor === 1) return decodeLead(bytes, count, options);
    const stored = decodeLead(bytes, reducedCount(Math.min(count, bytes.length * 32), beats.beats, factor), options);
    return toFullRate(stored, Math.min(count, bytes.length * 32), beats.beats, factor);
  });
  if (!list.subtracted) return { leads, unitNv: samples.unitNv, intervalUs: full };
  return { ...withBeat(leads, samples.unitNv, reference, beats, draft), intervalUs: full };
}

/** Both at one unit: the greatest that both are whole multiples of. */
function withBeat(
  leads: readonly Int32Array[],
  unitNv: number,
  { samples, leads: reference }: NonNullable<Waveforms['reference']>,
  beats: Beats,
  draft: EcgDraft,
): { readonly leads: readonly Int32Array[]; readonly unitNv: number } {
  const unit = greatestDivisor(unitNv, samples.unitNv === 0 ? unitNv : samples.unitNv);
  const times = (values: Int32Array, factor: number): Int32Array =>
    factor === 1 ? values : values.map((value) => value * factor);
  const added = addReferenceBeat(
    leads.map((lead) => times(lead, unitNv / unit)),
    reference.map((lead) => times(lead, samples.unitNv / unit)),
    beats,
  );
  draft.problems.add(
    added.base === 1 ? 'ecg/reference-beat-from-one' : 'ecg/reference-beat-from-zero',
    'information',
    'section 4',
  );
  return { leads: added.leads, unitNv: unit };
}

function greatestDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestDivisor(b, a % b);
}
