/** Offers and replies. An offer keeps its decision as text, and which results it rested on as rows. */
import { utf8 } from '../../base/bytes.ts';
import type { OfferSummary, ReadStore, Reliance, StandingOffer } from '../../ports/store-reads.ts';
import type { Bucket } from '../../terms/bucket.ts';
import type { AskedOrder } from '../../terms/asked-order.ts';
import type { FacilityId } from '../../terms/facility.ts';
import type { Instant } from '../../terms/instant.ts';
import type { Offer, OfferInputs, RecordedDecision } from '../../terms/offer.ts';
import type { Reply, ReplyOutcome } from '../../terms/reply.ts';
import type { Session, TxSession } from '../driver/database.ts';
import { byteaText, columnsOf, insertOf, plainBytes, rowsParam } from '../driver/statement.ts';
import { offerResult } from '../schema/clinical-tables.ts';
import { askedOrder, offer as offerTable, reply as replyTable } from '../schema/ledger-tables.ts';

import type { StoreContext } from './context.ts';

type OfferRow = typeof offerTable.$inferSelect;
type ReplyRow = typeof replyTable.$inferSelect;

const INSERT_ASKED = insertOf(askedOrder);

export function insertAsked(tx: TxSession, { cipher }: StoreContext, asked: readonly AskedOrder[]): void {
  if (asked.length === 0) return;
  const rows = asked.map(({ patient: { bucket, patient }, inputs, ...rest }) => ({
    ...rest,
    bucket,
    patient,
    level: inputs.asker.level,
    specialty: inputs.visit?.specialty ?? '',
    visitClass: inputs.visit?.class ?? '',
    payer: inputs.visit?.payer ?? '',
    keyId: cipher.keyId,
    inputs: byteaText(cipher.seal(utf8(JSON.stringify(inputs)))),
  }));
  tx.defer('asked', INSERT_ASKED, [rowsParam(rows)]);
}

const INSERT_OFFER = insertOf(offerTable);
const INSERT_RESULTS = insertOf(offerResult, 'on conflict do nothing');

export function insertOffers(tx: TxSession, context: StoreContext, offers: readonly Offer[]): void {
  if (offers.length === 0) return;
  tx.defer('offers', INSERT_OFFER, [rowsParam(offers.map((offer) => toRow(offer, context)))]);
  const results = offers.flatMap(resultsOf);
  if (results.length > 0) tx.defer('offer-results', INSERT_RESULTS, [rowsParam(results)]);
}

function toRow(offer: Offer, { cipher }: StoreContext): Omit<OfferRow, 'inputs'> & { inputs: string | null } {
  const { inputs } = offer;
  return {
    id: offer.id,
    at: offer.at,
    facility: offer.facility,
    bucket: offer.patient.bucket,
    patient: offer.patient.patient,
    patientFacility: offer.patient.facility,
    encounterMac: offer.encounterMac,
    orderMac: offer.orderMac,
    catalogueDigest: offer.catalogueDigest,
    decision: JSON.stringify(offer.decision),
    keyId: inputs === undefined ? null : cipher.keyId,
    inputs: inputs === undefined ? null : byteaText(cipher.seal(utf8(JSON.stringify(inputs)))),
  };
}

function resultsOf(offer: Offer): (typeof offerResult.$inferInsert)[] {
  return offer.decision.items.flatMap(({ entry, verdict }) => {
    if (entry === undefined || verdict === 'do-not') return [];
    const { bucket, container, element, version } = entry;
    return [{ bucket, container, element, offer: offer.id, version }];
  });
}

/** Locked until commit: replies to one offer take turns. */
const READ_OFFER = `select ${columnsOf(offerTable)} from offer where id = $1 for no key update`;

const decoder = new TextDecoder();

export async function readOffer(tx: TxSession, { cipher }: StoreContext, id: string): Promise<Offer | undefined> {
  const [row] = await tx.run<OfferRow>(READ_OFFER, [id]);
  if (row === undefined) return undefined;
  return {
    id: row.id,
    at: row.at as Instant,
    facility: row.facility as FacilityId,
    patient: { bucket: row.bucket as Bucket, patient: row.patient, facility: row.patientFacility as FacilityId },
    encounterMac: row.encounterMac,
    orderMac: row.orderMac,
    catalogueDigest: row.catalogueDigest,
    decision: JSON.parse(row.decision) as RecordedDecision,
    ...(row.inputs === null || row.keyId === null
      ? {}
      : { inputs: JSON.parse(decoder.decode(cipher.open(plainBytes(row.inputs), row.keyId))) as OfferInputs }),
  };
}

const INSERT_REPLY = `insert into reply (offer, ordinal, outcome, reason, comment, patient_informed, practitioner, at)
  select $1::text, coalesce(max(ordinal), 0) + 1, $2, $3, $4, $5::boolean, $6, $7::timestamptz
  from reply where offer = $1::text`;

