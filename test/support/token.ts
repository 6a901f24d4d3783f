/** A token of a facility's client, as the token endpoint would sign it. */
import { CHANNEL_SCOPES, signToken } from '../../src/access/access-token.ts';
import type { Gateway } from '../../src/gateway/gateway.ts';
import type { ChannelId } from '../../src/terms/channel.ts';
import type { FacilityId } from '../../src/terms/facility.ts';

export function tokenFor(gateway: Gateway, facility: FacilityId, scopes = CHANNEL_SCOPES): Promise<string> {
  return signToken(gateway.keys.token, {
    channel: `${facility}-client` as ChannelId,
    scopes,
    now: gateway.clock.now(),
    seconds: 3600,
    id: 'test',
  });
}
