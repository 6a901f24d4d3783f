/** A kept ECG file goes down the path again: after a profile, a link or a fault was mended. Its answer stays as sent. */
import type { StoreTx } from '../../ports/store-tx.ts';
import type { Envelope } from '../../terms/envelope.ts';
import type { Journey } from '../arrival.ts';
import { claimIds } from '../claim-ids.ts';
import type { Gateway } from '../gateway.ts';
import { answerOf } from '../hl7v2-arrival.ts';
import type { KnownIds } from '../id-source.ts';
import type { Reference } from '../reference-cache.ts';
import { followEcg, mapEcgArrival, readEcgFile } from './ecg-path.ts';
import { NOT_MAPPABLE, sightingOf } from './receive-ecg.ts';

/** Undefined when the file holds nothing that can be shown, or its channel or facility is gone. */
export async function finishEcg(
  gateway: Gateway,
  tx: StoreTx,
  envelope: Envelope & { readonly ack: Uint8Array | null },
  of: {
    readonly reference: Reference;
    readonly known: KnownIds /** False after the path failed: it is kept and told. */;
    readonly mappable: boolean;
  },
): Promise<Journey | undefined> {
  const { reference, known, mappable } = of;
  const channel = reference.channels.get(envelope.channel);
  const facility = reference.facilities.get(envelope.facility);
  if (channel === undefined || facility === undefined) return undefined;
  const arrival = sightingOf({ channel: { ...channel, test: envelope.test }, facility }, envelope);
  if (!mappable) {
    const journey = { problems: [NOT_MAPPABLE], unread: [], resultsIn: 0, resultsStored: 0, quarantined: true };
    await tx.finishEnvelope(
      envelope.id,
      answerOf('quarantined', journey.problems, envelope.ack ?? new Uint8Array(), journey),
    );
    return journey;
  }
  const travel = mapEcgArrival(gateway, arrival, readEcgFile(envelope.bytes), known);
  if (travel === undefined) return undefined;
  const rows = await claimIds(tx, travel.ids, known);
  const journey = await followEcg(gateway, tx, travel, { reference, rows });
  const outcome = journey.quarantined ? 'quarantined' : 'stored';
  await tx.finishEnvelope(envelope.id, answerOf(outcome, journey.problems, envelope.ack ?? new Uint8Array(), journey));
  return journey;
}
