/**
 * An ECG file arrives: the envelope is kept, a resend is answered as before, everything else goes down the path, and the
 * sender is answered in JSON after the commit (SETTLED 16, 17; a file has no control id, its bytes are its name).
 */
import { utf8 } from '../../base/bytes.ts';
import { digestOf, joinKey } from '../../base/digest.ts';
import type { Problem } from '../../base/problem.ts';
import type { StoreTx } from '../../ports/store-tx.ts';
import { StoreUnavailable } from '../../ports/store.ts';
import type { Channel } from '../../terms/channel.ts';
import type { Envelope, EnvelopeOutcome } from '../../terms/envelope.ts';
import type { Journey, Sighting } from '../arrival.ts';
import { claimIds, untilIdsSettle } from '../claim-ids.ts';
import type { Gateway } from '../gateway.ts';
import { answerOf, type ReceiveInput } from '../hl7v2-arrival.ts';
import type { Reference } from '../reference-cache.ts';
import { sentenceOf } from '../sentences.ts';
import { followEcg, mapEcgArrival, type ReadEcg, readEcgFile } from './ecg-path.ts';

/** What the sender is told; also what a resend is told again. */
export interface EcgAnswer {
  readonly envelope: string;
  readonly outcome: EnvelopeOutcome;
  readonly format?: string;
  /** Ids of the DiagnosticReport and of the recording that holds the waveform. */
  readonly report?: string;
  readonly recording?: string;
  /** Recordings of the same patient that are likely this one, by a lossy conversion: proposed, not merged. */
  readonly similar?: readonly string[];
  readonly resultsIn: number;
  readonly resultsStored: number;
  readonly problems: readonly (Problem & { readonly sentence: string })[];
}

export interface ReceivedEcg {
  /** An `EcgAnswer` as JSON. */
  readonly answer: Uint8Array;
  readonly outcome: EnvelopeOutcome;
  readonly envelope: string;
  readonly resend: boolean;
  readonly problems: readonly Problem[];
  readonly resultsIn: number;
  readonly resultsStored: number;
  /** A fault of ours: the file was kept and quarantined; for the log. */
  readonly fault?: unknown;
}

/** Resolves only when the envelope is durable. Throws StoreUnavailable: then nothing may be acknowledged. */
export async function receiveEcg(gateway: Gateway, input: ReceiveInput): Promise<ReceivedEcg> {
  const received = await receive(gateway, input);
  const code = OUTCOME_CODES[received.outcome];
  gateway.meter.message({ ...received, code, door: input.channel.kind });
  return received;
}

/** What stands for an outcome beside the acknowledgements of messages. */
export const OUTCOME_CODES: Readonly<Record<EnvelopeOutcome, string>> = {
  stored: 'AA',
  quarantined: 'AE',
  rejected: 'AR',
  pending: 'CA',
};

async function receive(gateway: Gateway, input: ReceiveInput): Promise<ReceivedEcg> {
  const envelope = makeEnvelope(gateway, input);
  // A resend is answered before anything is decoded: carts send whole folders again.
  const { facility, controlMac, digest } = envelope;
  const before = await gateway.store.transaction((tx) => tx.seenBefore({ facility, controlMac, digest }));
  if (before.resend !== undefined) return resendOf(before.resend);
  const reference = await gateway.reference.current();
  const read = readEcgFile(input.bytes);
  const visit = { envelope, read, reference, arrival: sightingOf(input, envelope) };
  try {
    return await take(gateway, visit, true);
  } catch (fault) {
    if (fault instanceof StoreUnavailable) throw fault;
    return { ...(await take(gateway, visit, false)), fault };
  }
}

interface Visit {
  readonly envelope: Envelope;
  readonly read: ReadEcg;
  readonly reference: Reference;
  readonly arrival: Sighting;
}

