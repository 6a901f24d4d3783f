/**
 * What of a patient could still be used that other facilities did: for a doctor who opens the record. A look, audited as one;
 * nothing is offered, so that nothing can be saved.
 */
import { localDay } from '../base/local-day.ts';
import { done, type Outcome, refuse } from '../base/outcome.ts';
import { decide } from '../recognition/decide.ts';
import type { Catalogue } from '../terms/catalogue.ts';
import type { DecideInput } from '../terms/decide-input.ts';
import type { Facility, FacilityId } from '../terms/facility.ts';
import type { IdentityFacts } from '../terms/mapped.ts';
import type { ResultEntry } from '../terms/result-entry.ts';
import { type Asker, refusalOf } from './answer.ts';
import { auditAct } from './audit-act.ts';
import { gather } from './gather.ts';
import type { Gateway } from './gateway.ts';
import { patientMac } from './pseudonyms.ts';

export interface EarlierElsewhere {
  readonly catalogue: Catalogue;
  readonly facilities: ReadonlyMap<FacilityId, Facility>;
  /** Results of other facilities that would be recognised now, one an item. */
  readonly usable: readonly { readonly item: string; readonly entry: ResultEntry }[];
}

export async function earlierElsewhere(
  gateway: Gateway,
  { facility, channel }: Asker,
  asked: { readonly patient: IdentityFacts; readonly encounter?: string },
): Promise<Outcome<EarlierElsewhere>> {
  const { catalogue, facilities } = await gateway.reference.current();
  if (catalogue === undefined) return refuse(refusalOf('unavailable', 'gateway/no-catalogue', 'catalogue'));
  const at = gateway.clock.now();
  const orders = [...catalogue.items.keys()].map((item) => ({
    order: { key: item, system: '', code: item },
    target: item,
  }));
  const today = localDay(at, gateway.regionZone);
  // As over a test channel: whoever opens a record makes nobody.
  const gathered = await gather(gateway, {
    facility,
    test: true,
    facts: asked.patient,
    targets: orders,
    catalogue,
    at,
    today,
  });
  const input: DecideInput = {
    orders,
    candidates: gathered.candidates,
    legal: { encounter: asked.encounter === undefined ? 'unknown' : 'known', optedOut: gathered.optedOut },
    circumstances: {},
    asker: facility,
    facilities,
    at,
    regionZone: gateway.regionZone,
    catalogue,
  };
  const usable = decide(input).flatMap(({ verdict, items: [item] }) =>
    verdict !== 'recognise' || item?.entry === undefined || item.entry.facility === facility.id
      ? []
      : [{ item: item.item, entry: item.entry }],
  );
  await auditAct(gateway, {
    action: 'read',
    actor: channel.id,
    facility: facility.id,
    ...(gathered.patient === undefined ? {} : { patientMac: patientMac(gateway, gathered.patient) }),
    detail: `patient-view ${usable.length}`,
  });
  return done({ catalogue, facilities, usable });
}
