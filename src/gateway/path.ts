/**
 * The one path (DESIGN 2), as code. Read this first:
 *
 *   bytes → Envelope → formats → mapping → identity → registry → recorded, in one transaction.
 *
 * `receive-hl7v2.ts` stands before it (envelope, resend, acknowledgement); `answer.ts` asks what it
 * leaves behind. Every step between two reads is a pure function of a stage; this file only gathers,
 * calls and records.
 */
import { LIMITS } from '../base/limits.ts';
import type { Problem } from '../base/problem.ts';
import { mapHl7v2 } from '../mapping/map-hl7v2.ts';
import type { StoreTx } from '../ports/store.ts';
import type { Channel } from '../terms/channel.ts';
import type { Facility } from '../terms/facility.ts';
import type { Instant } from '../terms/instant.ts';
import type { Mapped } from '../terms/mapped.ts';
import type { Hl7Message } from '../terms/parsed/hl7v2.ts';
import { claimIds } from './claim-ids.ts';
import type { Gateway } from './gateway.ts';
import { createMessageIds, type KnownIds } from './id-source.ts';
import { registerReports } from './register-reports.ts';
import type { Reference } from './reference-cache.ts';
import { settlePatients } from './settle-patients.ts';

/** One parsed message and the door it came through. */
export interface Arrival {
  readonly envelope: string;
  readonly message: Hl7Message;
  readonly channel: Channel;
  readonly facility: Facility;
  readonly receivedAt: Instant;
}

export interface Journey {
  readonly problems: readonly Problem[];
  readonly unread: readonly string[];
  /** OBX that came in, and OBX that stand in the store; the rest are named by a problem each. */
  readonly resultsIn: number;
  readonly resultsStored: number;
  readonly quarantined: boolean;
}

/** Follows one message down the path inside `tx`. Throws IdsOverruled when the directory knew better: start anew. */
export async function followPath(
  gateway: Gateway,
  tx: StoreTx,
  arrival: Arrival,
  context: { readonly reference: Reference; readonly known: KnownIds },
): Promise<Journey> {
  const { facility, message } = arrival;
  const production = isProduction(arrival);
  const ids = createMessageIds(gateway.ids, { facility: facility.id, production, known: context.known });
  const mapped = mapHl7v2(message, {
    facility: facility.id,
    zone: facility.zone,
    profile: facility.profile,
    ids,
    receivedAt: arrival.receivedAt,
  });

  const rows = await claimIds(tx, ids, context.known);
  const patients = await settlePatients(gateway, tx, {
    mapped,
    rows,
    production,
    arrival,
    facilities: context.reference.facilities,
  });
  const registered = await registerReports(tx, {
    mapped,
    rows,
    production,
    arrival,
    reference: context.reference,
    regionZone: gateway.regionZone,
  });
  await tx.writeResources(sharedOf(mapped), arrival.receivedAt);

  const problems = [...mapped.problems, ...patients.problems, ...registered.problems];
  const resultsIn = message.segments.filter((segment) => segment.name === 'OBX').length;
  const { resultsStored } = registered;
  const faults = faultsOf({ mapped, problems, resultsIn, resultsStored });
  return {
    problems: [...problems, ...faults],
    unread: mapped.unread,
    resultsIn,
    resultsStored,
    quarantined: registered.quarantined || resultsStored < resultsIn || faults.length > 0,
  };
}

/** Total accounting (DESIGN 5): every OBX is stored or told, and a message without a report is no success. */
function faultsOf(told: {
  readonly mapped: Mapped;
  readonly problems: readonly Problem[];
  readonly resultsIn: number;
  readonly resultsStored: number;
}): readonly Problem[] {
  const faults: Problem[] = [];
  const refused = new Set(told.problems.filter(isRefusedResult).map(({ at }) => at)).size;
  if (told.resultsStored + refused !== told.resultsIn && told.problems.length < LIMITS.problemsMax) {
    faults.push({ code: 'gateway/results-unaccounted', severity: 'error', at: 'OBX' });
  }
  const reports = told.mapped.patients.some((patient) => patient.reports.length > 0);
  const control = told.problems.some(({ code }) => code === 'mapping/quality-control');
  if (!reports && !control && refused === 0) faults.push({ code: 'gateway/no-report', severity: 'error', at: 'MSH-9' });
  return faults;
}

/** A whole OBX that did not become an Observation, or whose report was quarantined. */
function isRefusedResult({ severity, at }: Problem): boolean {
  return (severity === 'error' || severity === 'fatal') && /^OBX\[\d+\]$/.test(at);
}

/** MSH-11 is P or absent, and the channel is no test channel: only then may a result reach a card. */
function isProduction({ message, channel }: Arrival): boolean {
  const processing = message.msh.get(11);
  return !channel.test && (processing === undefined || processing === 'P');
}

function sharedOf(mapped: Mapped) {
  return [...mapped.header.shared, ...mapped.patients.flatMap((patient) => patient.shared)];
}
