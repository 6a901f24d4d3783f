/**
 * One recording, whatever the format: a digest over the integers of the leads that are measured by themselves, with rate,
 * scale and time of each (ecg.md 0.3: SCP, DICOM and aECG of one recording hold equal integers).
 */
import { base64url } from '../base/bytes.ts';
import { joinKey, sha256Of } from '../base/digest.ts';
import type { Ecg, EcgGroup, EcgLead } from '../terms/parsed/ecg.ts';
import { INDEPENDENT_LEADS } from './leads.ts';
import { microvoltsOf, withoutTail } from './physical.ts';

/**
 * 43 characters of base64url; undefined where the signal tells nothing of whose it is: no lead, flat lines, a calibration
 * pulse, a few beats' worth of samples. Two humans have such signals in common. Of I, II and V1 to V6 where there are any,
 * else of all leads that the file states: derived leads, lead order, labels and median beats do not count.
 */
export function signalHash(ecg: Pick<Ecg, 'groups'>): string | undefined {
  const groups = ecg.groups.map(withoutTail);
  const stated = groups.flatMap((group) =>
    group.leads.filter(({ derived }) => !derived).map((lead) => ({ group, lead })),
  );
  const independent = stated.filter(({ lead }) => INDEPENDENT_LEADS.includes(lead.number ?? 0));
  const counted = independent.length === 0 ? stated : independent;
  if (!isTelling(counted)) return undefined;
  const sorted = counted.toSorted((left, right) => compare(orderOf(left), orderOf(right)));
  return base64url(sha256Of(sorted.flatMap(({ group, lead }) => [headOf(group, lead), samplesOf(lead)])));
}

interface Counted {
  readonly group: EcgGroup;
  readonly lead: EcgLead;
}

const TELLING_SECONDS = 2;
/** Values that a lead takes on: a heart's signal has hundreds, a calibration pulse two. */
const TELLING_VALUES = 32;
const TELLING_VALUES_ALONE = 64;

/** Two leads that differ by more than an offset, or one that takes on many values; for two seconds at least. */
function isTelling(counted: readonly Counted[]): boolean {
  const long = counted.filter(
    ({ group, lead }) => lead.samples.length * Number(group.rate.periodMs) >= TELLING_SECONDS * 1000,
  );
  const rich = long.filter(({ lead }) => takesOn(lead.samples, TELLING_VALUES));
  const [first, ...others] = rich;
  if (first === undefined) return false;
  if (others.some(({ lead }) => differ(first.lead.samples, lead.samples))) return true;
  return counted.length === 1 && takesOn(first.lead.samples, TELLING_VALUES_ALONE);
}

function takesOn(samples: EcgLead['samples'], count: number): boolean {
  const seen = new Set<number>();
  for (const sample of samples) {
    seen.add(sample);
    if (seen.size >= count) return true;
  }
  return false;
}

/** By more than one offset throughout. */
function differ(one: EcgLead['samples'], other: EcgLead['samples']): boolean {
  const offset = (one[0] ?? 0) - (other[0] ?? 0);
  return one.some((sample, k) => sample - (other[k] ?? 0) !== offset);
}

function orderOf({ group, lead }: Counted): string {
  return `${String(lead.number ?? 999).padStart(4, '0')} ${lead.name} ${String(group.offsetMs ?? '0').padStart(12, '0')}`;
}

function compare(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}

function headOf(group: EcgGroup, lead: EcgLead): string {
  const name = lead.number === undefined ? lead.name : String(lead.number);
  return joinKey(
    name,
    group.rate.hz,
    lead.scale ?? '',
    lead.offset,
    group.offsetMs ?? '0',
    String(lead.samples.length),
  );
}

/** Little-endian whatever the machine; of 16 bits where all samples have room in them, which nearly all have, else of 32. */
function samplesOf({ samples }: EcgLead): Uint8Array {
  const width = areShort(samples) ? 2 : 4;
  const bytes = new Uint8Array(samples.length * width);
  for (let k = 0, at = 0; k < samples.length; k++, at += width) {
    const sample = samples[k] as number;
    bytes[at] = sample;
    bytes[at + 1] = sample >> 8;
    if (width === 2) continue;
    bytes[at + 2] = sample >> 16;
    bytes[at + 3] = sample >> 24;
  }
  return bytes;
}

function areShort(samples: EcgLead['samples']): boolean {
  for (let k = 0; k < samples.length; k++) {
    const sample = samples[k] as number;
    if (sample < -0x8000 || sample > 0x7fff) return false;
  }
  return true;
}

/** A vendor's lossy conversion moves samples by some units: up to 20 µV was seen (ecg.md 0.3). */
const NEAR_MICROVOLTS = 25;
/** Leads that must be there on both sides. */
const NEAR_LEADS = 2;

/**
 * Two recordings that are likely one: equal rate, lengths within a second, and every lead that both state within 25 µV
 * throughout. Never a reason to merge them.
 */
export function isNearlyEqual(one: Pick<Ecg, 'groups'>, other: Pick<Ecg, 'groups'>): boolean {
  const [left, right] = [one.groups[0], other.groups[0]];
  if (left === undefined || right === undefined || left.rate.hz !== right.rate.hz) return false;
  const others = withoutTail(right).leads;
  let compared = 0;
  for (const lead of withoutTail(left).leads) {
    const twin = others.find(({ number }) => number !== undefined && number === lead.number);
    if (twin === undefined || lead.derived || twin.derived) continue;
    if (!isNearLead(lead, twin, Number(left.rate.hz))) return false;
    compared += 1;
  }
  return compared >= NEAR_LEADS;
}

function isNearLead(one: EcgLead, other: EcgLead, perSecond: number): boolean {
  const [a, b] = [microvoltsOf(one), microvoltsOf(other)];
  if (a === undefined || b === undefined || Math.abs(a.length - b.length) > perSecond) return false;
  if (a.length === 0 || b.length === 0) return false;
  for (let k = 0; k < Math.min(a.length, b.length); k++)
    if (Math.abs((a[k] as number) - (b[k] as number)) > NEAR_MICROVOLTS) return false;
  return true;
}
