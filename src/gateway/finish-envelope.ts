/** An envelope that was kept goes down the path: accepted earlier (a job, a start), or replayed. */
import { readMessage } from '../formats/hl7v2/read.ts';
import { type StoreTx, StoreUnavailable } from '../ports/store.ts';
import type { Envelope } from '../terms/envelope.ts';
import { claimIds, untilIdsSettle } from './claim-ids.ts';
import type { Gateway } from './gateway.ts';
import { answerOf, arrivalOf, fallbackOf, refusedTrigger, unmappable } from './hl7v2-arrival.ts';
import type { KnownIds } from './id-source.ts';
import type { Arrival, Journey } from './arrival.ts';
import { followPath, mapArrival } from './path.ts';
import type { Reference } from './reference-cache.ts';

/**
 * Maps an envelope that was accepted earlier (a job, a start, a replay). Its acknowledgement stays as sent.
 * What cannot be mapped is quarantined, so that it blocks nothing behind it.
 */
export async function finishEnvelope(gateway: Gateway, id: string, reference: Reference): Promise<Journey | undefined> {
  const take = (
    how: (tx: StoreTx, arrival: Arrival, known: KnownIds) => Promise<Journey>,
  ): Promise<Journey | undefined> =>
    untilIdsSettle((known) =>
      gateway.store.transaction(async (tx) => {
        const envelope = await tx.readEnvelope(id);
        const arrival = envelope === undefined ? undefined : arrivalAgain(envelope, reference);
        if (envelope === undefined || arrival === undefined) return undefined;
        const journey = await how(tx, arrival, known);
        const outcome = journey.quarantined ? 'quarantined' : 'stored';
        await tx.finishEnvelope(id, answerOf(outcome, journey.problems, envelope.ack ?? new Uint8Array(), journey));
        return journey;
      }),
    );
  try {
    return await take(async (tx, arrival, known) => {
      const travel = mapArrival(gateway, arrival, known);
      const rows = await claimIds(tx, travel.ids, known);
      return followPath(gateway, tx, travel, { reference, rows });
    });
  } catch (fault) {
    if (fault instanceof StoreUnavailable) throw fault;
    return take(async (_, { message }) => unmappable(message));
  }
}

function arrivalAgain(envelope: Envelope, { channels, facilities }: Reference): Arrival | undefined {
  const channel = channels.get(envelope.channel);
  const facility = facilities.get(envelope.facility);
  if (facility === undefined || channel === undefined) return undefined;
  const message = readMessage(envelope.bytes, fallbackOf(facility)).value?.message;
  if (message === undefined || refusedTrigger(message).length > 0) return undefined;
  return arrivalOf(
    { bytes: envelope.bytes, facility, channel: { ...channel, test: envelope.test } },
    envelope,
    message,
  );
}
