/** Who listens by a subscription: the channel that made it, with what it may see now, and what it asks for. */
import { CHANNEL_SCOPES } from '../../access/access-token.ts';
import { narrowScopes } from '../../access/scopes.ts';
import type { SearchQuery } from '../../search/query.ts';
import type { FhirCaller } from '../../terms/fhir-caller.ts';
import type { Subscription } from '../../terms/subscription.ts';
import type { Gateway } from '../gateway.ts';
import { readCriteria } from './criteria.ts';
import { openSubscription } from './open-subscription.ts';

export interface Listener {
  readonly caller: FhirCaller;
  readonly query: SearchQuery;
  /** As the subscriber wrote them: they may name a person. */
  readonly criteria: string;
}

/** Undefined when the channel is closed: then nobody listens. Its scopes are those of the token then, as far as the channel has them now. */
export async function listenerOf(gateway: Gateway, subscription: Subscription): Promise<Listener | undefined> {
  const { channels, facilities } = await gateway.reference.current();
  const channel = channels.get(subscription.channel);
  const facility = channel === undefined ? undefined : facilities.get(channel.facility);
  if (channel === undefined || facility === undefined || channel.revokedAt !== null) return undefined;
  const { criteria, circumstances, scopes } = openSubscription(gateway, subscription);
  const query = readCriteria(criteria, gateway.regionZone);
  if (!query.ok) return undefined;
  return {
    caller: { channel, facility, circumstances, scopes: narrowScopes(scopes, channel.scopes ?? CHANNEL_SCOPES) },
    query: query.value,
    criteria,
  };
}
