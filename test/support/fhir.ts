/** The FHIR door of a test's gateway: a token of a facility, requests as JSON, and what came of them. */
import type { Bundle, BundleEntry, FhirResource, OperationOutcome } from 'fhir/r4';
import { signToken } from '../../src/access/access-token.ts';
import type { ChannelId } from '../../src/terms/channel.ts';
import type { FacilityId } from '../../src/terms/facility.ts';
import type { App } from './app.ts';
import type { TestWorld } from './gateway.ts';

export interface FhirInit {
  readonly method?: string;
  readonly body?: string | URLSearchParams;
  readonly headers?: Readonly<Record<string, string>>;
  readonly scopes?: readonly string[];
  /** Absent: the facility's production client. */
  readonly channel?: string;
}

export interface FhirTester {
  /** A request of a facility's production client; the path is below `/fhir`. */
  ask(by: FacilityId, path: string, init?: FhirInit): Promise<Response>;
  /** The body of a 200. */
  get<T = FhirResource>(by: FacilityId, path: string, headers?: Record<string, string>): Promise<T>;
  search(by: FacilityId, path: string, headers?: Record<string, string>): Promise<Found>;
  /** Status and our code of a refusal. */
  refusal(response: Response): Promise<{ readonly status: number; readonly code: string; readonly at: string }>;
}

export interface Found {
  readonly bundle: Bundle;
  readonly matches: readonly FhirResource[];
  readonly included: readonly FhirResource[];
  readonly next: string | undefined;
}

export const ALL_SCOPES = ['concord/intake', 'concord/check', 'concord/reply', 'system/*.cruds'];

export function fhirTester(world: TestWorld, app: App): FhirTester {
  const ask: FhirTester['ask'] = async (
    by,
    path,
    { scopes = ALL_SCOPES, channel = `${by}-client`, headers, ...init } = {},
  ) => {
    const token = await signToken(world.gateway.keys.token, {
      channel: channel as ChannelId,
      scopes,
      now: world.clock.now(),
      seconds: 3600,
      id: 'test',
    });
    const address = path.startsWith('http') ? path : `http://localhost/fhir${path}`;
    return app.request(address, { ...init, headers: { authorization: `Bearer ${token}`, ...headers } });
  };
  const get: FhirTester['get'] = async <T>(by: FacilityId, path: string, headers: Record<string, string> = {}) => {
    const response = await ask(by, path, { headers });
    const body = (await response.json()) as T;
    if (response.status !== 200) throw new Error(`${response.status} ${JSON.stringify(body)}`);
    return body;
  };
  return {
    ask,
    get,
    search: async (by, path, headers) => foundIn(await get<Bundle>(by, path, headers)),
    refusal: async (response) => {
      const outcome = (await response.json()) as OperationOutcome;
      const [issue] = outcome.issue;
      return {
        status: response.status,
        code: issue?.details?.coding?.[0]?.code ?? '',
        at: issue?.expression?.[0] ?? issue?.diagnostics ?? '',
      };
    },
  };
}

export function foundIn(bundle: Bundle): Found {
  const of = (mode: string): readonly FhirResource[] =>
    (bundle.entry ?? [])
      .filter(({ search }: BundleEntry) => search?.mode === mode)
      .map(({ resource }) => resource as FhirResource);
  return {
    bundle,
    matches: of('match'),
    included: of('include'),
    next: bundle.link?.find(({ relation }) => relation === 'next')?.url,
  };
}