export function insertReply(tx: TxSession, reply: Reply): void {
  const { offer, outcome, reason, comment, patientInformed, practitioner, at } = reply;
  const optional = [reason ?? null, comment ?? null, patientInformed ?? null, practitioner ?? null];
  tx.send(INSERT_REPLY, [offer, outcome, ...optional, at]);
}

const REPLIES_OF = `select ${columnsOf(replyTable)} from reply where offer = $1 order by ordinal`;

export async function repliesOf(session: Session, offer: string): Promise<readonly Reply[]> {
  return (await session.run<ReplyRow>(REPLIES_OF, [offer])).map((row) => ({
    offer: row.offer,
    outcome: row.outcome as ReplyOutcome,
    ...(row.reason === null ? {} : { reason: row.reason }),
    ...(row.comment === null ? {} : { comment: row.comment }),
    ...(row.patientInformed === null ? {} : { patientInformed: row.patientInformed }),
    ...(row.practitioner === null ? {} : { practitioner: row.practitioner }),
    at: row.at as Instant,
  }));
}

const WITHIN = `select o.id, o.bucket, o.patient, o.patient_facility as "patientFacility", o.decision,
    (select r.outcome from reply r where r.offer = o.id order by r.ordinal desc limit 1) as "lastReply"
  from offer o where o.encounter_mac = $1 and o.encounter_mac <> '' and o.at >= $2 and o.facility = $3 order by o.at desc, o.id limit $4`;

type StandingRow = Pick<OfferRow, 'id' | 'bucket' | 'patient' | 'patientFacility' | 'decision'> &
  Pick<StandingOffer, 'lastReply'>;

export async function offersWithin(
  session: Session,
  { facility, encounterMac, since, limit }: Parameters<ReadStore['offersWithin']>[0],
): Promise<readonly StandingOffer[]> {
  const rows = await session.run<StandingRow>(WITHIN, [encounterMac, since, facility, limit]);
  return rows.map(({ id, bucket, patient, patientFacility, decision, lastReply }) => ({
    id,
    patient: { bucket: bucket as Bucket, patient, facility: patientFacility as FacilityId },
    decision: JSON.parse(decision) as RecordedDecision,
    lastReply,
  }));
}

type SummaryRow = Pick<OfferRow, 'id' | 'at' | 'facility' | 'decision'> & { readonly lastReply: ReplyOutcome | null };

/** Steps from asker to asker along the index, and takes the newest of each: no sorting of all offers. */
const LATEST = `with recursive asking(facility) as (
    (select facility from offer order by facility limit 1)
    union all
    select (select o.facility from offer o where o.facility > asking.facility order by o.facility limit 1)
    from asking where asking.facility is not null
  ), latest as (
    select newest.* from asking cross join lateral (
      select id, at, facility, decision from offer where facility = asking.facility order by at desc limit $1) newest
    order by at desc, id limit $1
  )
  select l.id, l.at, l.facility, l.decision,
    (select r.outcome from reply r where r.offer = l.id order by r.ordinal desc limit 1) as "lastReply"
  from latest l order by l.at desc, l.id`;

export async function latestOffers(session: Session, limit: number): Promise<readonly OfferSummary[]> {
  return (await session.run<SummaryRow>(LATEST, [limit])).map(({ id, at, facility, decision, lastReply }) => {
    const { target, verdict, coverage } = JSON.parse(decision) as Offer['decision'];
    return {
      id,
      at: at as Instant,
      facility: facility as FacilityId,
      target: target ?? '',
      verdict,
      coverage,
      lastReply,
    };
  });
}

/**
 * Offers whose result has no open entry any more, or one that says it was withdrawn (SETTLED 20). Starts
 * from the entries that were closed, which are few, not from the offers.
 */
const RELIED_ON_RETRACTED = `select o.offer, o.container, o.element, f.at, f.facility, f.decision
  from (select distinct bucket, container, element from result_entry where known_to is not null) c
  join offer_result o on o.bucket = c.bucket and o.container = c.container and o.element = c.element
  join offer f on f.id = o.offer
  where not exists (select 1 from result_entry e where e.bucket = o.bucket and e.container = o.container
    and e.element = o.element and e.known_to is null and e.status not in ('cancelled', 'entered-in-error'))
  order by f.at desc, o.offer, o.container, o.element limit $1`;

type RelianceRow = Pick<OfferRow, 'at' | 'facility' | 'decision'> & Pick<Reliance, 'offer' | 'container' | 'element'>;

export async function reliedOnRetracted(session: Session, limit: number): Promise<readonly Reliance[]> {
  const rows = await session.run<RelianceRow>(RELIED_ON_RETRACTED, [limit]);
  return rows.map(({ decision, at, facility, ...row }) => {
    const { items } = JSON.parse(decision) as Offer['decision'];
    const relied = items.find(({ entry }) => entry?.container === row.container && entry.element === row.element);
    return { ...row, at: at as Instant, facility: facility as FacilityId, item: relied?.item ?? '' };
  });
}
