/** postgres.js as the store uses it: instants stay text, 8-byte integers are numbers, no value in a notice. */
import postgres from 'postgres';

export type Param = string | number | boolean | null | Uint8Array;
export type Row = Readonly<Record<string, unknown>>;

export interface ClientSettings {
  /** Exactly one of: a connection URL, or the path of a local socket. */
  readonly url?: string;
  readonly socket?: string;
  /** False behind a pooler that has no prepared statements. */
  readonly prepare: boolean;
  /** True behind a pooler: it refuses parameters at connection that it does not know, so a role's own time limits hold. */
  readonly pooled?: boolean;
}

const CONNECT_SECONDS = 5;
/** Wait before a lost pool connection is opened again. */
const BACKOFF_SECONDS = 0.1;

const TYPES = {
  instant: { to: 1184, from: [1184], serialize: (text: string): string => text, parse: toInstant },
  bigint: { to: 20, from: [20], serialize: String, parse: Number },
};

export function openClient(settings: ClientSettings, max: number, onclose: () => void): postgres.Sql {
  const local = settings.socket !== undefined;
  const options = {
    max,
    prepare: settings.prepare,
    fetch_types: false,
    connect_timeout: CONNECT_SECONDS,
    idle_timeout: null,
    max_lifetime: null,
    backoff: () => BACKOFF_SECONDS,
    onnotice: () => undefined,
    onclose,
    types: TYPES,
    connection: {
      application_name: 'concord',
      TimeZone: 'UTC',
      // PGlite keeps no time limits; a server ends what hangs.
      ...(local || settings.pooled === true
        ? {}
        : { statement_timeout: 60_000, lock_timeout: 20_000, idle_in_transaction_session_timeout: 60_000 }),
    },
    ...(local ? { path: settings.socket, host: 'localhost', username: 'postgres', database: 'postgres' } : {}),
  };
  return settings.url === undefined ? postgres(options as never) : postgres(settings.url, options as never);
}

/** `2026-03-01 02:15:30.12+00` as `2026-03-01T02:15:30.120Z`. */
function toInstant(text: string): string {
  if (text.length === 22 && text.endsWith('+00')) return `${text.slice(0, 10)}T${text.slice(11, 19)}.000Z`;
  if (text.length === 26 && text.endsWith('+00')) return `${text.slice(0, 10)}T${text.slice(11, 23)}Z`;
  return new Date(text).toISOString();
}
