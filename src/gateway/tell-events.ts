/**
 * Events for a province's platform: remind (an offer was shown), view (an offered result was opened) and decide (the doctor's
 * act), in the field names of provincial plug-ins (facts: recognition-domain 3.1). Each leaves by a job of the transaction that
 * made it, at least once, under a GUID by which the platform tells a repetition. Pseudonyms go out, and no value of a result.
 */
import { uuidOf } from '../base/digest.ts';
import { isReply } from '../ledger/reply-entry.ts';
import type { StoreTx } from '../ports/store-tx.ts';
import { targetName } from '../recognition/words.ts';
import type { FacilityId } from '../terms/facility.ts';
import type { Instant } from '../terms/instant.ts';
import type { Job } from '../terms/job.ts';
import type { LedgerEntry } from '../terms/ledger-entry.ts';
import type { Offer } from '../terms/offer.ts';
import type { ResultEntry } from '../terms/result-entry.ts';
import { catalogueOf } from './catalogue-of.ts';
import type { Gateway } from './gateway.ts';
import { patientMac } from './pseudonyms.ts';
import { backOff, later } from './back-off.ts';

const LEASE_SECONDS = 60;
const BATCH = 50;
const TIMEOUT_MS = 10_000;
const ANSWER_MAX = 65_536;
/** Offers of a visit that a view is looked for in. */
const VISIT_MS = 30 * 86_400_000;
const OFFERS_MAX = 100;

type Enqueued = Parameters<StoreTx['enqueue']>[0];

/** Jobs of what has just happened; none where no platform hears. */
export function eventJobs(
  { events }: Pick<Gateway, 'events'>,
  of: { readonly due: Instant; readonly references: readonly string[] },
): readonly Enqueued[] {
  if (events === undefined) return [];
  return of.references.map((reference) => ({
    kind: 'tell-event',
    orderingKey: `tell-event ${reference}`,
    due: of.due,
    reference,
  }));
}

export const remindOf = (offer: string): string => `remind ${offer}`;
export const decideOf = (offer: string, entry: string): string => `decide ${offer} ${entry}`;
export const viewOf = (facility: FacilityId, encounterMac: string, element: string): string =>
  `view ${facility} ${encounterMac} ${element}`;

/** Tells what is due until the platform does not hear; resolves with the number told. */
export async function tellEvents(gateway: Gateway, hasTime: () => boolean): Promise<number> {
  if (gateway.events === undefined) return 0;
  for (let told = 0; hasTime(); ) {
    const now = gateway.clock.now();
    const leaseUntil = later(now, LEASE_SECONDS);
    const jobs = await gateway.store.jobs.take({ now, leaseUntil, kinds: ['tell-event'], limit: BATCH });
    if (jobs.length === 0) return told;
    for (const [index, job] of jobs.entries()) {
      if (!(await tell(gateway, job))) {
        // The others wait as long: one platform hears all of them or none.
        const again = later(gateway.clock.now(), backOff(job.attempts));
        await gateway.store.jobs.retry(job, again);
        for (const other of jobs.slice(index + 1)) await gateway.store.jobs.giveBack(other);
        await gateway.store.jobs.postpone('tell-event', again);
        return told;
      }
      await gateway.store.jobs.finish(job);
      told++;
    }
  }
  return 0;
}

/** False: the platform did not hear. An event that is about nothing any more is told by nothing. */
async function tell(gateway: Gateway, job: Job): Promise<boolean> {
  for (const event of await eventsOf(gateway, job.reference)) {
    const heard = await send(gateway, event);
    if (!heard) return false;
  }
  return true;
}

async function send(gateway: Gateway, event: object): Promise<boolean> {
  const { url, token } = gateway.events as NonNullable<Gateway['events']>;
  const answered = await gateway.outbound.send({
    method: 'POST',
    url,
    headers: {
      'content-type': 'application/json',
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    },
    body: JSON.stringify(event),
    bytesMax: ANSWER_MAX,
    timeoutMs: TIMEOUT_MS,
  });
  return answered.ok && answered.value.status >= 200 && answered.value.status < 300 && isAccepted(answered.value.body);
}

