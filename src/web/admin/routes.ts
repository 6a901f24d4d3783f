/** `/admin`: what the command line calls. The administrator's token opens it, and nothing else does. */
import { Hono } from 'hono';
import { LIMITS } from '../../base/limits.ts';
import type { Outcome } from '../../base/outcome.ts';
import { answer } from '../../gateway/answer.ts';
import { putCodes, putFacilities, unmappedCodes } from '../../gateway/configure.ts';
import type { Gateway } from '../../gateway/gateway.ts';
import { replay } from '../../gateway/replay.ts';
import { linkPatients, setOptOut, unlinkPatient } from '../../gateway/steward.ts';
import type { FhirSource, Upstream } from '../../ports/fhir-source.ts';
import type { Channel, ChannelId } from '../../terms/channel.ts';
import type { FacilityId } from '../../terms/facility.ts';
import type { Authenticator } from '../authenticate.ts';
import { problemResponse } from '../http-problem.ts';
import { webRefusal } from '../problems.ts';
import { readBytes, readJson } from '../read-body.ts';
import { present, toQuestion } from '../recognition/bodies.ts';
import { printAnswer } from '../recognition/print-answer.ts';
import { ADMINISTRATOR, audited, send, unknown } from './audited.ts';
import { auditRoutes } from './audit-routes.ts';
import * as bodies from './bodies.ts';
import { catalogueRoutes } from './catalogue-routes.ts';
import { channelRoutes } from './channel-routes.ts';
import { doctorRoute } from './doctor-route.ts';
import { explainRoute } from './explain-route.ts';
import { ledgerRoutes } from './ledger-routes.ts';
import { noticeAdminRoutes } from './notice-routes.ts';
import { ingestDoor, takeFile } from './take-file.ts';
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
    const door = await ingestDoor(gateway, { channel: req.query('channel'), facility: req.query('facility') });
    if (!door.ok) return problemResponse(door.refusal);
    const body = await readBytes(req.raw, LIMITS.intakeBytesMax);
    return body.ok ? takeFile(gateway, body.value, door.value) : problemResponse(body.refusal);
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

/** Asking by the command line is trying: it reads, is audited, and leaves no offer behind. */
function trying(facility: FacilityId): Channel {
  return { id: ADMINISTRATOR as ChannelId, facility, kind: 'client', test: true };
}
