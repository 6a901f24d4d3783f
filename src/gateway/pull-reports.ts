/**
 * Reads new reports from a facility's own FHIR server and takes them like a sender's (DESIGN 3): a page at a time, each kept
 * and written before the next is asked for, so that a run that is killed goes on where it was. A page that is taken twice
 * changes nothing: a resource is known by its server, type and id.
 */
import { CHANNEL_SCOPES } from '../access/access-token.ts';
import { utf8 } from '../base/bytes.ts';
import { joinKey } from '../base/digest.ts';
import { printResource } from '../base/json.ts';
import { LIMITS } from '../base/limits.ts';
import { done, type Outcome, refuse } from '../base/outcome.ts';
import type { Problem } from '../base/problem.ts';
import { checkResource } from '../formats/fhir/check.ts';
import { filterNarrative } from '../formats/fhir/narrative.ts';
import type { FhirSource, SourceBundle } from '../ports/fhir-source.ts';
import type { ChannelId } from '../terms/channel.ts';
import type { FacilityId } from '../terms/facility.ts';
import type { FhirCaller } from '../terms/fhir-caller.ts';
import type { Resource } from '../terms/fhir.ts';
import { refusalOf } from './answer.ts';
import type { Draft } from './fhir/write/draft.ts';
import { kindOfType } from './fhir/write/kinds.ts';
import { referencesIn, rewriteReferences } from './fhir/write/references.ts';
import { takeUnit } from './fhir/write/take.ts';
import type { Gateway } from './gateway.ts';

export interface Pulled {
  readonly pages: number;
  readonly resources: number;
  /** Resources that were not taken, each told by code and place. */
  readonly problems: readonly Problem[];
  /** False: it stopped at a page that it will begin with next time. */
  readonly whole: boolean;
}

/** How far the other side's clock may be behind: that much is asked for again. */
const OVERLAP_MS = 300_000;
const PAGE = '50';

export async function pullReports(
  gateway: Gateway,
  facility: FacilityId,
  source: FhirSource,
  { pagesMax = LIMITS.pullPagesMax }: { readonly pagesMax?: number } = {},
): Promise<Outcome<Pulled>> {
  const upstream = (await gateway.store.upstreams.list()).find((one) => one.facility === facility);
  const caller = upstream === undefined ? undefined : await callerOf(gateway, upstream.channel as ChannelId);
  if (caller === undefined) return refuse(refusalOf('not-found', 'gateway/unknown-upstream', 'facility'));
  const { upstreams } = gateway.store;
  const state = await upstreams.state(facility);
  const begun = new Date(Date.parse(gateway.clock.now()) - OVERLAP_MS).toISOString();
  const sum = { pages: 0, resources: 0, problems: [] as Problem[] };
  let next = state.nextPage;
  for (;;) {
    const page = next === null ? await firstPage(source, state.since) : await source.page(next);
    if (!page.ok) {
      await upstreams.putState(
        facility,
        { since: state.since, nextPage: next, lastFault: page.refusal.code },
        gateway.clock.now(),
      );
      return page;
    }
    const taken = await takePage(gateway, caller, source, page.value);
    if (!taken.ok) return taken;
    sum.pages++;
    sum.resources += taken.value.resources;
    sum.problems.push(...taken.value.problems);
    next = page.value.link?.find(({ relation }) => relation === 'next')?.url ?? null;
    const since = next === null ? begun : state.since;
    await upstreams.putState(facility, { since, nextPage: next, lastFault: '' }, gateway.clock.now());
    if (next === null || sum.pages >= pagesMax) return done({ ...sum, whole: next === null });
  }
}

function firstPage(source: FhirSource, since: string | null): Promise<Outcome<SourceBundle>> {
  return source.search('DiagnosticReport', {
    ...(since === null ? {} : { _lastUpdated: `ge${since}` }),
    _sort: '_lastUpdated',
    _count: PAGE,
    _include: ['DiagnosticReport:result', 'DiagnosticReport:subject', 'DiagnosticReport:specimen'],
  });
}

async function callerOf(gateway: Gateway, id: ChannelId): Promise<FhirCaller | undefined> {
  const { channels, facilities } = await gateway.reference.current();
  const channel = channels.get(id);
  const facility = channel === undefined ? undefined : facilities.get(channel.facility);
  if (channel === undefined || facility === undefined || channel.revokedAt !== null) return undefined;
  return { channel, facility, scopes: CHANNEL_SCOPES, circumstances: { purpose: 'TREAT' } };
}

