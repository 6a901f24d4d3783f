/** An envelope that was kept goes down the path: accepted earlier (a job, a start), or replayed. */
import type { Problem } from '../base/problem.ts';
import { readMessage } from '../formats/hl7v2/read.ts';
import type { StoreTx } from '../ports/store-tx.ts';
import { StoreUnavailable } from '../ports/store.ts';
import type { Envelope } from '../terms/envelope.ts';
import type { Hl7Message } from '../terms/parsed/hl7v2.ts';
import { claimIds, untilIdsSettle } from './claim-ids.ts';
import type { Gateway } from './gateway.ts';
import { answerOf, arrivalOf, fallbackOf, refusedTrigger, unmappable } from './hl7v2-arrival.ts';
import type { KnownIds } from './id-source.ts';
import type { Arrival, Journey } from './arrival.ts';
import { finishEcg } from './ecg/finish-ecg.ts';
import { followPath, mapArrival } from './path.ts';
import type { Reference } from './reference-cache.ts';

/**
 * Maps an envelope that was accepted earlier (a job, a start, a replay). Its acknowledgement stays as sent.
 * What cannot be mapped, or came over a channel that is gone, is quarantined, so that it blocks nothing behind
 * it. Undefined: there is no such envelope, it holds no message that is taken, or it is not pending.
 */
export async function finishEnvelope(
  gateway: Gateway,
  id: string,
  reference: Reference,
  { pendingOnly = false }: { readonly pendingOnly?: boolean } = {},
): Promise<Journey | undefined> {
  const take = (
    mappable: boolean,
    how: (tx: StoreTx, arrival: Arrival, known: KnownIds) => Promise<Journey>,
  ): Promise<Journey | undefined> =>
    untilIdsSettle((known) =>
      gateway.store.transaction(async (tx) => {
        const envelope = await tx.readEnvelope(id);
        if (envelope === undefined || (pendingOnly && envelope.outcome !== 'pending')) return undefined;
        if (envelope.format === 'ecg') return finishEcg(gateway, tx, envelope, { reference, known, mappable });
        const again = arrivalAgain(envelope, reference);
        if (again === undefined) return undefined;
        const journey = again.arrival === undefined ? doorless(again.message) : await how(tx, again.arrival, known);
        const outcome = journey.quarantined ? 'quarantined' : 'stored';
        await tx.finishEnvelope(id, answerOf(outcome, journey.problems, envelope.ack ?? new Uint8Array(), journey));
        return journey;
      }),
    );
  try {
    return await take(true, async (tx, arrival, known) => {
      const travel = mapArrival(gateway, arrival, known);
      const rows = await claimIds(tx, travel.ids, known);
      return followPath(gateway, tx, travel, { reference, rows });
    });
  } catch (fault) {
    if (fault instanceof StoreUnavailable) throw fault;
    gateway.onFault({ code: 'gateway/not-mappable', error: fault });
    return take(false, async (_, { message }) => unmappable(message));
  }
}

/** Its message, and how it came: no arrival when its channel or facility is gone. */
function arrivalAgain(
  envelope: Envelope,
  { channels, facilities }: Reference,
): { readonly message: Hl7Message; readonly arrival?: Arrival } | undefined {
  const { bytes, test } = envelope;
  const channel = channels.get(envelope.channel);
  const facility = facilities.get(envelope.facility);
  const message = readMessage(bytes, facility === undefined ? {} : fallbackOf(facility)).value?.message;
  if (message === undefined || refusedTrigger(message).length > 0) return undefined;
  if (facility === undefined || channel === undefined) return { message };
  return { message, arrival: arrivalOf({ bytes, facility, channel: { ...channel, test } }, envelope, message) };
}

/** Nobody knows any more whose message it is: kept, told, and replayed once its channel is back. */
function doorless(message: Hl7Message): Journey {
  const journey = unmappable(message);
  const gone: Problem = { code: 'gateway/unknown-channel', severity: 'error', at: 'MSH' };
  return { ...journey, problems: [gone, ...journey.problems] };
}
