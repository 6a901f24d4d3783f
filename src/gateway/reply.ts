/** The doctor's act on an offer: recorded with its ledger entry, idempotent, answered with a receipt. */
import { base64url } from '../base/bytes.ts';
import { done, type Outcome, refuse } from '../base/outcome.ts';
import { entryHash } from '../ledger/entry-hash.ts';
import { isReply, reasonOf, replyEntry } from '../ledger/reply-entry.ts';
import type { StoreTx } from '../ports/store-tx.ts';
import type { Catalogue } from '../terms/catalogue.ts';
import type { LedgerEntry } from '../terms/ledger-entry.ts';
import type { Offer } from '../terms/offer.ts';
import type { Reply } from '../terms/reply.ts';
import { type Asker, refusalOf } from './answer.ts';
import { patientMac } from './pseudonyms.ts';
import { replyBundle, type ReplyBundle } from '../recognition/reply-bundle.ts';
import { chartNote } from '../recognition/chart-note.ts';
import { catalogueOf } from './catalogue-of.ts';
import { inputOf } from './offer-inputs.ts';
import { enqueueSettling } from './settle.ts';
import { decideOf, eventJobs } from './tell-events.ts';
import type { Gateway } from './gateway.ts';

export interface Receipt {
  /** Ledger entry id. */
  readonly entry: string;
  /** The entry's SHA-256, base64url: what an auditor holds against the ledger. */
  readonly hash: string;
  /** For the chart, in Chinese; null where there is nothing to note, or the offer kept no inputs. */
  readonly note: string | null;
  /** The same as FHIR, for the asker's own record. */
  readonly fhir: ReplyBundle;
}

export async function reply(gateway: Gateway, asker: Asker, said: Reply): Promise<Outcome<Receipt>> {
  return recordReply(gateway, asker, said, async (context) => context.append(said));
}

/**
 * A reply that may come late, repeated and in any order, as feedback of CDS Hooks does: the offer's answer is the one of the
 * latest doctor's act, whichever came first. An answer that is overtaken is revoked; one that comes too late changes nothing.
 */
export async function latestReply(gateway: Gateway, asker: Asker, said: Reply): Promise<Outcome<Receipt>> {
  return recordReply(gateway, asker, said, async (context) => {
    const last = (await context.tx.repliesOf(said.offer)).at(-1);
    const standing = (await context.tx.entriesOf(said.offer)).findLast(isReply);
    if (last === undefined || standing === undefined) return context.append(said);
    if (orderOf(said) <= orderOf(last)) return done(standing);
    if (said.outcome === last.outcome && said.reason === last.reason) {
      // The same once more, and later: what lies between the two in time is overtaken by it.
      await context.tx.insertReply(said);
      return done(standing);
    }
    const reason = reasonOf(said, context.catalogue);
    if (!reason.ok) return reason;
    if (last.outcome !== 'revoked') await context.append({ offer: said.offer, outcome: 'revoked', at: said.at });
    return context.append(said);
  });
}

/** One order of all acts on an offer: by the doctor's clock; two of one moment by what they say. */
function orderOf({ at, outcome, reason = '' }: Reply): string {
  return `${at} ${outcome} ${reason}`;
}

interface ReplyContext {
  readonly tx: StoreTx;
  readonly catalogue: Catalogue;
  /** The entry of one act, or the one that says the same already. */
  append(said: Reply): Promise<Outcome<LedgerEntry>>;
}

/** Refused before anything is written: whatever is appended is appended whole. */
async function recordReply(
  gateway: Gateway,
  asker: Asker,
  said: Reply,
  work: (context: ReplyContext) => Promise<Outcome<LedgerEntry>>,
): Promise<Outcome<Receipt>> {
  const { catalogue } = await gateway.reference.current();
  const recorded = await gateway.store.transaction(async (tx) => {
    const offer = await tx.readOffer(said.offer);
    // Another facility's offer looks absent (DESIGN 5, "Who sees what").
    if (offer === undefined || offer.facility !== asker.facility.id) {
      return refuse(refusalOf('not-found', 'gateway/unknown-offer', 'offer'));
    }
    if (catalogue === undefined) return refuse(refusalOf('unavailable', 'gateway/no-catalogue', 'catalogue'));
    const entry = await work({
      tx,
      catalogue,
      append: (act) => append(gateway, { tx, asker, offer, catalogue, said: act }),
    });
    return entry.ok ? done({ offer, entry: entry.value }) : entry;
  });
  if (!recorded.ok) return recorded;
  const { offer, entry } = recorded.value;
  return done({
    entry: entry.id,
    hash: base64url(entryHash(entry)),
    note: await noteOf(gateway, offer, said),
    fhir: await copyOf(gateway, offer, said, entry),
  });
}

/** Names by the catalogue that decided; reasons by that of the reply, where they differ. */
async function copyOf(gateway: Gateway, offer: Offer, said: Reply, entry: LedgerEntry): Promise<ReplyBundle> {
  const catalogue = (await catalogueOf(gateway, entry.catalogueDigest)) ?? NO_NAMES;
  return replyBundle(offer, said, { entry: entry.id, catalogue, base: `${gateway.publicUrl}/fhir` });
}

const NO_NAMES = { items: new Map(), panels: new Map(), refusalReasons: [] };

/** By the catalogue that decided, whose names and marks the card showed. */
async function noteOf(gateway: Gateway, offer: Offer, said: Reply): Promise<string | null> {
  const catalogue = offer.inputs === undefined ? undefined : await catalogueOf(gateway, offer.catalogueDigest);
  if (offer.inputs === undefined || catalogue === undefined) return null;
  return chartNote(offer.decision, said, inputOf(offer, offer.inputs, catalogue)) ?? null;
}

async function append(
  gateway: Gateway,
  of: {
    readonly tx: StoreTx;
    readonly asker: Asker;
    readonly offer: Offer;
    readonly catalogue: Catalogue;
    readonly said: Reply;
  },
): Promise<Outcome<LedgerEntry>> {
  const { tx, asker, offer, catalogue, said } = of;
  const made = replyEntry({
    offer,
    reply: said,
    earlier: await tx.entriesOf(offer.id),
    catalogue,
    asker: asker.facility,
    regionZone: gateway.regionZone,
    at: gateway.clock.now(),
    mac: (text) => gateway.pseudonym.text(text),
    patientMac: patientMac(gateway, offer.patient),
    entryId: gateway.random.uuid(),
  });
  if (!made.ok) return made;
  if (made.value.kind === 'known') return done(made.value.entry);
  const entry = await withoutDoubles(tx, made.value.entry);
  await tx.appendLedger([entry]);
  await enqueueSettling(tx, entry, {
    catalogue,
    asker: offer.inputs?.asker ?? asker.facility,
    regionZone: gateway.regionZone,
  });
  for (const job of eventJobs(gateway, { due: entry.at, references: [decideOf(offer.id, entry.id)] }))
    await tx.enqueue(job);
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
  return done(entry);
}

/** What another acceptance already saved is not saved again (recognition-domain 5.2, rule 4). */
async function withoutDoubles(tx: StoreTx, entry: LedgerEntry): Promise<LedgerEntry> {
  if (entry.savings.length === 0) return entry;
  const saved = new Set(await tx.savedKeys(entry.savings.map((saving) => saving.key)));
  return saved.size === 0 ? entry : { ...entry, savings: entry.savings.filter((saving) => !saved.has(saving.key)) };
}
