/**
 * Finds repeats after the fact, hour by hour: of every report that became known, what it charges for and was there already.
 * The decision is made as it would have been when the sample was taken: what it would have recognised and no doctor gave a
 * reason for was missed; the rest is justified, and says by what.
 */
import { localDay } from '../base/local-day.ts';
import { choosePrice } from '../ledger/choose-price.ts';
import { type Repeat, repeatsOf } from '../ledger/repeats.ts';
import { HOLDING } from '../identity/held.ts';
import type { ReportPlace } from '../ports/store-repeats.ts';
import { answering } from '../recognition/catalogue-index.ts';
import { windowHoursOf } from '../recognition/window-of.ts';
import type { Catalogue } from '../terms/catalogue.ts';
import type { Facility } from '../terms/facility.ts';
import type { Instant } from '../terms/instant.ts';
import type { PatientRef } from '../terms/patient-link.ts';
import type { ResultEntry } from '../terms/result-entry.ts';
import type { Gateway } from './gateway.ts';
import { type Candidate, recordOf, type Search } from './judge-repeat.ts';

const HOUR_MS = 3_600_000;
/** A commit in flight may still become known before this. */
const QUIET_MS = 60_000;
/** How long before its sample a test was ordered, at most. */
const ORDERED_MS = 72 * HOUR_MS;
const PAGE = 50;

/** Looks at what became known since it last looked, once an hour; resolves with the repeats found. */
export async function findRepeats(gateway: Gateway): Promise<number> {
  const { catalogue, facilities } = await gateway.reference.current();
  const quiet = new Date(Date.parse(gateway.clock.now()) - QUIET_MS).toISOString() as Instant;
  if (catalogue === undefined || !isDue(gateway, quiet)) return 0;
  const { repeats } = gateway.store;
  const until = before(quiet, await repeats.pendingSince());
  const since = await repeats.searchedUntil();
  let found = 0;
  if (since !== undefined && since < until) {
    for (const facility of facilities.values())
      found += await searchFacility(gateway, { facility, facilities, catalogue, since, until });
  }
  await repeats.setSearchedUntil(until);
  return found;
}

/** What was accepted and waits to be mapped becomes known as of when it came. */
function before(quiet: Instant, pending: Instant | undefined): Instant {
  if (pending === undefined || pending > quiet) return quiet;
  return new Date(Date.parse(pending) - 1).toISOString() as Instant;
}

const LOOKED = new WeakMap<Gateway, Instant>();

function isDue(gateway: Gateway, until: Instant): boolean {
  const last = LOOKED.get(gateway);
  if (last !== undefined && Math.abs(Date.parse(until) - Date.parse(last)) < HOUR_MS) return false;
  LOOKED.set(gateway, until);
  return true;
}

async function searchFacility(gateway: Gateway, search: Search): Promise<number> {
  const { facility, since, until } = search;
  let after: ReportPlace | undefined;
  for (let found = 0; ; ) {
    const page = await gateway.store.repeats.reportsKnown({
      facility: facility.id,
      since,
      until,
      limit: PAGE,
      ...(after === undefined ? {} : { after }),
    });
    after = page.at(-1);
    if (page.length > 0) found += await searchReports(gateway, search, page);
    if (page.length < PAGE) return found;
  }
}

async function searchReports(gateway: Gateway, search: Search, page: readonly ReportPlace[]): Promise<number> {
  const candidates = await candidatesOf(gateway, search, await gateway.store.repeats.resultsOf(page));
  const found = candidates.flatMap((candidate) =>
    repeatsIn(candidate, search, gateway).map((repeat) => ({ candidate, repeat })),
  );
  if (found.length === 0) return 0;
  const asked = await gateway.store.repeats.asksOf(
    found.map(({ candidate: { patient }, repeat: { performedAt } }) => ({
      bucket: patient.bucket,
      patient: patient.patient,
      since: new Date(Date.parse(performedAt) - ORDERED_MS).toISOString() as Instant,
      until: performedAt,
    })),
  );
  const at = gateway.clock.now();
  await gateway.store.repeats.note(
    found.map(({ candidate, repeat }, place) =>
      recordOf(gateway, { search, candidate, repeat, asked: asked[place] ?? [], at }),
    ),
  );
  return found.length;
}

/** Who somebody is, is taken as it was when the last of the report became known. */
async function candidatesOf(
  gateway: Gateway,
  { facility, catalogue }: Search,
  results: readonly ResultEntry[],
): Promise<readonly Candidate[]> {
  const reports = [...Map.groupBy(results, ({ bucket, container }) => `${bucket} ${container}`).values()].map(
    (report) => ({ report, patient: ownerOf(report), ...timesOf(report) }),
  );
  const humans = await gateway.store.repeats.humansOf(
    reports.map(({ patient, knownAt: at }) => ({ ...patient, at })),
    [...HOLDING],
  );
  const known = reports.flatMap(({ report, patient, takenAt }, place): Omit<Candidate, 'earlier'>[] => {
    const human = humans[place];
    // Whose results may be two humans' prove no repeat.
    return human === undefined || human.held ? [] : [{ report, patient, human, takenAt }];
  });
  const found = await gateway.store.past.knownThen(
    known.map(({ report, human, takenAt }) => {
      const items = [...new Set(report.flatMap(({ item }) => (item === null ? [] : answering(catalogue, item))))];
      return {
        patients: human.set,
        items,
        since: widest(items, { catalogue, facility, at: takenAt, zone: gateway.regionZone }),
        before: takenAt,
        at: takenAt,
      };
    }),
  );
  return known.map((candidate, place) => ({
    ...candidate,
    earlier: (found[place] ?? []).filter(({ container }) => container !== candidate.report[0]?.container),
  }));
}

function ownerOf([first]: readonly ResultEntry[]): PatientRef {
  const { bucket, patient, facility } = first as ResultEntry;
  return { bucket, patient, facility };
}

function timesOf(report: readonly ResultEntry[]): { readonly takenAt: Instant; readonly knownAt: Instant } {
  const mapped = report.filter(({ item }) => item !== null);
  const of = mapped.length > 0 ? mapped : report;
  const [takenAt] = of.map(({ effectiveStart }) => effectiveStart).toSorted() as [Instant];
  const knownAt = of
    .map(({ knownFrom }) => knownFrom)
    .toSorted()
    .at(-1) as Instant;
  return { takenAt, knownAt };
}

function widest(
  items: readonly string[],
  of: { readonly catalogue: Catalogue; readonly facility: Facility; readonly at: Instant; readonly zone: string },
): Instant {
  const day = localDay(of.at, of.zone);
  const hours = items.flatMap((id) => {
    const item = of.catalogue.items.get(id);
    return item === undefined ? [] : [windowHoursOf(of.catalogue, item, of.facility, day)];
  });
  return new Date(Date.parse(of.at) - Math.max(0, ...hours) * HOUR_MS).toISOString() as Instant;
}

function repeatsIn(
  { report, earlier, takenAt }: Candidate,
  { catalogue, facility }: Search,
  gateway: Gateway,
): readonly Repeat[] {
  if (earlier.length === 0) return [];
  const on = localDay(takenAt, gateway.regionZone);
  return repeatsOf({
    report,
    earlier,
    catalogue,
    answering: (item) => answering(catalogue, item),
    windowHours: (id) => {
      const item = catalogue.items.get(id);
      return item === undefined ? 0 : windowHoursOf(catalogue, item, facility, on);
    },
    amountOf: (priceItem) => choosePrice({ catalogue, priceItem, asker: facility, on })?.fen,
  });
}
