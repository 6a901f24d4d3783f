/**
 * An HL7 v2 message arrives: the envelope is kept, a resend is answered as before, everything else goes
 * down the path, and the sender is answered after the commit (SETTLED 16 to 18).
 */
import { digestOf, joinKey } from '../base/digest.ts';
import type { Problem } from '../base/problem.ts';
import { type AckCode, acknowledge, acknowledgementWanted, isWanted } from '../formats/hl7v2/ack.ts';
import { readMessage, type ReadMessage } from '../formats/hl7v2/read.ts';
import type { StoreTx } from '../ports/store-tx.ts';
import { StoreUnavailable } from '../ports/store.ts';
import type { Channel } from '../terms/channel.ts';
import type { Envelope, EnvelopeOutcome } from '../terms/envelope.ts';
import type { Hl7Message } from '../terms/parsed/hl7v2.ts';
import { claimIds, untilIdsSettle } from './claim-ids.ts';
import type { Gateway } from './gateway.ts';
import { answerOf, arrivalOf, fallbackOf, type ReceiveInput, refusedTrigger, unmappable } from './hl7v2-arrival.ts';
import type { Journey } from './arrival.ts';
import { knownOrdersOf, noteKnownOrders } from './note-known-orders.ts';
import { followPath, mapArrival } from './path.ts';
import { askOrders, isOrderMessage } from './receive-orders.ts';
import type { Reference } from './reference-cache.ts';
import { sentenceOf } from './sentences.ts';

export interface Received {
  readonly ack: Uint8Array;
  readonly code: AckCode;
  /** False when MSH-15 or MSH-16 says that this answer is not to be sent. */
  readonly wanted: boolean;
  readonly envelope: string;
  readonly resend: boolean;
  readonly problems: readonly Problem[];
  readonly unread: readonly string[];
  readonly resultsIn: number;
  readonly resultsStored: number;
  /** A fault of ours: the message was kept and quarantined; for the log. */
  readonly fault?: unknown;
}

/** Resolves only when the envelope is durable. Throws StoreUnavailable: then nothing may be acknowledged. */
export async function receiveHl7v2(gateway: Gateway, input: ReceiveInput): Promise<Received> {
  const received = await receive(gateway, input);
  gateway.meter.message({ ...received, door: input.channel.kind });
  return received;
}

async function receive(gateway: Gateway, input: ReceiveInput): Promise<Received> {
  const read = readMessage(input.bytes, fallbackOf(input.facility));
  const message = read.value?.message;
  const refusals = message === undefined ? [] : refusedTrigger(message);
  const visit: Visit = {
    input,
    message,
    envelope: makeEnvelope(gateway, input, message),
    problems: [...read.problems, ...refusals],
    rejected: message === undefined || refusals.length > 0,
    reference: await gateway.reference.current(),
  };
  try {
    if (read.value !== undefined && !visit.rejected && isOrderMessage(read.value.message))
      return await takeOrders(gateway, visit, read.value);
    return await take(gateway, visit, true);
  } catch (fault) {
    if (fault instanceof StoreUnavailable) throw fault;
    // What cannot be mapped is kept and answered all the same: an unanswered message comes again for ever.
    return { ...(await take(gateway, visit, false)), fault };
  }
}

/** One arrival and what was told of it before the database was asked. */
interface Visit {
  readonly input: ReceiveInput;
  readonly message: Hl7Message | undefined;
  readonly envelope: Envelope;
  readonly problems: readonly Problem[];
  /** No message, or one of a type that is not taken: kept, and answered AR. */
  readonly rejected: boolean;
  readonly reference: Reference;
}

/** One transaction: resend, rejection, acceptance or the path. `mappable` is false after the path failed. */
function take(gateway: Gateway, visit: Visit, mappable: boolean): Promise<Received> {
  const { envelope, message, input, reference } = visit;
  const wanted = message === undefined ? undefined : acknowledgementWanted(message);
  // Who wants no accept acknowledgement waits for the application's: it is answered after mapping.
  const accepts = wanted?.mode === 'enhanced' && wanted.accept !== 'NE';
  const travels = mappable && !visit.rejected && !accepts && message !== undefined;
  return untilIdsSettle((known) => {
    const travel = travels ? mapArrival(gateway, arrivalOf(input, envelope, message), known) : undefined;
    return gateway.store.transaction(async (tx) => {
      const [{ resend, reused }, rows] = await Promise.all([
        tx.seenBefore({ facility: envelope.facility, controlMac: envelope.controlMac, digest: envelope.digest }),
        travel === undefined ? undefined : claimIds(tx, travel.ids, known),
      ]);
      if (resend !== undefined) return resendOf(resend, message);
      await tx.insertEnvelope(envelope);
      const answer = (code: AckCode, outcome: EnvelopeOutcome, journey: Partial<Journey> = {}): Promise<Received> => {
        const problems = [...visit.problems, ...(reused ? [REUSED] : []), ...(journey.problems ?? [])];
        return finish(gateway, tx, { ...input, envelope, message, code, outcome, problems, journey });
      };
      if (visit.rejected) return answer(accepts ? 'CR' : 'AR', 'rejected');
      if (accepts) {
        const { id, receivedAt: due, channel: orderingKey } = envelope;
        await tx.enqueue({ kind: 'map-envelope', orderingKey, due, reference: id });
        return answer('CA', 'pending');
      }
      if (travel === undefined || rows === undefined) return answer('AE', 'quarantined', unmappable(message));
      const journey = await followPath(gateway, tx, travel, { reference, rows });
      return journey.quarantined ? answer('AE', 'quarantined', journey) : answer('AA', 'stored', journey);
    });
  });
}

