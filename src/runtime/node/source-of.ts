/** An upstream's FHIR source, with its secret from the environment. */
import { done, type Outcome, refuse } from '../../base/outcome.ts';
import { createFhirSource } from '../../outbound/fhir-client.ts';
import { outboundRefusal } from '../../outbound/problems.ts';
import type { FhirSource, Upstream } from '../../ports/fhir-source.ts';
import type { Outbound } from '../../ports/outbound.ts';

export function sourceOfUpstream(
  outbound: Outbound,
  environment: Readonly<Record<string, string | undefined>>,
): (upstream: Upstream) => Outcome<FhirSource> {
  return ({ baseUrl, tokenUrl, clientId, secretName, scope }) => {
    if (tokenUrl === null) return done(createFhirSource(outbound, { baseUrl }));
    const secret = secretName === null ? undefined : environment[secretName];
    if (secret === undefined || secret === '' || clientId === null) {
      return refuse(outboundRefusal('outbound/no-secret', 'incorrect', 'secretName'));
    }
    const token = { url: tokenUrl, clientId, secret, ...(scope === null ? {} : { scope }) };
    return done(createFhirSource(outbound, { baseUrl, token }));
  };
}
