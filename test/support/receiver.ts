/** A subscriber's endpoint on loopback: what it was sent, and how it answers. */
import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Bundle, Parameters } from 'fhir/r4';

export interface Notice {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  readonly bundle: Bundle;
  readonly type: string;
  /** 0: a handshake. */
  readonly event: number;
  readonly focus: readonly string[];
}

export interface Receiver {
  readonly origin: string;
  readonly notices: Notice[];
  /** Forgets what came. */
  clear(): void;
  /** How each path answers; 204 unless said. A handshake is always taken. */
  readonly answers: Map<string, number>;
  close(): Promise<void>;
}

export async function openReceiver(): Promise<Receiver> {
  const notices: Notice[] = [];
  const answers = new Map<string, number>();
  const server = createServer((request, response) => {
    let text = '';
    request.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
    request.on('end', () => {
      const path = request.url ?? '';
      const notice = noticeOf({ path, headers: request.headers, text });
      notices.push(notice);
      response.writeHead(notice.type === 'handshake' ? 204 : (answers.get(path) ?? 204)).end();
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    notices,
    clear: () => void notices.splice(0),
    answers,
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

function noticeOf(sent: Pick<Notice, 'path' | 'headers' | 'text'>): Notice {
  const bundle = JSON.parse(sent.text) as Bundle;
  const status = bundle.entry?.[0]?.resource as Parameters | undefined;
  const parameter = status?.parameter ?? [];
  const parts = parameter.find(({ name }) => name === 'notification-event')?.part ?? [];
  return {
    ...sent,
    bundle,
    type: parameter.find(({ name }) => name === 'type')?.valueCode ?? '',
    event: Number(parts.find(({ name }) => name === 'event-number')?.valueString ?? 0),
    focus: parts.filter(({ name }) => name === 'focus').map((part) => part.valueReference?.reference ?? ''),
  };
}