/** Asked first, which is durable by itself, then kept with its answer; a resend finds that and asks nothing again. */
async function takeOrders(gateway: Gateway, visit: Visit, read: ReadMessage): Promise<Received> {
  const { envelope, input, reference } = visit;
  const { message } = read;
  const key = { facility: envelope.facility, controlMac: envelope.controlMac, digest: envelope.digest };
  const before = await gateway.store.transaction((tx) => tx.seenBefore(key));
  if (before.resend !== undefined) return resendOf(before.resend, message);
  const asked = await askOrders(gateway, input, read);
  const known = await knownOrdersOf(gateway, input, { message, mapped: asked.mapped });
  return gateway.store.transaction(async (tx) => {
    const { resend, reused } = await tx.seenBefore(key);
    if (resend !== undefined) return resendOf(resend, message);
    await tx.insertEnvelope(envelope);
    if (known !== undefined) await noteKnownOrders(gateway, tx, { ...known, reference, at: envelope.receivedAt });
    const problems = [...visit.problems, ...(reused ? [REUSED] : []), ...asked.problems];
    const code = asked.failed ? 'AE' : 'AA';
    const outcome = asked.failed ? 'quarantined' : 'stored';
    const { complete } = asked;
    return finish(gateway, tx, { ...input, envelope, message, code, outcome, problems, journey: {}, complete });
  });
}

const REUSED: Problem = { code: 'gateway/control-id-reused', severity: 'warning', at: 'MSH-10' };

function makeEnvelope(
  gateway: Gateway,
  { bytes, channel, facility }: ReceiveInput,
  message: Hl7Message | undefined,
): Envelope {
  const controlId = message?.msh.raw(10) ?? '';
  return {
    id: gateway.random.uuid(),
    facility: facility.id,
    channel: channel.id,
    receivedAt: gateway.clock.now(),
    format: 'hl7v2',
    bytes,
    digest: digestOf(bytes),
    controlMac: controlMac(gateway, channel, controlId),
    test: channel.test,
  };
}

/** Bytes tried out over a test channel are not known when they come over the real one: that is how a sender goes live. */
function controlMac(gateway: Gateway, { facility, test }: Channel, controlId: string): string {
  if (test) return gateway.ids.index.text(joinKey('control-id', facility, 'test', controlId));
  return controlId === '' ? '' : gateway.ids.index.text(joinKey('control-id', facility, controlId));
}

async function finish(
  gateway: Gateway,
  tx: StoreTx,
  result: ReceiveInput & {
    readonly envelope: Envelope;
    readonly message: Hl7Message | undefined;
    readonly code: AckCode;
    readonly outcome: EnvelopeOutcome;
    readonly problems: readonly Problem[];
    readonly journey: Partial<Journey>;
    /** Makes more of the acknowledgement. */
    readonly complete?: (ack: Uint8Array) => Uint8Array;
  },
): Promise<Received> {
  const { code, problems, journey, envelope } = result;
  const acknowledged = acknowledge({
    bytes: result.bytes,
    code,
    problems,
    controlId: gateway.random.uuid().replaceAll('-', '').slice(0, 20),
    at: gateway.clock.now(),
    sentence: sentenceOf,
  });
  const ack = result.complete?.(acknowledged) ?? acknowledged;
  const answer = answerOf(result.outcome, problems, ack, journey);
  await tx.finishEnvelope(envelope.id, answer);
  const { resultsIn, resultsStored } = answer;
  return {
    ack,
    code,
    wanted: isAckWanted(result.message, code),
    envelope: envelope.id,
    resend: false,
    problems,
    unread: journey.unread ?? [],
    resultsIn,
    resultsStored,
  };
}

function resendOf(
  resend: { id: string; outcome: EnvelopeOutcome; ack: Uint8Array },
  message: Hl7Message | undefined,
): Received {
  const code = codeOfAck(resend.ack) ?? 'AA';
  const wanted = isAckWanted(message, code);
  return {
    ack: resend.ack,
    code,
    wanted,
    envelope: resend.id,
    resend: true,
    problems: [],
    unread: [],
    resultsIn: 0,
    resultsStored: 0,
  };
}

/** MSA-1 of an acknowledgement of ours. */
function codeOfAck(ack: Uint8Array): AckCode | undefined {
  const code = readMessage(ack)
    .value?.message.segments.find((segment) => segment.name === 'MSA')
    ?.get(1);
  return (['AA', 'AE', 'AR', 'CA', 'CE', 'CR'] as const).find((known) => known === code);
}

function isAckWanted(message: Hl7Message | undefined, code: AckCode): boolean {
  if (message === undefined) return true;
  const wanted = acknowledgementWanted(message);
  return isWanted(code.startsWith('C') ? wanted.accept : wanted.application, code);
}