/** One transaction: resend, rejection or the path. `mappable` is false after the path failed. */
function take(
  gateway: Gateway,
  { envelope, read, reference, arrival }: Visit,
  mappable: boolean,
): Promise<ReceivedEcg> {
  return untilIdsSettle((known) => {
    const travel = mappable ? mapEcgArrival(gateway, arrival, read, known) : undefined;
    return gateway.store.transaction(async (tx) => {
      const { facility, controlMac, digest } = envelope;
      const [{ resend }, rows] = await Promise.all([
        tx.seenBefore({ facility, controlMac, digest }),
        travel === undefined ? undefined : claimIds(tx, travel.ids, known),
      ]);
      if (resend !== undefined) return resendOf(resend);
      await tx.insertEnvelope(envelope);
      const of = { envelope, read };
      if (read.ecg === undefined) return finish(tx, { ...of, outcome: 'rejected', journey: nothing(read.problems) });
      if (travel === undefined || rows === undefined)
        return finish(tx, { ...of, outcome: 'quarantined', journey: nothing([...read.problems, NOT_MAPPABLE]) });
      const journey = await followEcg(gateway, tx, travel, { reference, rows });
      const outcome = journey.quarantined ? 'quarantined' : 'stored';
      const { similar } = journey;
      const ids = { ...idsOf(travel.mapped), ...(similar.length === 0 ? {} : { similar }) };
      return finish(tx, { ...of, outcome, journey, ids });
    });
  });
}

export const NOT_MAPPABLE: Problem = { code: 'gateway/not-mappable', severity: 'error', at: 'file' };

function nothing(problems: readonly Problem[]): Journey {
  return { problems, unread: [], resultsIn: 0, resultsStored: 0, quarantined: true };
}

export function sightingOf({ channel, facility }: Omit<ReceiveInput, 'bytes'>, envelope: Envelope): Sighting {
  return { envelope: envelope.id, channel, facility, receivedAt: envelope.receivedAt };
}

function makeEnvelope(gateway: Gateway, { bytes, channel, facility }: ReceiveInput): Envelope {
  const digest = digestOf(bytes);
  return {
    id: gateway.random.uuid(),
    facility: facility.id,
    channel: channel.id,
    receivedAt: gateway.clock.now(),
    format: 'ecg',
    bytes,
    digest,
    controlMac: fileMac(gateway, channel, digest),
    test: channel.test,
  };
}

/** A file that was tried over a test channel is not known when it comes over the real one. */
export function fileMac(
  gateway: Gateway,
  { facility, test }: Pick<Channel, 'facility' | 'test'>,
  digest: string,
): string {
  return gateway.ids.index.text(joinKey('file', facility, test ? 'test' : '', digest));
}

function idsOf({
  patients,
}: {
  readonly patients: readonly { readonly reports: readonly { readonly kind?: string; readonly id: string }[] }[];
}) {
  const reports = patients.flatMap((patient) => patient.reports);
  const report = reports.find(({ kind }) => kind === undefined)?.id;
  const recording = reports.find(({ kind }) => kind === 'recording')?.id;
  return { ...(report === undefined ? {} : { report }), ...(recording === undefined ? {} : { recording }) };
}

async function finish(
  tx: StoreTx,
  of: {
    readonly envelope: Envelope;
    readonly read: ReadEcg;
    readonly outcome: EnvelopeOutcome;
    readonly journey: Journey;
    readonly ids?: Pick<EcgAnswer, 'report' | 'recording' | 'similar'>;
  },
): Promise<ReceivedEcg> {
  const { envelope, read, outcome, journey, ids } = of;
  const { problems, resultsIn, resultsStored } = journey;
  const told: EcgAnswer = {
    envelope: envelope.id,
    outcome,
    ...(read.ecg === undefined ? {} : { format: read.ecg.format }),
    ...(outcome === 'stored' ? ids : {}),
    resultsIn,
    resultsStored,
    problems: problems.map((problem) => ({ ...problem, sentence: sentenceOf(problem.code) ?? '' })),
  };
  const answer = utf8(JSON.stringify(told));
  await tx.finishEnvelope(envelope.id, answerOf(outcome, problems, answer, journey));
  return { answer, outcome, envelope: envelope.id, resend: false, problems, resultsIn, resultsStored };
}

function resendOf({ id, outcome, ack }: { id: string; outcome: EnvelopeOutcome; ack: Uint8Array }): ReceivedEcg {
  return { answer: ack, outcome, envelope: id, resend: true, problems: [], resultsIn: 0, resultsStored: 0 };
}
