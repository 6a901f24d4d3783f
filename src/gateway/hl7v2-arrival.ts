/** What receiving and finishing an HL7 v2 envelope share: its trigger, its arrival on the path, its answer. */
import { LIMITS } from '../base/limits.ts';
import type { Problem } from '../base/problem.ts';
import type { Channel } from '../terms/channel.ts';
import type { Envelope, EnvelopeAnswer, EnvelopeOutcome } from '../terms/envelope.ts';
import type { Facility } from '../terms/facility.ts';
import type { Hl7Message } from '../terms/parsed/hl7v2.ts';
import { isOrderMessage } from './receive-orders.ts';
import type { Arrival, Journey } from './arrival.ts';

export interface ReceiveInput {
  /** One message's bytes, from its MSH to the next. */
  readonly bytes: Uint8Array;
  readonly channel: Channel;
  readonly facility: Facility;
}

/** Trigger events whose results are mapped (issue 01); others are kept and answered AR. Old senders name no event. */
const TRIGGERS = new Set(['ORU^', 'ORU^R01', 'ORU^R30', 'OUL^R22', 'OUL^R23', 'OUL^R24']);

export function refusedTrigger(message: Hl7Message): readonly Problem[] {
  const trigger = `${message.msh.get(9, 1) ?? ''}^${message.msh.get(9, 2) ?? ''}`;
  return TRIGGERS.has(trigger) || isOrderMessage(message)
    ? []
    : [{ code: 'gateway/unknown-trigger', severity: 'fatal', at: 'MSH-9' }];
}

/** MSH-4, else MSH-3, is checked against the facility's list and never believed: the channel says who speaks. */
export function unexpectedSender({ msh }: Hl7Message, { profile }: Facility): readonly Problem[] {
  if (profile.senders === undefined || profile.senders.length === 0) return [];
  const stated = msh.get(4, 1) ?? msh.get(3, 1) ?? '';
  return profile.senders.includes(stated)
    ? []
    : [{ code: 'gateway/unexpected-sender', severity: 'warning', at: 'MSH-4' }];
}

export function fallbackOf(facility: Facility): { fallback?: string } {
  return facility.profile.charset === undefined ? {} : { fallback: facility.profile.charset };
}

export function arrivalOf(input: ReceiveInput, envelope: Envelope, message: Hl7Message): Arrival {
  return {
    envelope: envelope.id,
    message,
    channel: input.channel,
    facility: input.facility,
    receivedAt: envelope.receivedAt,
  };
}

export function answerOf(
  outcome: EnvelopeOutcome,
  problems: readonly Problem[],
  ack: Uint8Array,
  journey: Partial<Journey>,
): EnvelopeAnswer {
  return { outcome, problems, ack, resultsIn: journey.resultsIn ?? 0, resultsStored: journey.resultsStored ?? 0 };
}

/** Every result of it is told by its position; the envelope waits for `replay`. */
export function unmappable(message: Hl7Message | undefined): Journey {
  const results = (message?.segments ?? []).filter(({ name }) => name === 'OBX');
  const problems = results
    .slice(0, LIMITS.problemsMax)
    .map(({ occurrence }): Problem => ({ code: 'gateway/not-mappable', severity: 'error', at: `OBX[${occurrence}]` }));
  const whole: Problem = { code: 'gateway/not-mappable', severity: 'error', at: 'MSH' };
  return { problems: [whole, ...problems], unread: [], resultsIn: results.length, resultsStored: 0, quarantined: true };
}
