/**
 * EDF, EDF+ and BDF (edfplus.info): signals of any rate in records. Voltages only; other signals of a sleep or monitor study
 * are named and left out. physical = (digital − dmin) × (pmax − pmin) / (dmax − dmin) + pmin.
 */
import { LIMITS } from '../../../base/limits.ts';
import type { Parsed } from '../../../base/problem.ts';
import type { Ecg, EcgGroup, EcgLead, EcgRate } from '../../../terms/parsed/ecg.ts';
import { draftOf, type EcgDraft, finish, unreadable } from '../draft.ts';
import { decimalOf, ONE, rateOfHz } from '../values.ts';
import { scaleDecimal } from '../../../base/decimal.ts';
import { type EdfHeader, readEdfHeader, type Signal } from './header.ts';
import { readTimes } from './annotations.ts';

export function readEdf(bytes: Uint8Array): Parsed<Ecg> {
  const draft = draftOf('edf');
  const header = readEdfHeader(bytes, draft);
  if (header === undefined) return unreadable(draft, 'ecg/header-unreadable', 'header');
  const perRecord = header.signals.reduce((sum, { samples, bytes: width }) => sum + samples * width, 0);
  const held = perRecord === 0 ? 0 : Math.floor((bytes.length - header.bytes) / perRecord);
  const records = Math.max(0, header.records < 0 ? held : Math.min(header.records, held));
  if (header.records > held) draft.problems.add('ecg/fewer-samples', 'warning', 'header, number of records');
  const runs = runsOf(bytes, { header, records, perRecord }, draft);
  for (const run of runs.slice(0, LIMITS.ecgGroupsMax)) addRun(bytes, { header, perRecord, run }, draft);
  if (runs.length > LIMITS.ecgGroupsMax) draft.problems.add('ecg/too-many-groups', 'error', 'records');
  return finish(draft);
}

/** Records that follow one another without a gap, and when the first begins. */
interface Run {
  readonly from: number;
  readonly to: number;
  readonly startMs: number;
}

function runsOf(
  bytes: Uint8Array,
  { header, records, perRecord }: { readonly header: EdfHeader; readonly records: number; readonly perRecord: number },
  draft: EcgDraft,
): readonly Run[] {
  const times = readTimes(bytes, { header, records, perRecord }, draft);
  const step = header.recordSeconds * 1000;
  if (!header.interrupted || times === undefined) return [{ from: 0, to: records, startMs: 0 }];
  const runs: Run[] = [];
  let from = 0;
  for (let k = 1; k <= records; k++) {
    const isNext = k < records && (k >= times.length || Math.abs((times[k] ?? 0) - (times[k - 1] ?? 0) - step) < 0.5);
    if (isNext) continue;
    runs.push({ from, to: k, startMs: times[from] ?? 0 });
    from = k;
  }
  if (runs.length > 1) draft.problems.add('ecg/interrupted', 'information', 'records');
  return runs;
}

function addRun(
  bytes: Uint8Array,
  { header, perRecord, run }: { readonly header: EdfHeader; readonly perRecord: number; readonly run: Run },
  draft: EcgDraft,
): void {
  const groups = new Map<string, { readonly rate: EcgRate; readonly leads: EcgLead[] }>();
  let offset = 0;
  for (const signal of header.signals) {
    const begin = header.bytes + run.from * perRecord + offset;
    offset += signal.samples * signal.bytes;
    if (signal.kind !== 'voltage') continue;
    const rate = rateOfSignal(signal, header);
    if (rate === undefined) {
      draft.problems.add('ecg/rate-missing', 'error', signal.at);
      continue;
    }
    const group = groups.get(rate.hz) ?? { rate, leads: [] };
    group.leads.push({
      ...signal.lead,
      samples: samplesOf(bytes, { signal, begin, perRecord, records: run.to - run.from }),
    });
    groups.set(rate.hz, group);
  }
  const offsetMs = decimalOf(Math.round(run.startMs));
  for (const { rate, leads } of groups.values()) {
    if (leads.every(({ samples }) => samples.length === 0)) continue;
    const group: EcgGroup = { kind: 'rhythm', rate, ...(offsetMs === '0' ? {} : { offsetMs }), leads, at: 'records' };
    draft.groups.push(group);
  }
}

function rateOfSignal({ samples }: Signal, { duration }: EdfHeader): EcgRate | undefined {
  const hz = duration === undefined ? undefined : scaleDecimal(decimalOf(samples), ONE, duration);
  return rateOfHz(hz);
}

function samplesOf(
  bytes: Uint8Array,
  of: { readonly signal: Signal; readonly begin: number; readonly perRecord: number; readonly records: number },
): Int32Array {
  const { signal, begin, perRecord, records } = of;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const count = Math.min(signal.samples * records, LIMITS.ecgSamplesMax);
  const made = new Int32Array(count);
  const { bytes: width } = signal;
  for (let k = 0, record = begin; k < count; record += perRecord) {
    const end = Math.min(k + signal.samples, count);
    for (let at = record; k < end; k++, at += width)
      made[k] = width === 2 ? view.getInt16(at, true) : (view.getInt8(at + 2) << 16) | view.getUint16(at, true);
  }
  return made;
}
