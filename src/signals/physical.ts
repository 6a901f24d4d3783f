/** Stored integers as µV: numbers for drawing and judging, decimals for telling. */
import { addDecimals, type Decimal } from '../base/decimal.ts';
import type { EcgGroup, EcgLead } from '../terms/parsed/ecg.ts';

/** µV of a sample as it was measured: offset + sample × scale; undefined without a scale, or where no sample is. */
export function microvoltsAt(lead: EcgLead, index: number): Decimal | undefined {
  const sample = lead.samples[index];
  if (lead.scale === undefined || sample === undefined || sample === lead.absent) return undefined;
  return addDecimals(lead.scale, lead.offset, String(sample) as Decimal);
}

/** All samples in µV; NaN where no sample is. Undefined without a scale. */
export function microvoltsOf(lead: EcgLead): Float64Array | undefined {
  const { samples, absent } = lead;
  if (lead.scale === undefined) return undefined;
  const [scale, offset] = [Number(lead.scale), Number(lead.offset)];
  const values = new Float64Array(samples.length);
  for (let k = 0; k < samples.length; k++) {
    const sample = samples[k] as number;
    values[k] = sample === absent ? Number.NaN : sample * scale + offset;
  }
  return values;
}

/** The group without what is no ECG behind its recording. */
export function withoutTail(group: EcgGroup): EcgGroup {
  const { tail, ...rest } = group;
  if (tail === undefined) return group;
  return { ...rest, leads: group.leads.map((lead) => ({ ...lead, samples: lead.samples.subarray(0, tail.from) })) };
}

/** Seconds from the first sample to the end of the last, of the longest lead. */
export function secondsOf(group: EcgGroup): number {
  const longest = Math.max(0, ...group.leads.map(({ samples }) => samples.length));
  return (longest * Number(group.rate.periodMs)) / 1000;
}
