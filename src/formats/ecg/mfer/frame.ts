/** One waveform frame of MFER (tag 0x1E): for each sequence, for each channel, a block of samples of that channel. */
import { scaleDecimal } from '../../../base/decimal.ts';
import { LIMITS } from '../../../base/limits.ts';
import { leadName } from '../../../signals/leads.ts';
import { secondsOf } from '../../../signals/physical.ts';
import type { EcgGroup, EcgLead, EcgRate } from '../../../terms/parsed/ecg.ts';
import type { EcgDraft } from '../draft.ts';
import { decimalOf, ONE, ZERO } from '../values.ts';
import { textIn } from './circumstances.ts';
import type { Definitions, SampleForm } from './definitions.ts';

interface Channel {
  readonly own: Definitions;
  readonly form: SampleForm;
  readonly block: number;
  readonly rate: EcgRate;
  readonly samples: Int32Array;
}

/** A frame no longer than this, behind a recording of three times as much, is its median beat; one of many is none. */
const BEAT_MS = 2_000;

export function addFrame(
  bytes: Uint8Array,
  definitions: Definitions,
  { at }: { readonly at: string },
  draft: EcgDraft,
): void {
  const { problems } = draft;
  const count = definitions.channels ?? 1;
  if (count < 1 || count > LIMITS.ecgLeadsMax) return problems.add('ecg/channels-unreadable', 'error', at);
  const plan = Array.from({ length: count }, (_, k) => definitions.channel(k)).map((own) => ({
    own,
    form: own.form,
    rate: own.rate,
    block: own.block ?? 1,
  }));
  const perSequence = plan.reduce((sum, { form, block }) => sum + (form?.bytes ?? 0) * block, 0);
  if (plan.some(({ form }) => form === undefined) || perSequence === 0)
    return problems.add('ecg/samples-unsupported', 'error', at);
  if (plan.some(({ rate }) => rate === undefined)) return problems.add('ecg/rate-missing', 'error', at);
  const held = Math.floor(bytes.length / perSequence);
  const stated = definitions.sequences ?? 0;
  const sequences = stated === 0 ? held : stated;
  // A block may be the whole recording: what of it is there is read.
  const whole = sequences * perSequence;
  if (whole > bytes.length) problems.add('ecg/fewer-samples', 'error', at);
  else if (whole < bytes.length) problems.add('ecg/length-differs', 'warning', at);
  let rest = sequences > held ? bytes.length - held * perSequence : 0;
  const channels = plan.map(({ own, form, rate, block }): Channel => {
    const { bytes: width } = form as SampleForm;
    const started = Math.min(block, Math.floor(rest / width));
    rest = started < block ? 0 : rest - block * width;
    const samples = new Int32Array(Math.min(sequences, held) * block + started);
    return { own, form: form as SampleForm, rate: rate as EcgRate, block, samples };
  });
  fill(channels, bytes, sequences);
  addGroups(channels, at, draft);
  return undefined;
}

function fill(channels: readonly Channel[], bytes: Uint8Array, sequences: number): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const made = channels.map(() => 0);
  let at = 0;
  for (let s = 0; s < sequences; s++) {
    for (const [c, { own, form, block, samples }] of channels.entries()) {
      const { little } = own;
      for (let k = 0; k < block; k++) {
        if (at + form.bytes > bytes.length || (made[c] as number) >= samples.length) return;
        samples[made[c] as number] = form.read(view, at, little);
        made[c] = (made[c] as number) + 1;
        at += form.bytes;
      }
    }
  }
}

/** Channels of one rate are one group. */
function addGroups(channels: readonly Channel[], at: string, draft: EcgDraft): void {
  const groups = new Map<string, { readonly rate: EcgRate; readonly leads: EcgLead[] }>();
  for (const [k, channel] of channels.entries()) {
    const { samples } = channel;
    const where = `${at}, channel ${k + 1}`;
    if (samples.length === 0) {
      draft.problems.add('ecg/lead-empty', 'error', where);
      continue;
    }
    const group = groups.get(channel.rate.hz) ?? { rate: channel.rate, leads: [] };
    group.leads.push(leadOf(channel.own, samples, where, draft));
    groups.set(channel.rate.hz, group);
  }
  const recordedMs = Math.max(0, ...draft.groups.map((group) => secondsOf(group) * 1000));
  for (const { rate, leads } of groups.values()) {
    const ms = Number(rate.periodMs) * (leads[0]?.samples.length ?? 0);
    const isBeat = ms <= BEAT_MS && ms * 3 <= recordedMs;
    const group: EcgGroup = { kind: isBeat ? 'median' : 'rhythm', rate, leads, at };
    (isBeat ? draft.medians : draft.groups).push(group);
  }
}

function leadOf(own: Definitions, samples: Int32Array, at: string, draft: EcgDraft): EcgLead {
  const { scale, absent, lead, offset } = own;
  const known = lead === undefined ? undefined : leadName(lead.number);
  const stated = lead === undefined ? undefined : textIn(lead.name, own.textCode);
  if (known === undefined) draft.problems.add('ecg/lead-unknown', 'warning', at);
  if (scale === undefined) draft.problems.add('ecg/scale-missing', 'error', at);
  return {
    name: known ?? stated ?? `MFER ${lead?.number ?? '?'}`,
    ...(known === undefined || lead === undefined ? {} : { number: lead.number }),
    samples,
    ...(scale === undefined ? {} : { scale }),
    // (x − offset) × scale.
    offset: scale === undefined || offset === 0 ? ZERO : (scaleDecimal(scale, decimalOf(-offset), ONE) ?? ZERO),
    ...(absent === undefined ? {} : { absent }),
    at,
  };
}
