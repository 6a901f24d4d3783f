/** CDS Hooks 2.0: discovery, the services of `order-select` and `order-sign`, and their feedback (cds-hooks.hl7.org/2.0). */
import { Hono } from 'hono';
import { z } from 'zod';
import type { OwnVerb } from '../../access/scopes.ts';
import type { Outcome, Refusal } from '../../base/outcome.ts';
import { answer, type Answer } from '../../gateway/answer.ts';
import { earlierElsewhere } from '../../gateway/earlier-elsewhere.ts';
import type { Gateway } from '../../gateway/gateway.ts';
import { patientElsewhere } from '../../gateway/patient-elsewhere.ts';
import { latestReply } from '../../gateway/reply.ts';
import { bearer, type Authenticator, type Caller } from '../authenticate.ts';
import type { PublicBase } from '../public-base.ts';
import { problemResponse } from '../http-problem.ts';
import type { Told } from '../openapi/schemas.ts';
import { webRefusal } from '../problems.ts';
import { readJson } from '../read-body.ts';
import { cardOf } from './card.ts';
import type { card, comparisonCard, viewCard } from './answers.ts';
import { comparisonCardOf } from './comparison-card.ts';
import { viewCardOf } from './view-card.ts';
import { DISCOVERY, SELECT_ID, SIGN_ID, VIEW_ID } from './discovery.ts';
import { feedbackBody, toReplies } from './feedback.ts';
import {
  selectBody,
  selectedOrders,
  type SelectedOrder,
  signBody,
  SITUATIONS_EXTENSION,
  statedPatient,
  toIdentityFacts,
  isId,
  viewBody,
} from './hook-request.ts';

const SERVICES = [
  [SELECT_ID, selectBody],
  [SIGN_ID, signBody],
] as const;

interface CdsDoor {
  readonly gateway: Gateway;
  readonly authenticator: Authenticator;
  readonly publicBase: PublicBase;
}

export function cdsRoutes(door: CdsDoor): Hono {
  const routes = new Hono()
    .get('/cds-services', async ({ req }) => {
      // Open to everybody; but who says who calls is held to it (CDS Hooks 2.0, "Trusting CDS Clients").
      if (bearer(req.raw) !== undefined) {
        const caller = await enter(door, req.raw);
        if (!caller.ok) return problemResponse(caller.refusal);
      }
      return Response.json(DISCOVERY);
    })
    .post(`/cds-services/${VIEW_ID}`, ({ req }) => view(door, req.raw));
  for (const [id, shape] of SERVICES) {
    routes
      .post(`/cds-services/${id}`, ({ req }) => hook(door, { request: req.raw, shape }))
      .post(`/cds-services/${id}/feedback`, ({ req }) => feedback(door, req.raw));
  }
  return routes;
}

/** A signed call is for its own address, or for the services as a whole. */
function enter({ authenticator, publicBase }: CdsDoor, request: Request, scope?: OwnVerb): Promise<Outcome<Caller>> {
  const services = `${publicBase(request)}/cds-services`;
  const path = new URL(request.url).pathname;
  return authenticator.cds(request, scope, [services, `${publicBase(request)}${path}`]);
}

async function view(door: CdsDoor, request: Request): Promise<Response> {
  const { gateway } = door;
  const caller = await enter(door, request, 'concord/check');
  if (!caller.ok) return problemResponse(caller.refusal);
  const body = await readJson(request, viewBody);
  if (!body.ok) return problemResponse(body.refusal);
  const { context } = body.value;
  const patient = await patientOf(gateway, body.value);
  if (patient === undefined) return missingPatient();
  const found = await earlierElsewhere(gateway, caller.value, {
    patient: toIdentityFacts(patient),
    ...(context.encounterId === undefined ? {} : { encounter: context.encounterId }),
  });
  if (!found.ok) return problemResponse(found.refusal);
  const shown = viewCardOf(found.value, { uuid: gateway.random.uuid(), zone: gateway.regionZone });
  return cardsResponse(shown === undefined ? [] : [shown]);
}

type Hooked = Pick<z.infer<typeof viewBody>, 'prefetch' | 'fhirServer' | 'fhirAuthorization'> & {
  readonly context: { readonly patientId: string };
};

