/**
 * The command line as a client of `/admin` (SETTLED 25). A running gateway is found by the file in
 * DATA_DIR (or CONCORD_URL); with none running, one is started on loopback for the command's duration. Beside
 * another command, or a gateway that is just starting, it waits for its turn.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { runningGateway } from './gateway-file.ts';
import { readSettings } from './settings.ts';
import { startGateway } from './start-gateway.ts';
import { takeFolder } from './take-folder.ts';

export interface AdminClient {
  get<T>(path: string): Promise<T>;
  post<T>(path: string, body: unknown): Promise<T>;
  postBytes<T>(path: string, bytes: Uint8Array): Promise<T>;
  /** Like `post`, with the answer of a refusal that carries a body of its own (422). */
  tryPost<T>(path: string, body: unknown): Promise<{ readonly status: number; readonly body: T }>;
  /** The body as it comes. */
  stream(path: string, accept?: string): Promise<ReadableStream<Uint8Array>>;
  readonly url: string;
}

/** The gateway refused, or could not be reached: its sentence, and the code. */
export class AdminFault extends Error {
  override readonly name = 'AdminFault';
  /** HTTP status of the refusal; undefined when nothing answered. */
  readonly status: number | undefined;

  constructor(message: string, status?: number) {
    super(message);
    this.status = status;
  }
}

export async function withGateway<T>(
  use: (client: AdminClient) => Promise<T>,
  environment: Readonly<Record<string, string | undefined>> = process.env,
): Promise<T> {
  const settings = readSettings(environment);
  const running = environment['CONCORD_URL'] ?? (await runningGateway(settings.DATA_DIR));
  if (running !== undefined)
    return use(createAdminClient(running, settings.ADMIN_TOKEN ?? readToken(settings.DATA_DIR)));
  const own = await takeFolder(settings.DATA_DIR, () =>
    startGateway({ ...settings, PORT: 0, HOST: '127.0.0.1' }, { demo: false, serving: false }),
  );
  if ('served' in own) return use(createAdminClient(own.served, settings.ADMIN_TOKEN ?? readToken(settings.DATA_DIR)));
  try {
    return await use(createAdminClient(own.url, own.adminToken));
  } finally {
    await own.stop();
  }
}

function readToken(dataDir: string): string {
  const file = join(dataDir, 'admin.token');
  if (!existsSync(file))
    throw new AdminFault("No administrator token is at hand (DATA_DIR) — set ADMIN_TOKEN or the gateway's DATA_DIR.");
  return readFileSync(file, 'utf8').trim();
}

export function createAdminClient(url: string, token: string): AdminClient {
  const call = async (
    method: string,
    path: string,
    body?: string | Uint8Array<ArrayBuffer>,
    accept?: string,
  ): Promise<Response> => {
    const type = typeof body === 'string' ? 'application/json' : 'application/octet-stream';
    return fetch(`${url}/admin${path}`, {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        ...(body === undefined ? {} : { 'content-type': type }),
        ...(accept === undefined ? {} : { accept }),
      },
      ...(body === undefined ? {} : { body }),
    });
  };
  const taken = async <T>(response: Response): Promise<T> => {
    const body = (await response.json()) as { title?: string; code?: string; at?: string };
    if (!response.ok)
      throw new AdminFault(
        `${body.title ?? response.statusText} [${body.code ?? response.status}${body.at === undefined ? '' : ` at ${body.at}`}]`,
        response.status,
      );
    return body as T;
  };
  return {
    url,
    get: async (path) => taken(await call('GET', path)),
    post: async (path, body) => taken(await call('POST', path, JSON.stringify(body))),
    postBytes: async (path, bytes) => taken(await call('POST', path, new Uint8Array(bytes))),
    stream: async (path, accept) => {
      const response = await call('GET', path, undefined, accept);
      return response.ok && response.body !== null ? response.body : taken(response);
    },
    tryPost: async <T>(path: string, body: unknown) => {
      const response = await call('POST', path, JSON.stringify(body));
      if (response.ok || response.status === 422)
        return { status: response.status, body: (await response.json()) as T };
      return taken(response);
    },
  };
}