/** Platforms answer 200 and say in `code` whether they took it. */
function isAccepted(body: Uint8Array): boolean {
  try {
    const { code } = JSON.parse(new TextDecoder().decode(body)) as { code?: string };
    return code === undefined || /^0+$/.test(code);
  } catch {
    return body.length === 0;
  }
}

async function eventsOf(gateway: Gateway, reference: string): Promise<readonly object[]> {
  const [kind, first = '', second = '', element = ''] = reference.split(' ');
  if (kind === 'view') return viewed(gateway, { facility: first as FacilityId, encounterMac: second, element });
  const { offer, entries } = await gateway.store.transaction(async (tx) => ({
    offer: await tx.readOffer(first),
    entries: await tx.entriesOf(first),
  }));
  if (offer === undefined) return [];
  if (kind === 'remind') return reports(gateway, offer, { operateType: 1, at: offer.at, of: 'remindId' });
  const said = entries.find(({ id }) => id === second);
  if (said === undefined || !isReply(said)) return [];
  return reports(gateway, offer, { operateType: 3, at: said.at, of: 'reviewId', said });
}

/** A result that some offer of the visit showed: the first of them. */
async function viewed(
  gateway: Gateway,
  of: { readonly facility: FacilityId; readonly encounterMac: string; readonly element: string },
): Promise<readonly object[]> {
  const { facility, encounterMac, element } = of;
  const since = new Date(Date.parse(gateway.clock.now()) - VISIT_MS).toISOString() as Instant;
  const offers = await gateway.store.read.offersWithin({ facility, encounterMac, since, limit: OFFERS_MAX });
  const shown = offers.findLast(({ decision }) => decision.items.some(({ entry }) => entry?.element === element));
  const offer = shown === undefined ? undefined : await gateway.store.transaction((tx) => tx.readOffer(shown.id));
  if (offer === undefined) return [];
  return reports(gateway, offer, { operateType: 2, at: gateway.clock.now(), of: 'reviewId', element });
}

interface Told {
  readonly operateType: 1 | 2 | 3;
  readonly at: Instant;
  /** The GUID's name. */
  readonly of: 'remindId' | 'reviewId';
  readonly said?: LedgerEntry;
  /** Only the report that holds it. */
  readonly element?: string;
}

/** One event a report that the offer showed. */
async function reports(gateway: Gateway, offer: Offer, told: Told): Promise<readonly object[]> {
  const catalogue = await catalogueOf(gateway, offer.catalogueDigest);
  const { facilities } = await gateway.reference.current();
  const shown = offer.decision.items.flatMap(({ entry, verdict }) =>
    entry === undefined || verdict === 'do-not' ? [] : [entry],
  );
  const byReport = [...Map.groupBy(shown, ({ container }) => container).values()].filter(
    (entries) => told.element === undefined || entries.some(({ element }) => element === told.element),
  );
  const { target = '' } = offer.decision;
  return byReport.map((entries) => {
    const [first] = entries as [ResultEntry, ...ResultEntry[]];
    const guid = uuidOf(`${told.operateType} ${told.said?.id ?? offer.id} ${told.element ?? first.container}`);
    return {
      [told.of]: guid,
      patientId: patientMac(gateway, offer.patient),
      GHId: offer.encounterMac,
      OrderId: offer.orderMac,
      businessNo: offer.id,
      itemType: 'LIS',
      itemCode: target,
      reportOrgCode: first.facility,
      reportOrgName: facilities.get(first.facility)?.name ?? first.facility,
      reportNo: first.container,
      reportName: catalogue === undefined ? target : targetName(catalogue, target),
      reportTime: first.effectiveStart,
      operateTime: told.at,
      operateOrgCode: offer.facility,
      // 2: a duplicate order; what is asked at the start of a visit is no offer.
      searchType: 2,
      operateType: told.operateType,
      ...(told.said === undefined ? {} : { decision: told.said.kind, reason: told.said.reason }),
    };
  });
}
