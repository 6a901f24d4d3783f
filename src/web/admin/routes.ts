/** `/admin`: what the command line calls. The administrator's token opens it, and nothing else does. */
import { Hono } from 'hono';
import { LIMITS } from '../../base/limits.ts';
import { done, type Outcome, refuse } from '../../base/outcome.ts';
import { answer, refusalOf } from '../../gateway/answer.ts';
import { addChannel } from '../../gateway/channels.ts';
import { putCodes, putFacilities, unmappedCodes } from '../../gateway/configure.ts';
import { finishEnvelope } from '../../gateway/finish-envelope.ts';
import type { Gateway } from '../../gateway/gateway.ts';
import type { ReceiveInput } from '../../gateway/hl7v2-arrival.ts';
import { receiveHl7v2 } from '../../gateway/receive-hl7v2.ts';
import { replay } from '../../gateway/replay.ts';
import { linkPatients, setOptOut, unlinkPatient } from '../../gateway/steward.ts';
import { splitMessages } from '../../formats/hl7v2/split.ts';
import type { FhirSource, Upstream } from '../../ports/fhir-source.ts';
import type { Channel, ChannelId } from '../../terms/channel.ts';
import type { FacilityId } from '../../terms/facility.ts';
import type { Authenticator } from '../authenticate.ts';
import { problemResponse } from '../http-problem.ts';
import { webRefusal } from '../problems.ts';
import { readBytes, readJson } from '../read-body.ts';
import { present, toQuestion } from '../recognition/bodies.ts';
import { printAnswer } from '../recognition/print-answer.ts';
import { ADMINISTRATOR, audited, configured, send, unknown } from './audited.ts';
import { auditRoutes } from './audit-routes.ts';
import * as bodies from './bodies.ts';
import { catalogueRoutes } from './catalogue-routes.ts';
import { channelRoutes } from './channel-routes.ts';
import { doctorRoute } from './doctor-route.ts';
import { explainRoute } from './explain-route.ts';
import { ledgerRoutes } from './ledger-routes.ts';
import { noticeAdminRoutes } from './notice-routes.ts';
import { whatIfRoute } from './what-if-route.ts';
import { upstreamRoutes } from './upstream-routes.ts';
import { subscriptionRoutes } from './subscription-routes.ts';

export interface AdminParts {
  readonly gateway: Gateway;
  readonly authenticator: Authenticator;
  /** A hospital's own FHIR server, opened; absent where nothing is read from any. */
  readonly sourceOf?: ((upstream: Upstream) => Outcome<FhirSource>) | undefined;
  /** The runtime opens and closes MLLP listeners when channels change. */
  readonly channelsChanged: () => Promise<void>;
  /** False: the gateway is there for one command, so that what waits for its seal is no fault (SETTLED 12). */
  readonly serving?: boolean | undefined;
  /** Where MLLP channels without a port of their own listen. */
  readonly mllpPort?: number | undefined;
  /** False: no MLLP and no folders here. */
  readonly listens?: boolean | undefined;
}

export function adminRoutes(parts: AdminParts): Hono {
  const { authenticator } = parts;
  const admin = new Hono();
  admin.use('*', async (context, next) => {
    const allowed = await authenticator.administrator(context.req.raw);
    if (!allowed.ok) return problemResponse(allowed.refusal);
    return next();
  });
  configuration(admin, parts);
  catalogueRoutes(admin, parts);
  channelRoutes(admin, parts);
  subscriptionRoutes(admin, parts);
  auditRoutes(admin, parts);
  upstreamRoutes(admin, parts);
  doctorRoute(admin, parts);
  explainRoute(admin, parts);
  ledgerRoutes(admin, parts);
  whatIfRoute(admin, parts);
  noticeAdminRoutes(admin, parts);
  operation(admin, parts);
  return new Hono().route('/admin', admin);
}

function configuration(admin: Hono, { gateway }: AdminParts): void {
  admin.get('/facilities', async () => Response.json([...(await gateway.reference.current()).facilities.values()]));
  admin.post('/facilities', async ({ req }) => {
    const body = await readJson(req.raw, bodies.facilitiesBody);
    if (!body.ok) return problemResponse(body.refusal);
    const replace = req.query('replace') === '1';
    const put = await putFacilities(gateway, body.value.map(bodies.toFacility), { replace });
    return audited(gateway, put, `facilities ${body.value.map(({ id }) => id).join(' ')}`);
  });
  admin.get('/codes', async ({ req }) => {
    const facility = req.query('facility');
    const rows = await gateway.store.reference.codeMap();
    return Response.json(rows.filter((row) => facility === undefined || row.facility === facility));
  });
  admin.get('/codes/unmapped', async ({ req }) =>
    Response.json(await unmappedCodes(gateway, (req.query('facility') ?? null) as FacilityId | null)),
  );
  admin.post('/codes', async ({ req }) => {
    const body = await readJson(req.raw, bodies.codesBody, LIMITS.messageBytesMax);
    if (!body.ok) return problemResponse(body.refusal);
    return audited(gateway, await putCodes(gateway, body.value.map(bodies.toCodeMapRow)), `codes ${body.value.length}`);
  });
}

const RELIANCES_MAX = 1_000;

