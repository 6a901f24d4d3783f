/**
 * An HL7 v2 message arrives: the envelope is kept, a resend is answered as before, everything else goes
 * down the path, and the sender is answered after the commit (SETTLED 16 to 18).
 */
import { digestOf, joinKey } from '../base/digest.ts';
import type { Problem } from '../base/problem.ts';
import { type AckCode, acknowledge, acknowledgementWanted, isWanted } from '../formats/hl7v2/ack.ts';
import { readMessage } from '../formats/hl7v2/read.ts';
import type { StoreTx } from '../ports/store.ts';
import type { Channel } from '../terms/channel.ts';
import type { Envelope, EnvelopeAnswer, EnvelopeOutcome } from '../terms/envelope.ts';
import type { Facility } from '../terms/facility.ts';
import type { Hl7Message } from '../terms/parsed/hl7v2.ts';
import { untilIdsSettle } from './claim-ids.ts';
import type { Gateway } from './gateway.ts';
import { followPath, type Journey } from './path.ts';
import type { Reference } from './reference-cache.ts';
import { sentenceOf } from './sentences.ts';

/** Trigger events whose results are mapped (issue 01); others are kept and answered AR. */
const TRIGGERS = new Set(['ORU^R01', 'ORU^R30', 'OUL^R22', 'OUL^R23', 'OUL^R24']);

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
}

export interface ReceiveInput {
  /** One message's bytes, from its MSH to the next. */
  readonly bytes: Uint8Array;
  readonly channel: Channel;
  readonly facility: Facility;
}

/** Resolves only when the envelope is durable. Throws StoreUnavailable: then nothing may be acknowledged. */
export async function receiveHl7v2(gateway: Gateway, input: ReceiveInput): Promise<Received> {
  const read = readMessage(input.bytes, fallbackOf(input.facility));
  const message = read.value?.message;
  const envelope = makeEnvelope(gateway, input, message);
  const reference = await gateway.reference.current();
  const refusals = message === undefined ? read.problems : refusedTrigger(message);
  const wanted = message === undefined ? undefined : acknowledgementWanted(message);
  // Who wants no accept acknowledgement waits for the application's: it is answered after mapping.
  const accepts = wanted?.mode === 'enhanced' && wanted.accept !== 'NE';

  return untilIdsSettle((known) =>
    gateway.store.transaction(async (tx) => {
      const key = { facility: envelope.facility, controlMac: envelope.controlMac, digest: envelope.digest };
      const { resend, reused } = await tx.seenBefore(key);
      if (resend !== undefined) return resendOf(resend, message);
      await tx.insertEnvelope(envelope);
      const flagged = [...read.problems, ...(reused ? [REUSED] : [])];
      const answer = (code: AckCode, outcome: EnvelopeOutcome, journey: Partial<Journey> = {}) =>
        finish(gateway, tx, {
          ...input,
          envelope,
          message,
          code,
          outcome,
          problems: [...flagged, ...(journey.problems ?? [])],
          journey,
        });

      if (message === undefined || refusals.length > 0) {
        return answer(accepts ? 'CR' : 'AR', 'rejected', { problems: message === undefined ? [] : refusals });
      }
      if (accepts) {
        await tx.enqueue({
          kind: 'map-envelope',
          orderingKey: envelope.channel,
          due: envelope.receivedAt,
          reference: envelope.id,
        });
        return answer('CA', 'pending');
      }
      const journey = await followPath(gateway, tx, arrivalOf(input, envelope, message), { reference, known });
      return journey.quarantined || journey.resultsStored < journey.resultsIn
        ? answer('AE', 'quarantined', journey)
        : answer('AA', 'stored', journey);
    }),
  );
}

/** Maps an envelope that was accepted earlier (a job, a start, a replay). Its acknowledgement stays as sent. */
export async function finishEnvelope(gateway: Gateway, id: string, reference: Reference): Promise<Journey | undefined> {
  return untilIdsSettle((known) =>
    gateway.store.transaction(async (tx) => {
      const envelope = await tx.readEnvelope(id);
      if (envelope === undefined) return undefined;
      const channel = reference.channels.get(envelope.channel);
      const facility = reference.facilities.get(envelope.facility);
      if (facility === undefined || channel === undefined) return undefined;
      const message = readMessage(envelope.bytes, fallbackOf(facility)).value?.message;
      if (message === undefined || refusedTrigger(message).length > 0) return undefined;
      const input = { bytes: envelope.bytes, facility, channel: { ...channel, test: envelope.test } };
      const journey = await followPath(gateway, tx, arrivalOf(input, envelope, message), { reference, known });
      const complete = !journey.quarantined && journey.resultsStored === journey.resultsIn;
      await tx.finishEnvelope(
        id,
        answerOf(complete ? 'stored' : 'quarantined', journey.problems, envelope.ack ?? new Uint8Array(), journey),
      );
      return journey;
    }),
  );
}

const REUSED: Problem = { code: 'gateway/control-id-reused', severity: 'warning', at: 'MSH-10' };

function refusedTrigger(message: Hl7Message): readonly Problem[] {
  const trigger = `${message.msh.get(9, 1) ?? ''}^${message.msh.get(9, 2) ?? ''}`;
  return TRIGGERS.has(trigger) ? [] : [{ code: 'gateway/unknown-trigger', severity: 'fatal', at: 'MSH-9' }];
}

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
    controlMac: controlId === '' ? '' : gateway.ids.index.text(joinKey('control-id', facility.id, controlId)),
    test: channel.test,
  };
}

function arrivalOf(input: ReceiveInput, envelope: Envelope, message: Hl7Message) {
  return {
    envelope: envelope.id,
    message,
    channel: input.channel,
    facility: input.facility,
    receivedAt: envelope.receivedAt,
  };
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
  },
): Promise<Received> {
  const { code, problems, journey, envelope } = result;
  const ack = acknowledge({
    bytes: result.bytes,
    code,
    problems,
    controlId: gateway.random.uuid().replaceAll('-', '').slice(0, 20),
    at: gateway.clock.now(),
    sentence: sentenceOf,
  });
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

function answerOf(
  outcome: EnvelopeOutcome,
  problems: readonly Problem[],
  ack: Uint8Array,
  journey: Partial<Journey>,
): EnvelopeAnswer {
  return { outcome, problems, ack, resultsIn: journey.resultsIn ?? 0, resultsStored: journey.resultsStored ?? 0 };
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

function fallbackOf(facility: Facility): { fallback?: string } {
  return facility.profile.charset === undefined ? {} : { fallback: facility.profile.charset };
}
