/** What a found repeat is recorded as: what it would have cost, and what justified it, if anything did. */
import { localDay } from '../base/local-day.ts';
import { choosePrice } from '../ledger/choose-price.ts';
import type { Repeat } from '../ledger/repeats.ts';
import type { AskedBefore, Human } from '../ports/store-repeats.ts';
import { decide } from '../recognition/decide.ts';
import type { Catalogue } from '../terms/catalogue.ts';
import type { DecideInput } from '../terms/decide-input.ts';
import type { Decision } from '../terms/decision.ts';
import type { Facility, FacilityId } from '../terms/facility.ts';
import type { Instant } from '../terms/instant.ts';
import type { PatientRef } from '../terms/patient-link.ts';
import type { RepeatFound } from '../terms/repeat-found.ts';
import type { ResultEntry } from '../terms/result-entry.ts';
import type { Gateway } from './gateway.ts';
import { patientMac } from './pseudonyms.ts';

/** What one facility's reports are searched with. */
export interface Search {
  readonly facility: Facility;
  readonly facilities: ReadonlyMap<FacilityId, Facility>;
  readonly catalogue: Catalogue;
  readonly since: Instant;
  readonly until: Instant;
}

/** A report, whose it is, and what was there when its sample was taken. */
export interface Candidate {
  readonly report: readonly ResultEntry[];
  readonly takenAt: Instant;
  readonly patient: PatientRef;
  readonly human: Human;
  readonly earlier: readonly ResultEntry[];
}

/** `asked`: what the Patient's facility asked about shortly before, the newest first. */
export function recordOf(
  gateway: Gateway,
  of: {
    readonly search: Search;
    readonly candidate: Candidate;
    readonly repeat: Repeat;
    readonly asked: readonly AskedBefore[];
    readonly at: Instant;
  },
): RepeatFound {
  const { search, candidate, repeat, at } = of;
  const { catalogue, facility } = search;
  const [first] = candidate.report as [ResultEntry, ...ResultEntry[]];
  const { charge, performedAt, earlier, ageHours } = repeat;
  const asked = of.asked.find(({ order }) => asksFor(order.target, charge.covers, catalogue));
  const price = choosePrice({
    catalogue,
    priceItem: charge.id,
    asker: facility,
    on: localDay(performedAt, gateway.regionZone),
  });
  return {
    bucket: first.bucket,
    container: first.container,
    version: Math.max(...candidate.report.map(({ version }) => version)),
    priceItem: charge.id,
    at,
    facility: facility.id,
    giver: earlier.facility,
    patientMac: patientMac(gateway, candidate.patient),
    performedAt,
    ageHours,
    earlierContainer: earlier.container,
    justification: justificationOf(gateway, { search, candidate, repeat, asked }),
    offer: asked?.order.offer ?? null,
    fen: price?.fen ?? null,
    source: price?.source ?? '',
    catalogueDigest: catalogue.digest,
  };
}

/** An order of a panel or an item asks for everything that a charge covers, by itself or as part of it. */
function asksFor(target: string, covers: readonly string[], { panels }: Catalogue): boolean {
  const ordered = panels.get(target)?.required ?? [target];
  return covers.every(
    (covered) =>
      covered === target || (panels.get(covered)?.required ?? [covered]).every((item) => ordered.includes(item)),
  );
}

function justificationOf(
  gateway: Gateway,
  of: {
    readonly search: Search;
    readonly candidate: Candidate;
    readonly repeat: Repeat;
    readonly asked: AskedBefore | undefined;
  },
): string {
  const { search, candidate, repeat, asked } = of;
  if (asked?.reply?.outcome === 'refused') return `refused ${asked.reply.reason}`.trimEnd();
  const input: DecideInput = {
    orders: repeat.charge.covers.map((target) => ({
      order: {
        key: target,
        system: '',
        code: '',
        ...(asked?.order.inputs.priority === undefined ? {} : { priority: asked.order.inputs.priority }),
      },
      target,
    })),
    candidates: {
      patients: candidate.human.set.map((patient) => ({ ...patient, certainty: 'certain' as const })),
      entries: candidate.earlier,
    },
    legal: { encounter: 'known', optedOut: candidate.human.optedOut },
    circumstances: asked?.order.inputs.circumstances ?? {},
    asker: search.facility,
    facilities: search.facilities,
    at: repeat.performedAt,
    regionZone: gateway.regionZone,
    catalogue: search.catalogue,
  };
  const against = decide(input).find(({ verdict, coverage }) => verdict !== 'recognise' || coverage !== 'full');
  return against === undefined ? '' : `check ${openCheckOf(against)}`;
}

/** The first check that failed or could not be judged, of the items that stood against it. */
function openCheckOf({ items }: Decision): string {
  const checks = items.filter(({ verdict }) => verdict !== 'recognise').flatMap((item) => item.checks);
  const all = checks.length > 0 ? checks : items.flatMap((item) => item.checks);
  return (
    (all.find(({ state }) => state === 'failed') ?? all.find(({ state }) => state === 'unknown'))?.code ?? 'same-item'
  );
}
