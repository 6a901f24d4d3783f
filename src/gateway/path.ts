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
import type { DirectoryRow, StoreTx } from '../ports/store-tx.ts';
import type { Mapped } from '../terms/mapped.ts';
import type { Arrival, Journey } from './arrival.ts';
import type { Gateway } from './gateway.ts';
import { unexpectedSender } from './hl7v2-arrival.ts';
import { createMessageIds, type KnownIds, type MessageIds } from './id-source.ts';
import { recordMapped } from './record-mapped.ts';
import type { Reference } from './reference-cache.ts';

/** A message mapped with ids that the directory has yet to confirm. */
export interface MappedArrival {
  readonly arrival: Arrival;
  readonly ids: MessageIds;
  readonly mapped: Mapped;
  readonly production: boolean;
}

/** formats → mapping: pure, so that it may be done before, and again with what the directory taught. */
export function mapArrival(gateway: Gateway, arrival: Arrival, known: KnownIds): MappedArrival {
  const { facility, message } = arrival;
  const production = isProduction(arrival);
  const ids = createMessageIds(gateway.ids, { facility: facility.id, production, known });
  const mapped = mapHl7v2(message, {
    facility: facility.id,
    zone: facility.zone,
    profile: facility.profile,
    ids,
    receivedAt: arrival.receivedAt,
  });
  return { arrival, ids, mapped, production };
}

/** identity → registry → recorded, inside `tx`. `rows` are the directory's, which confirmed every id. */
export async function followPath(
  gateway: Gateway,
  tx: StoreTx,
  { arrival, mapped, production }: MappedArrival,
  context: { readonly reference: Reference; readonly rows: ReadonlyMap<string, DirectoryRow> },
): Promise<Journey> {
  const { message } = arrival;
  const { patients, registered } = await recordMapped(gateway, tx, { mapped, arrival, production }, context);
  const problems = [
    ...unexpectedSender(message, arrival.facility),
    ...mapped.problems,
    ...patients.problems,
    ...registered.problems,
  ];
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
export function faultsOf(told: {
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
