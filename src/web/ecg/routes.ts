/** `GET /ecg/{id}.svg` and `.pdf`: a stored recording as a page on millimetre paper (DESIGN 6), in any layout. */
import { Hono } from 'hono';
import type { Outcome } from '../../base/outcome.ts';
import { done, refuse } from '../../base/outcome.ts';
import { areOfOneHuman, showEcg, type ShownEcg } from '../../gateway/ecg/show-ecg.ts';
import { layOut } from '../../render/lay-out.ts';
import { layOutComparison } from '../../render/lay-out-comparison.ts';
import type { Page } from '../../render/page.ts';
import { printPdf } from '../../render/pdf.ts';
import { printSvg } from '../../render/svg.ts';
import { secondsOf } from '../../signals/physical.ts';
import { EXCERPT_WORDS, flagSentence } from '../../signals/quality-words.ts';
import type { Ecg } from '../../terms/parsed/ecg.ts';
import type { FhirCaller } from '../../terms/fhir-caller.ts';
import { circumstancesOf } from '../fhir/circumstances.ts';
import type { FhirDoor } from '../fhir/door.ts';
import { outcomeResponse } from '../fhir/fhir-response.ts';
import { webRefusal } from '../problems.ts';
import { pageWish, type PageWished } from './page-wish.ts';

export function ecgRoutes(door: FhirDoor): Hono {
  return new Hono().get('/ecg/:file', async (context) => {
    const caller = await enter(door, context.req.raw);
    if (!caller.ok) return outcomeResponse(caller.refusal);
    // What is no name of a page is looked for all the same: who may ask is judged before what is there.
    const [, id = '', form] = /^([0-9a-z.]{1,64})\.(svg|pdf)$/.exec(context.req.param('file')) ?? [];
    const wish = pageWish(new URL(context.req.url).searchParams);
    if (!wish.ok) return outcomeResponse(wish.refusal);
    const page = await pageOf(door, caller.value, id, wish.value);
    if (!page.ok) return outcomeResponse(page.refusal);
    return form === 'pdf' ? pdf(page.value) : svg(page.value);
  });
}

async function enter(door: FhirDoor, request: Request): Promise<Outcome<FhirCaller>> {
  const caller = await door.authenticator.fhir(request);
  if (!caller.ok) return caller;
  const circumstances = circumstancesOf(request);
  if (!circumstances.ok) return refuse(circumstances.refusal);
  return done({ ...caller.value, circumstances: circumstances.value });
}

/** With `compare`, both recordings on one page; the earlier one is told by its time. */
async function pageOf(door: FhirDoor, caller: FhirCaller, id: string, wish: PageWished): Promise<Outcome<Page>> {
  const { layout, compare, ...rest } = wish;
  const shown = await showEcg(door.gateway, caller, id);
  if (!shown.ok) return shown;
  const { ecg, identity } = shown.value;
  if (rest.fromSeconds > 0 && rest.fromSeconds >= lengthOf(ecg))
    return refuse(webRefusal('incorrect', 'web/page-unknown', 'from'));
  const how = { ...rest, hideIdentity: rest.hideIdentity || !identity };
  const own = { ...how, warnings: warningsOf([shown.value], how.language), header: headerOf(shown.value) };
  if (compare === undefined) return done(layOut({ ...own, ecg, layout }));
  const other = await showEcg(door.gateway, caller, compare);
  if (!other.ok) return other;
  if (!(await areOfOneHuman(door.gateway, caller, [shown.value, other.value])))
    return refuse(webRefusal('conflict', 'web/two-patients', 'compare'));
  const isEarlier = timeOf(shown.value) < timeOf(other.value);
  const [earlier, later] = isEarlier ? [shown.value, other.value] : [other.value, shown.value];
  const warnings = warningsOf([earlier, later], how.language);
  return done(layOutComparison(earlier.ecg, later.ecg, { ...how, warnings, header: headerOf(later) }));
}

/** Seconds of it that are stored. */
function lengthOf(ecg: Ecg): number {
  return Math.max(...ecg.groups.map((group) => Number(group.offsetMs ?? 0) / 1000 + secondsOf(group)));
}

function timeOf({ ecg }: ShownEcg): number {
  const at = Date.parse(ecg.acquisition.start ?? '');
  return Number.isNaN(at) ? 0 : at;
}

function headerOf({ facility }: ShownEcg) {
  return facility === '' ? {} : { facility };
}

function warningsOf(shown: readonly ShownEcg[], language: 'zh' | 'en'): readonly string[] {
  const told = shown.flatMap(({ quality, excerpt }) => [
    ...(excerpt ? [EXCERPT_WORDS[language]] : []),
    ...quality.map((flag) => flagSentence(flag, language)),
  ]);
  return [...new Set(told)];
}

/** Shown in a page of the same origin at most, and by itself it may do nothing. */
const POLICY = "default-src 'none'; style-src 'unsafe-inline'; sandbox";

function svg(page: Page): Response {
  return new Response(printSvg(page), { headers: headers('image/svg+xml; charset=utf-8') });
}

function pdf(page: Page): Response {
  return new Response(new Uint8Array(printPdf(page)), { headers: headers('application/pdf') });
}

function headers(type: string): Record<string, string> {
  return {
    'content-type': type,
    'cache-control': 'no-store',
    'content-security-policy': POLICY,
    'x-content-type-options': 'nosniff',
  };
}