/** One page, one transaction. What is wrong by R4 is told and left out, with its neighbours taken. */
async function takePage(
  gateway: Gateway,
  caller: FhirCaller,
  source: FhirSource,
  page: SourceBundle,
): Promise<Outcome<{ resources: number; problems: readonly Problem[] }>> {
  const problems: Problem[] = [];
  const sound = new Map<string, Resource>();
  const look = (resource: Resource, at: string): void => {
    const faults = kindOfType(resource.resourceType) === undefined ? [] : checkResource(resource);
    problems.push(...faults.map((fault) => ({ ...fault, at: `${at}.${fault.at}` })));
    if (faults.length === 0 && resource.id !== undefined && kindOfType(resource.resourceType) !== undefined) {
      sound.set(`${resource.resourceType}/${resource.id}`, filterNarrative(resource).resource);
    }
  };
  for (const [place, { resource }] of (page.entry ?? []).entries())
    if (resource !== undefined) look(resource, `entry[${place}]`);
  await completeReferences(source, sound, look);
  const drafts = [...sound].map(([name, resource]): Draft => {
    const { plain, lost } = withKnownReferences(resource, sound, source.base);
    problems.push(
      ...lost.map(
        (at): Problem => ({
          code: 'gateway/reference-not-there',
          severity: 'warning',
          at: `${resource.resourceType}.${at}`,
        }),
      ),
    );
    return {
      type: resource.resourceType,
      resource: plain,
      at: name,
      wish: { kind: 'take', key: joinKey(source.base, name) },
      addresses: [name, source.base + name],
    };
  });
  if (drafts.length === 0) return done({ resources: 0, problems });
  const taken = await takeUnit(gateway, caller, {
    bytes: utf8(printResource(page)),
    drafts,
    identifier: '',
    problems,
    base: `${gateway.publicUrl}/fhir`,
    answer: () => '',
  });
  return taken.ok ? done({ resources: drafts.length, problems }) : taken;
}

/** What a page's resources name and the page has not is read, one step deep. */
async function completeReferences(
  source: FhirSource,
  sound: Map<string, Resource>,
  look: (resource: Resource, at: string) => void,
): Promise<void> {
  const missing = new Set(
    [...sound.values()].flatMap((one) => localReferences(one, source.base)).filter((name) => !sound.has(name)),
  );
  for (const name of [...missing].slice(0, LIMITS.pullReferencesMax)) {
    const [type = '', id = ''] = name.split('/');
    if (kindOfType(type) === undefined) continue;
    const read = await source.read(type, id);
    if (read.ok && read.value.resourceType === type) look(read.value, name);
  }
}

function localReferences(resource: Resource, base: string): readonly string[] {
  return referencesIn(resource as never).flatMap(({ reference }) => {
    const local = reference.startsWith(base) ? reference.slice(base.length) : reference;
    return /^[A-Z][A-Za-z]{1,40}\/[A-Za-z0-9.-]{1,64}$/.test(local) ? [local] : [];
  });
}

/** A reference to what cannot be had becomes its text alone: it is told, and nothing is made up for it. */
function withKnownReferences(resource: Resource, sound: ReadonlyMap<string, Resource>, base: string) {
  const lost: string[] = [];
  const known = new Map<string, string>();
  for (const { reference, at } of referencesIn(resource as never)) {
    const local = reference.startsWith(base) ? reference.slice(base.length) : reference;
    if (sound.has(local)) known.set(reference, local);
    else lost.push(at);
  }
  return { plain: dropReferences(rewriteReferences(resource as never, known), lost), lost };
}

function dropReferences(resource: Readonly<Record<string, unknown>>, places: readonly string[]) {
  if (places.length === 0) return resource;
  const gone = new Set(places);
  const walk = (value: unknown, at: string): unknown => {
    if (Array.isArray(value)) return value.map((one, place) => walk(one, `${at}[${place}]`));
    if (typeof value !== 'object' || value === null) return value;
    const kept = Object.entries(value).flatMap(([key, held]): [string, unknown][] => {
      const path = at === '' ? key : `${at}.${key}`;
      return gone.has(path) ? [] : [[key, walk(held, path)]];
    });
    // R4 knows no empty objects: what named nothing else says that it is somewhere else.
    return kept.length === 0 ? { display: 'elsewhere' } : Object.fromEntries(kept);
  };
  return walk(resource, '') as Readonly<Record<string, unknown>>;
}
