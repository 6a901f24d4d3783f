/** "Report bad data": a doctor says that a shown result is wrong, and the facility that gave it hears of it. */
import { done, type Outcome, refuse } from '../base/outcome.ts';
import type { Concern, Notice } from '../terms/notice.ts';
import type { ResultEntry } from '../terms/result-entry.ts';
import type { Asker } from './answer.ts';
import { refusalOf } from './answer.ts';
import type { Gateway } from './gateway.ts';
import { patientMac } from './pseudonyms.ts';

export interface ConcernReport {
  readonly offer: string;
  /** Of the offer's items; absent: all that it showed. */
  readonly item?: string;
  readonly kind: Concern;
  readonly comment?: string;
}

/** One notice a result, in its giver's queue. Who is told to be another human waits for a steward as well. */
export async function reportConcern(
  gateway: Gateway,
  asker: Asker,
  report: ConcernReport,
): Promise<Outcome<{ readonly notices: readonly string[] }>> {
  const at = gateway.clock.now();
  return gateway.store.transaction(async (tx) => {
    const offer = await tx.readOffer(report.offer);
    if (offer === undefined || offer.facility !== asker.facility.id)
      return refuse(refusalOf('not-found', 'gateway/unknown-offer', 'offer'));
    const shown = offer.decision.items.filter(({ verdict }) => verdict !== 'do-not');
    const meant = shown.flatMap(({ item, entry }) =>
      entry === undefined || (report.item !== undefined && report.item !== item) ? [] : [{ item, entry }],
    );
    if (meant.length === 0) return refuse(refusalOf('not-found', 'gateway/no-such-result', 'item'));
    const notices = meant.map(
      ({ item, entry }): Notice => ({
        id: gateway.random.uuid(),
        at,
        facility: entry.facility,
        kind: report.kind,
        offer: offer.id,
        item,
        bucket: entry.bucket,
        container: entry.container,
        element: entry.element,
        version: entry.version,
        verdict: '',
        reporter: asker.facility.id,
        comment: report.comment ?? '',
        closedAt: null,
        closedBy: null,
      }),
    );
    await tx.insertNotices(notices);
    if (report.kind === 'wrong-person') {
      for (const patient of ownersOf(meant.map(({ entry }) => entry)))
        await tx.queueIdentity({
          id: gateway.random.uuid(),
          patient,
          kind: 'conflict',
          others: [offer.patient.patient],
          reason: 'reported-wrong-person',
          at,
        });
    }
    await tx.insertAudit([
      {
        id: gateway.random.uuid(),
        at,
        facility: asker.facility.id,
        actor: asker.channel.id,
        action: 'create',
        patientMac: patientMac(gateway, offer.patient),
        encounterMac: offer.encounterMac,
        purpose: 'TREAT',
        outcome: 'success',
        detail: `concern ${report.kind} ${notices.length}`,
      },
    ]);
    return done({ notices: notices.map(({ id }) => id) });
  });
}

function ownersOf(entries: readonly ResultEntry[]) {
  const owners = entries.map(({ bucket, patient, facility }) => ({ bucket, patient, facility }));
  return [...new Map(owners.map((owner) => [owner.patient, owner])).values()];
}
