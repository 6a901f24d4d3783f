/** What an operator has to look at, judged from what the gateway knows: work that lags, queues that fill, facilities that fell silent. */
import { LIMITS } from '../base/limits.ts';
import type { Backlog, LastStored } from '../ports/store-reads.ts';
import type { FacilityId } from '../terms/facility.ts';
import type { Finding } from '../terms/finding.ts';
import type { Instant } from '../terms/instant.ts';
import { unmappedCodes } from './configure.ts';
import type { Gateway } from './gateway.ts';
import type { Reference } from './reference-cache.ts';

/** The areas that are looked at here; one without findings is as it should be. */
export const AREAS = ['catalogue', 'facilities', 'work', 'queues'] as const;

export async function diagnose(
  gateway: Gateway,
  options: { readonly silentDays: number; readonly serving: boolean },
): Promise<readonly Finding[]> {
  const now = gateway.clock.now();
  const [reference, backlog, stored, upstreams, unmapped] = await Promise.all([
    gateway.reference.current(),
    gateway.store.read.backlog(now),
    gateway.store.read.lastStored(),
    failedUpstreams(gateway),
    unmappedCodes(gateway, null),
  ]);
  return [
    ...judgeCatalogue(reference),
    ...judgeFacilities(reference, stored, { now, silentDays: options.silentDays }),
    ...listed('facilities', 'warning', 'gateway/upstream-fails', upstreams),
    // A gateway that is there for one command has nobody to do its work.
    ...(options.serving ? judgeWork(backlog, now) : []),
    ...judgeQueues(backlog, unmapped.length),
  ];
}

function judgeCatalogue({ catalogue }: Reference): readonly Finding[] {
  if (catalogue === undefined) return [{ level: 'failure', area: 'catalogue', code: 'gateway/no-catalogue' }];
  return catalogue.sample ? [{ level: 'warning', area: 'catalogue', code: 'gateway/sample-catalogue' }] : [];
}

/** Silent: a facility with a door for results, or that has sent any, of which nothing was stored for so many days. */
export function judgeFacilities(
  { channels, facilities }: Pick<Reference, 'channels' | 'facilities'>,
  stored: readonly LastStored[],
  { now, silentDays }: { readonly now: Instant; readonly silentDays: number },
): readonly Finding[] {
  const since = Date.parse(now) - silentDays * 86_400_000;
  const last = new Map(stored.map(({ facility, at }) => [facility, at]));
  const open = [...channels.values()].filter(({ revokedAt, test }) => revokedAt === null && !test);
  const senders = new Set(open.filter(({ kind }) => kind !== 'client').map(({ facility }) => facility));
  const ids = [...facilities.keys()];
  const never = ids.filter((id) => senders.has(id) && (last.get(id) ?? null) === null);
  const silent = ids.filter((id) => {
    const at = last.get(id) ?? null;
    return at !== null && Date.parse(at) < since && open.some(({ facility }) => facility === id);
  });
  return [
    ...listed('facilities', 'warning', 'gateway/never-sent', never),
    ...listed('facilities', 'warning', 'gateway/silent', silent),
  ];
}

function judgeWork({ jobs, unsealed, deliveriesDead }: Backlog, now: Instant): readonly Finding[] {
  const lateSince = Date.parse(now) - LIMITS.lateSecondsMax * 1000;
  const late = jobs.filter(({ oldestDue }) => Date.parse(oldestDue) < lateSince);
  const unsealedLate =
    unsealed.oldest !== null && Date.parse(unsealed.oldest) < Date.parse(now) - LIMITS.unsealedSecondsMax * 1000;
  return [
    ...late.map(
      ({ kind, due }): Finding => ({
        level: 'failure',
        area: 'work',
        code: 'gateway/work-late',
        subjects: [kind],
        count: due,
      }),
    ),
    ...(unsealedLate
      ? [{ level: 'failure', area: 'work', code: 'gateway/unsealed-late', count: unsealed.count } as const]
      : []),
    ...counted('work', 'gateway/deliveries-dead', deliveriesDead),
  ];
}

function judgeQueues(backlog: Backlog, unmapped: number): readonly Finding[] {
  return [
    ...counted('queues', 'gateway/quarantined', backlog.quarantined),
    ...counted('queues', 'gateway/unmapped', unmapped),
    ...counted('queues', 'gateway/identities-open', backlog.identitiesOpen),
    ...counted('queues', 'gateway/glasses-open', backlog.glassesOpen),
  ];
}

async function failedUpstreams({ store }: Gateway): Promise<readonly string[]> {
  const upstreams = await store.upstreams.list();
  const states = await Promise.all(upstreams.map(({ facility }) => store.upstreams.state(facility as FacilityId)));
  return upstreams.filter((_, index) => states[index]?.lastFault !== '').map(({ facility }) => facility);
}

function counted(area: string, code: string, count: number): readonly Finding[] {
  return count > 0 ? [{ level: 'warning', area, code, count }] : [];
}

function listed(area: string, level: Finding['level'], code: string, subjects: readonly string[]): readonly Finding[] {
  return subjects.length > 0 ? [{ level, area, code, subjects, count: subjects.length }] : [];
}
