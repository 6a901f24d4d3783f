/**
 * "What if these had been the rules?": every order of a time decided again under a catalogue, with what was known then, and
 * held against what is known today. Page by page, patient by patient: memory does not grow with the time.
 */
import { dateInterval } from '../../base/date-interval.ts';
import { done, type Outcome, refuse } from '../../base/outcome.ts';
import type { AskedPlace, FateQuery, Span } from '../../ports/store-past.ts';
import type { AskedOrder } from '../../terms/asked-order.ts';
import type { Catalogue } from '../../terms/catalogue.ts';
import type { Facility, FacilityId } from '../../terms/facility.ts';
import type { Instant } from '../../terms/instant.ts';
import type { ResultEntry } from '../../terms/result-entry.ts';
import type { WhatIf } from '../../terms/what-if.ts';
import { refusalOf } from '../answer.ts';
import { catalogueOf } from '../catalogue-of.ts';
import type { Gateway } from '../gateway.ts';
import { decideAgain, lookedFurther } from './decide-again.ts';
import { createVisitOrders, judgedBy, type JudgedOrder, recordedAs } from './judged-order.ts';
import { createSums, type FateOf } from './sums.ts';

/** Orders of one page. */
const PAGE = 500;

/** How far it has come; the last one carries what was found. */
export interface WhatIfStep {
  readonly orders: number;
  readonly of: number;
  readonly result?: WhatIf;
}

/** `from` and `to`: local days, both included. Refused before the first step; each step is one page. */
export async function whatIf(
  gateway: Gateway,
  of: { readonly candidate: string; readonly from: string; readonly to: string },
): Promise<Outcome<AsyncGenerator<WhatIfStep, void, undefined>>> {
  const span = spanOf(of, gateway.regionZone);
  if (span === undefined) return refuse(refusalOf('incorrect', 'gateway/bad-span', 'from'));
  const candidate = await catalogueOf(gateway, of.candidate);
  if (candidate === undefined) return refuse(refusalOf('not-found', 'gateway/unknown-catalogue', 'catalogue'));
  return done(steps(gateway, span, candidate));
}

/** Local days of the region, the last one included. */
function spanOf({ from, to }: { readonly from: string; readonly to: string }, zone: string): Span | undefined {
  const [first, last] = [from, to].map((day) => (DAY.test(day) ? dateInterval(day, zone) : undefined));
  if (first === undefined || last === undefined || last.end < first.start) return undefined;
  return { from: first.start as Instant, until: new Date(Date.parse(last.end) + 1).toISOString() as Instant };
}

const DAY = /^\d{4}-\d{2}-\d{2}$/;

async function* steps(gateway: Gateway, span: Span, candidate: Catalogue): AsyncGenerator<WhatIfStep, void, undefined> {
  const { past } = gateway.store;
  const counted = await past.countAsked(span);
  const { facilities } = await gateway.reference.current();
  const sums = createSums(candidate);
  const visits = createVisitOrders();
  const decidedBy = new Set<string>();
  const read = (after?: AskedPlace): Promise<readonly AskedOrder[]> =>
    past.askedOrders({ ...span, limit: PAGE, ...(after === undefined ? {} : { after }) });
  let next = read();
  // What became of a page's results is read while the next page is decided.
  let waiting: { readonly whole: readonly JudgedOrder[]; readonly fates: Promise<FateOf> } | undefined;
  for (let orders = 0, ended = false; !ended; ) {
    const page = await next;
    ended = page.length < PAGE;
    // Read while this page is decided.
    if (!ended) next = read(page.at(-1));
    next.catch(() => undefined);
    for (const order of await judged(gateway, page, { candidate, facilities })) visits.take(order);
    for (const { catalogueDigest } of page) decidedBy.add(catalogueDigest);
    const whole = visits.done(ended);
    const fates = fatesOf(gateway, whole);
    fates.catch(() => undefined);
    if (waiting !== undefined) sums.add(waiting.whole, await waiting.fates);
    waiting = { whole, fates };
    orders += page.length;
    yield { orders, of: counted.kept };
  }
  if (waiting !== undefined) sums.add(waiting.whole, await waiting.fates);
  const { line, differing } = sums.total();
  const { target: _target, ...totals } = line;
  const result: WhatIf = {
    form: 1,
    from: span.from,
    until: span.until,
    candidate: candidate.digest,
    sample: candidate.sample,
    decidedBy: [...decidedBy].toSorted(),
    undecidable: counted.bare,
    ...totals,
    differing,
    lines: sums.lines(),
  };
  yield { orders: counted.kept, of: counted.kept, result };
}

interface Rules {
  readonly candidate: Catalogue;
  readonly facilities: ReadonlyMap<FacilityId, Facility>;
}

/** What was recognised then is decided again under the rules of then, for what it was worth; the rest is as recorded. */
async function judged(
  gateway: Gateway,
  page: readonly AskedOrder[],
  { candidate, facilities }: Rules,
): Promise<readonly JudgedOrder[]> {
  const then = new Map<string, Catalogue | undefined>();
  for (const digest of new Set(page.map((order) => order.catalogueDigest)))
    then.set(digest, await catalogueOf(gateway, digest));
  const wanted = page.flatMap((asked) =>
    lookedFurther(asked, then.get(asked.catalogueDigest), candidate).map((query) => ({ asked, query })),
  );
  const found = await gateway.store.past.knownThen(wanted.map(({ query }) => query));
  const further = new Map<AskedOrder, ResultEntry[]>();
  for (const [place, { asked }] of wanted.entries())
    further.set(asked, [...(further.get(asked) ?? []), ...(found[place] ?? [])]);
  return page.map((asked): JudgedOrder => {
    const would = judgedBy(asked, decideAgain(asked, candidate, further.get(asked) ?? [], facilities), candidate);
    const rules = asked.verdict === 'recognise' ? then.get(asked.catalogueDigest) : undefined;
    if (rules === undefined) return { asked, was: recordedAs(asked), would };
    if (rules.digest === candidate.digest && would.verdict === asked.verdict) return { asked, was: would, would };
    const again = judgedBy(asked, decideAgain(asked, rules, [], facilities), rules);
    // The record says what was decided; the program of today only what it was worth.
    return { asked, was: { ...again, verdict: asked.verdict, coverage: asked.coverage }, would };
  });
}

async function fatesOf(gateway: Gateway, orders: readonly JudgedOrder[]): Promise<FateOf> {
  const places = new Map<string, number>();
  const queries: FateQuery[] = [];
  for (const { asked, was, would } of orders) {
    for (const { item, entry } of [...was.results, ...would.results]) {
      const key = fateKey(asked, entry);
      if (places.has(key)) continue;
      places.set(key, queries.length);
      queries.push({ entry, item, patient: asked.patient, at: asked.at });
    }
  }
  const fates = await gateway.store.past.fates(queries);
  return ({ asked }, entry) => fates[places.get(fateKey(asked, entry)) ?? -1];
}

function fateKey({ id }: AskedOrder, { container, element }: ResultEntry): string {
  return `${id} ${container} ${element}`;
}