/** As it was prefetched, else as the client's own server has it. The HIS's own patientId means nothing else here (DESIGN 6). */
async function patientOf(gateway: Gateway, hooked: Hooked): Promise<z.infer<typeof statedPatient> | undefined> {
  const { prefetch, fhirServer: server, fhirAuthorization, context } = hooked;
  if (prefetch?.patient !== undefined && prefetch.patient !== null) return prefetch.patient;
  const token = fhirAuthorization?.access_token;
  const patient = context.patientId.replace(/^Patient\//, '');
  if (server === undefined || token === undefined || !isId(patient)) return undefined;
  const read = await patientElsewhere(gateway, { server, token, patient });
  // Another patient's record is no answer.
  const stated = statedPatient.extend({ id: z.literal(patient) }).safeParse(read);
  return stated.success ? stated.data : undefined;
}

function missingPatient(): Response {
  return problemResponse(webRefusal('incorrect', 'web/missing-prefetch', 'prefetch.patient'));
}

async function hook(
  door: CdsDoor,
  { request, shape }: { readonly request: Request; readonly shape: typeof selectBody | typeof signBody },
): Promise<Response> {
  const { gateway } = door;
  const caller = await enter(door, request, 'concord/check');
  if (!caller.ok) return problemResponse(caller.refusal);
  const body = await readJson<z.infer<typeof selectBody> | z.infer<typeof signBody>>(request, shape);
  if (!body.ok) return problemResponse(body.refusal);
  const { extension, context } = body.value;
  const patient = await patientOf(gateway, body.value);
  if (patient === undefined) return missingPatient();
  const situations = extension?.[SITUATIONS_EXTENSION];
  const orders = selectedOrders(context);
  if (orders.length === 0) return cardsResponse([]);
  const answered = await answer(gateway, caller.value, {
    patient: toIdentityFacts(patient),
    ...(context.encounterId === undefined ? {} : { encounter: context.encounterId }),
    practitioner: context.userId,
    ...(situations === undefined ? {} : { situations }),
    orders: orders.map(({ order }) => order),
  });
  return answered.ok ? cardsResponse(cardsOf(gateway, answered.value, orders)) : problemResponse(answered.refusal);
}

type Card = Told<typeof card> | Told<typeof comparisonCard> | Told<typeof viewCard>;

/** One card an offer: what was answered within the visit stays silent, and drafts that share an offer share its card. */
function cardsOf({ smartApp }: Gateway, answered: Answer, orders: readonly SelectedOrder[]): readonly Card[] {
  const shown = new Set<string>();
  const offered = answered.items.flatMap((item): Card[] => {
    const draft = orders.find(({ order }) => order.key === item.decision.key);
    if (item.offer === null || item.answered !== null || draft === undefined || shown.has(item.offer)) return [];
    shown.add(item.offer);
    return [cardOf(answered, { ...item, offer: item.offer }, { order: draft, smartApp })];
  });
  // One for an exam, however many drafts order it.
  const compared = new Map(answered.items.flatMap((item) => item.compared.map((one) => [one.item, one] as const)));
  return [...offered, ...[...compared.values()].map((one) => comparisonCardOf(answered, one))];
}

function cardsResponse(cards: readonly Card[]): Response {
  return Response.json({ cards }, { headers: { 'cache-control': 'no-store' } });
}

async function feedback(door: CdsDoor, request: Request): Promise<Response> {
  const { gateway } = door;
  const caller = await enter(door, request, 'concord/reply');
  if (!caller.ok) return problemResponse(caller.refusal);
  const body = await readJson(request, feedbackBody);
  if (!body.ok) return problemResponse(body.refusal);
  // Each is taken for itself: one that is refused keeps none of the others back.
  let first: Refusal | undefined;
  for (const [index, said] of toReplies(body.value).entries()) {
    const replied = await latestReply(gateway, caller.value, said);
    if (!replied.ok) first ??= { ...replied.refusal, at: `feedback[${index}]` };
  }
  return first === undefined ? new Response(null, { status: 200 }) : problemResponse(first);
}
