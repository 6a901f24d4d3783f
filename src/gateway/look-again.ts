/**
 * The safety net (SETTLED 20): when a result that a doctor relied on is corrected, withdrawn, turns out to be another human's,
 * or loses its quality mark, the decision is made again, who relied on it is told, and the ledger notes it. One job for what
 * changed, left in the transaction that changes it, and none where nobody relied on anything.
 */
import { entryOf } from '../ledger/offered-entry.ts';
import { isReply } from '../ledger/reply-entry.ts';
import type { StoreTx } from '../ports/store-tx.ts';
import { type ChangedResult, changesOf } from '../recognition/changes.ts';
import { decide } from '../recognition/decide.ts';
import type { Bucket } from '../terms/bucket.ts';
import type { Catalogue } from '../terms/catalogue.ts';
import type { Decision } from '../terms/decision.ts';
import type { FacilityId } from '../terms/facility.ts';
import type { Instant } from '../terms/instant.ts';
import type { Job } from '../terms/job.ts';
import type { LedgerEntry } from '../terms/ledger-entry.ts';
import type { Notice } from '../terms/notice.ts';
import type { Offer, OfferInputs } from '../terms/offer.ts';
import type { PatientRef } from '../terms/patient-link.ts';
import { catalogueOf } from './catalogue-of.ts';
import type { Gateway } from './gateway.ts';
import { inputOf } from './offer-inputs.ts';
import { patientMac } from './pseudonyms.ts';
import { sameHuman } from './same-human.ts';

/** A card that nobody answered is of no more concern then. */
const SHOWN_MS = 86_400_000;
const PAGE = 200;

/** In the transaction that closes a report's entries. */
export async function lookAgainAtReports(
  tx: StoreTx,
  retired: readonly { readonly bucket: Bucket; readonly container: string }[],
  due: Instant,
): Promise<void> {
  const reports = new Map(retired.map(({ bucket, container }) => [container, { bucket, container }]));
  if (!(await tx.isReliedOn([...reports.values()]))) return;
  for (const { bucket, container } of reports.values()) await enqueue(tx, `report ${bucket} ${container}`, due);
}

/** In the transaction that ends a link of the Patient. */
export function lookAgainAtPatient(tx: StoreTx, { bucket, patient }: PatientRef, due: Instant): Promise<void> {
  return enqueue(tx, `patient ${bucket} ${patient}`, due);
}

/** After another catalogue became active, whose marks are fewer or end sooner: every chain from its start, a page a job. */
export async function lookAgainAtMarks(gateway: Gateway): Promise<void> {
  const chains = await gateway.store.ledger.chains();
  const due = gateway.clock.now();
  await gateway.store.transaction(async (tx) => {
    for (const chain of chains) await enqueue(tx, `marks ${chain} 0`, due);
  });
}

function enqueue(tx: StoreTx, reference: string, due: Instant): Promise<void> {
  return tx.enqueue({ kind: 'look-again', orderingKey: `look-again ${reference}`, due, reference });
}

/** Handler of `look-again`; done twice, it says nothing twice. */
export async function lookAgain(gateway: Gateway, { reference }: Pick<Job, 'reference'>): Promise<void> {
  const [kind, first = '', second = ''] = reference.split(' ');
  const { notices } = gateway.store;
  if (kind === 'report') {
    const offers = await notices.offersOnReport({ bucket: Number(first) as Bucket, container: second });
    for (const offer of offers) await lookAtOffer(gateway, offer, 'then');
  } else if (kind === 'patient') {
    const offers = await notices.offersOnPatient({ bucket: Number(first) as Bucket, patient: second });
    for (const offer of offers) await lookAtOffer(gateway, offer, 'then');
  } else if (kind === 'marks') {
    const chain = first as FacilityId;
    const page = await notices.acceptedBehind({ chain, position: Number(second), limit: PAGE });
    for (const { offer } of page) await lookAtOffer(gateway, offer, 'now');
    const last = page.at(-1);
    if (last === undefined || page.length < PAGE) return;
    const due = gateway.clock.now();
    await gateway.store.transaction((tx) => enqueue(tx, `marks ${chain} ${last.position}`, due));
  }
}

/** `rules`: the catalogue that decided then, or the active one. */
async function lookAtOffer(gateway: Gateway, id: string, rules: 'then' | 'now'): Promise<void> {
  const { catalogue: active } = await gateway.reference.current();
  const [offered] = await gateway.store.transaction((tx) => tx.entriesOf(id));
  const catalogue = rules === 'now' ? active : await catalogueOf(gateway, offered?.catalogueDigest ?? '');
  if (catalogue === undefined) return;
  await gateway.store.transaction(async (tx) => {
    const offer = await tx.readOffer(id);
    if (offer?.inputs === undefined) return;
    const entries = await tx.entriesOf(id);
    const standing = entries.findLast(isReply);
    if (!isConcerned(offer, standing, gateway.clock.now())) return;
    const { changed, now } = await lookNow(tx, { offer, inputs: offer.inputs, catalogue });
    await tellOf(gateway, tx, { offer, changed, now, standing });
  });
}

/** Whoever refused did not rely on it. */
function isConcerned(offer: Offer, standing: LedgerEntry | undefined, now: Instant): boolean {
  if (standing !== undefined) return standing.kind === 'accepted';
  return Date.parse(now) - Date.parse(offer.at) < SHOWN_MS;
}

async function lookNow(
  tx: StoreTx,
  { offer, inputs, catalogue }: { readonly offer: Offer; readonly inputs: OfferInputs; readonly catalogue: Catalogue },
): Promise<{ readonly changed: readonly ChangedResult[]; readonly now: Decision }> {
  const input = inputOf(offer, inputs, catalogue);
  const [open, patients] = [await tx.openEntries(input.candidates.entries), await sameHuman(tx, offer.patient)];
  const candidates = {
    patients: patients.map((patient) => ({ ...patient, certainty: 'certain' as const })),
    entries: open,
  };
  const [now] = decide({ ...input, candidates });
  if (now === undefined) throw new Error('one order has one decision');
  return { changed: changesOf(offer.decision, { open, patients, now }), now };
}

async function tellOf(
  gateway: Gateway,
  tx: StoreTx,
  of: {
    readonly offer: Offer;
    readonly changed: readonly ChangedResult[];
    readonly now: Decision;
    readonly standing: LedgerEntry | undefined;
  },
): Promise<void> {
  const { offer, changed, now, standing } = of;
  const at = gateway.clock.now();
  const notices = changed.map(
    ({ kind, item, entry, version }): Notice => ({
      id: gateway.random.uuid(),
      at,
      facility: offer.facility,
      kind,
      offer: offer.id,
      item,
      bucket: entry.bucket,
      container: entry.container,
      element: entry.element,
      version,
      verdict: now.verdict,
      reporter: null,
      comment: '',
      closedAt: null,
      closedBy: null,
    }),
  );
  const fresh = new Set(await tx.insertNotices(notices));
  if (standing === undefined || fresh.size === 0) return;
  const told = Map.groupBy(
    notices.filter(({ id }) => fresh.has(id)),
    ({ kind }) => kind,
  );
  await tx.appendLedger(
    [...told].map(([kind, group]) => ({
      ...entryOf({
        offer,
        entryId: gateway.random.uuid(),
        patientMac: patientMac(gateway, offer.patient),
        kind: 'corrected',
        at,
        catalogueDigest: standing.catalogueDigest,
      }),
      results: [...new Set(group.map(({ container, version }) => `${container}@${version}`))].toSorted(),
      reason: kind,
    })),
  );
}
