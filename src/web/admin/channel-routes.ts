/** `/admin/channels` and `/admin/tokens`: the doors that prove which facility a sender is. */
import type { Hono } from 'hono';
import { CHANNEL_SCOPES, signToken } from '../../access/access-token.ts';
import { LIMITS } from '../../base/limits.ts';
import { refusalOf } from '../../gateway/answer.ts';
import { auditAct } from '../../gateway/audit-act.ts';
import {
  addChannel,
  type ClientKeys,
  revokeChannel,
  rotateChannel,
  setClientKeys,
  setIssuer,
  setScopes,
} from '../../gateway/channels.ts';
import type { StoredChannel } from '../../ports/store-reference.ts';
import type { ChannelId } from '../../terms/channel.ts';
import { problemResponse } from '../http-problem.ts';
import { webRefusal } from '../problems.ts';
import { readJson } from '../read-body.ts';
import { ADMINISTRATOR, audited, unknown } from './audited.ts';
import * as bodies from './bodies.ts';
import type { AdminParts } from './routes.ts';

export function channelRoutes(admin: Hono, { gateway, channelsChanged, mllpPort, listens = true }: AdminParts): void {
  admin.post('/channels', async ({ req }) => {
    const body = await readJson(req.raw, bodies.channelBody);
    if (!body.ok) return problemResponse(body.refusal);
    if (!listens && body.value.kind !== 'client')
      return problemResponse(webRefusal('unsupported', 'web/no-such-door', 'kind'));
    const added = await addChannel(gateway, bodies.toChannel(body.value), { mllpPort });
    if (added.ok) await channelsChanged();
    return audited(gateway, added, `channel add ${added.ok ? added.value.channel : ''}`);
  });
  admin.post('/channels/:id/revoke', async ({ req }) => {
    const revoked = await revokeChannel(gateway, req.param('id') as ChannelId);
    if (revoked.ok) await channelsChanged();
    return audited(gateway, revoked, `channel revoke ${req.param('id')}`);
  });
  admin.post('/channels/:id/rotate', async ({ req }) =>
    audited(gateway, await rotateChannel(gateway, req.param('id') as ChannelId), `channel rotate ${req.param('id')}`),
  );
  admin.post('/channels/:id/keys', async ({ req }) => {
    const body = await readJson(req.raw, bodies.keysBody);
    if (!body.ok) return problemResponse(body.refusal);
    const id = req.param('id') as ChannelId;
    return audited(gateway, await setClientKeys(gateway, id, body.value as ClientKeys), `channel keys ${id}`);
  });
  admin.post('/channels/:id/scopes', async ({ req }) => {
    const body = await readJson(req.raw, bodies.scopesBody);
    if (!body.ok) return problemResponse(body.refusal);
    const id = req.param('id') as ChannelId;
    return audited(gateway, await setScopes(gateway, id, body.value.scopes), `channel scopes ${id}`);
  });
  admin.post('/channels/:id/issuer', async ({ req }) => {
    const body = await readJson(req.raw, bodies.issuerBody);
    if (!body.ok) return problemResponse(body.refusal);
    const id = req.param('id') as ChannelId;
    return audited(gateway, await setIssuer(gateway, id, body.value.issuer ?? undefined), `channel issuer ${id}`);
  });
  admin.get('/channels', async () =>
    Response.json(
      [...(await gateway.reference.current()).channels.values()].map(({ secretHash, jwks, ...channel }) => ({
        ...channel,
        method: methodOf({ ...channel, secretHash, ...(jwks === undefined ? {} : { jwks }) }),
        weak: secretHash !== null,
      })),
    ),
  );
  admin.post('/tokens', async ({ req }) => {
    const body = await readJson(req.raw, bodies.tokenBody);
    if (!body.ok) return problemResponse(body.refusal);
    const channel = (await gateway.reference.current()).channels.get(body.value.channel as ChannelId);
    if (channel === undefined) return unknown('gateway/unknown-channel', 'channel');
    if (channel.revokedAt !== null) return problemResponse(refusalOf('conflict', 'gateway/channel-revoked', 'channel'));
    if (channel.kind !== 'client') return problemResponse(refusalOf('conflict', 'gateway/channel-kind', 'channel'));
    await auditAct(gateway, {
      action: 'token',
      actor: ADMINISTRATOR,
      facility: channel.facility,
      detail: `channel ${channel.id}`,
    });
    const now = gateway.clock.now();
    const token = await signToken(gateway.keys.token, {
      channel: channel.id,
      scopes: channel.scopes ?? CHANNEL_SCOPES,
      now,
      seconds: LIMITS.tokenSeconds,
      id: gateway.random.uuid(),
    });
    return Response.json({ token, expiresIn: LIMITS.tokenSeconds });
  });
}

/** How a client proves itself. */
function methodOf({ kind, jwks, jwksUrl, secretHash }: StoredChannel): string {
  if (kind !== 'client') return kind === 'mllp' ? 'address' : 'none';
  if (jwks !== undefined) return 'signed';
  if (jwksUrl !== undefined) return 'signed (keys by address)';
  return secretHash === null ? 'none' : 'weak secret';
}
