/** The doctor's act on an offer: recorded with its ledger entry, idempotent, answered with a receipt. */
import { base64url } from '../base/bytes.ts';
import { done, type Outcome, refuse } from '../base/outcome.ts';
import { entryHash } from '../ledger/entry-hash.ts';
import { replyEntry } from '../ledger/reply-entry.ts';
import type { StoreTx } from '../ports/store-tx.ts';
import type { LedgerEntry } from '../terms/ledger-entry.ts';
import type { Reply } from '../terms/reply.ts';
import { type Asker, patientMac, refusalOf } from './answer.ts';
import { enqueueSettling } from './settle.ts';
import type { Gateway } from './gateway.ts';

export interface Receipt {
  /** Ledger entry id. */
  readonly entry: string;
  /** The entry's SHA-256, base64url: what an auditor holds against the ledger. */
  readonly hash: string;
}

export async function reply(gateway: Gateway, asker: Asker, said: Reply): Promise<Outcome<Receipt>> {
  const reference = await gateway.reference.current();
  return gateway.store.transaction(async (tx) => {
    const offer = await tx.readOffer(said.offer);
    // Another facility's offer looks absent (DESIGN 5, "Who sees what").
    if (offer === undefined || offer.facility !== asker.facility.id) {
      return refuse(refusalOf('not-found', 'gateway/unknown-offer', 'offer'));
    }
    if (reference.catalogue === undefined) return refuse(refusalOf('unavailable', 'gateway/no-catalogue', 'catalogue'));
    const earlier = await tx.entriesOf(offer.id);
    const made = replyEntry({
      offer,
      reply: said,
      earlier,
      catalogue: reference.catalogue,
      asker: asker.facility,
      regionZone: gateway.regionZone,
      at: gateway.clock.now(),
      mac: (text) => gateway.pseudonym.text(text),
      patientMac: patientMac(gateway, offer.patient),
      entryId: gateway.random.uuid(),
    });
    if (!made.ok) return made;
    if (made.value.kind === 'known') return done(receiptOf(made.value.entry));
    const entry = await withoutDoubles(tx, made.value.entry);
    await tx.appendLedger([entry]);
    await enqueueSettling(tx, entry, {
      catalogue: reference.catalogue,
      asker: offer.inputs?.asker ?? asker.facility,
      regionZone: gateway.regionZone,
    });
    await tx.insertReply(said);
    await tx.insertAudit([
      {
        id: gateway.random.uuid(),
        at: gateway.clock.now(),
        facility: asker.facility.id,
        actor: asker.channel.id,
        action: 'reply',
        patientMac: entry.patientMac,
        encounterMac: entry.encounterMac,
        purpose: 'TREAT',
        outcome: 'success',
        detail: said.outcome,
      },
    ]);
    return done(receiptOf(entry));
  });
}

/** What another acceptance already saved is not saved again (recognition-domain 5.2, rule 4). */
async function withoutDoubles(tx: StoreTx, entry: LedgerEntry): Promise<LedgerEntry> {
  if (entry.savings.length === 0) return entry;
  const saved = new Set(await tx.savedKeys(entry.savings.map((saving) => saving.key)));
  return saved.size === 0 ? entry : { ...entry, savings: entry.savings.filter((saving) => !saved.has(saving.key)) };
}

function receiptOf(entry: LedgerEntry): Receipt {
  return { entry: entry.id, hash: base64url(entryHash(entry)) };
}