function operation(admin: Hono, { gateway }: AdminParts): void {
  admin.get('/counts', async () => Response.json(await gateway.store.read.counts()));
  admin.get('/offers/relied-on-retracted', async () =>
    Response.json(await gateway.store.read.reliedOnRetracted(RELIANCES_MAX)),
  );
  admin.get('/envelopes', async ({ req }) => {
    const outcome = bodies.outcomeOf(req.query('outcome'));
    return Response.json(
      await gateway.store.read.envelopes({ limit: 200, ...(outcome === undefined ? {} : { outcome }) }),
    );
  });
  admin.post('/ingest', async ({ req }) => {
    const reference = await gateway.reference.current();
    const facility = reference.facilities.get((req.query('facility') ?? '') as FacilityId);
    if (facility === undefined) return unknown('gateway/unknown-facility', 'facility');
    const body = await readBytes(req.raw, LIMITS.messageBytesMax * 4);
    if (!body.ok) return problemResponse(body.refusal);
    const split = splitMessages(body.value);
    if (split.messages.length > LIMITS.messagesPerFrameMax)
      return problemResponse(webRefusal('incorrect', 'web/too-many-messages', 'body'));
    const channel = await folderChannel(gateway, facility.id);
    if (!channel.ok) return problemResponse(channel.refusal);
    return Response.json(await ingest(gateway, split, { channel: channel.value, facility }));
  });
  admin.post('/replay', async ({ req }) => {
    const body = await readJson(req.raw, bodies.replayBody);
    if (!body.ok) return problemResponse(body.refusal);
    const replayed = await replay(gateway, present(body.value));
    return audited(gateway, replayed, `replay ${body.value.envelope ?? body.value.outcome ?? 'quarantined'}`);
  });
  admin.post('/check', async ({ req }) => {
    const body = await readJson(req.raw, bodies.adminCheckBody);
    if (!body.ok) return problemResponse(body.refusal);
    const { facility: id, ...question } = body.value;
    const facility = (await gateway.reference.current()).facilities.get(id as FacilityId);
    if (facility === undefined) return unknown('gateway/unknown-facility', 'facility');
    const asked = await answer(gateway, { facility, channel: trying(facility.id) }, toQuestion(question));
    return asked.ok ? Response.json(printAnswer(asked.value)) : problemResponse(asked.refusal);
  });
  admin.get('/identity', async ({ req }) =>
    Response.json(await gateway.store.read.identityQueue(500, bodies.queueKindOf(req.query('kind')))),
  );
  admin.post('/identity/:act', async ({ req }) => {
    const body = await readJson(req.raw, bodies.identityBody);
    if (!body.ok) return problemResponse(body.refusal);
    const { patient, to, steward, optOut } = bodies.toIdentityAct(body.value);
    switch (req.param('act')) {
      case 'link':
        return to === undefined
          ? unknown('gateway/unknown-patient', 'to')
          : send(await linkPatients(gateway, { patient, to, steward }));
      case 'unlink':
        return send(await unlinkPatient(gateway, { patient, steward }));
      case 'opt-out':
        return send(await setOptOut(gateway, { patient, optOut, steward }));
      default:
        return problemResponse(webRefusal('not-found', 'web/not-found', 'path'));
    }
  });
}

/** Files arrive over a folder channel of their facility; the first one makes it. */
async function folderChannel(gateway: Gateway, facility: FacilityId): Promise<Outcome<Channel>> {
  const { channels } = await gateway.reference.current();
  const known = [...channels.values()].filter((channel) => channel.kind === 'folder' && channel.facility === facility);
  const open = known.find(({ revokedAt }) => revokedAt === null);
  if (open !== undefined) return done(open);
  // Whoever revoked it wants no files of that facility.
  if (known.length > 0) return refuse(refusalOf('conflict', 'gateway/channel-revoked', 'facility'));
  const channel: Channel = { id: `${facility}-folder` as ChannelId, facility, kind: 'folder', test: false };
  const added = await addChannel(gateway, channel);
  if (added.ok) await configured(gateway, `channel add ${channel.id}`);
  return added.ok ? done(channel) : added;
}

/** Asking by the command line is trying: it reads, is audited, and leaves no offer behind. */
function trying(facility: FacilityId): Channel {
  return { id: ADMINISTRATOR as ChannelId, facility, kind: 'client', test: true };
}

async function ingest(
  gateway: Gateway,
  { messages, problems }: ReturnType<typeof splitMessages>,
  door: Omit<ReceiveInput, 'bytes'>,
) {
  const sum = {
    messages: 0,
    resends: 0,
    resultsIn: 0,
    resultsStored: 0,
    problems: problems.length,
    answers: {} as Record<string, number>,
  };
  for (const message of messages) {
    const received = await receiveHl7v2(gateway, { bytes: message.bytes, ...door });
    sum.messages++;
    if (received.resend) sum.resends++;
    // What is mapped later (MSH-15) is mapped now: a file has nobody who waits for an early answer.
    const later = received.code === 'CA' && !received.resend;
    const mapped = later
      ? await finishEnvelope(gateway, received.envelope, await gateway.reference.current())
      : received;
    sum.resultsIn += mapped?.resultsIn ?? 0;
    sum.resultsStored += mapped?.resultsStored ?? 0;
    sum.problems += mapped?.problems.length ?? 0;
    sum.answers[received.code] = (sum.answers[received.code] ?? 0) + 1;
  }
  return sum;
}
