/**
 * A subscriber that is down for a while, and a gateway that is killed meanwhile: each event arrives at least once, in order per
 * patient, and nothing else stops (issue 02, done when 4). Real processes, real sockets, both databases.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Bundle, Parameters, Subscription } from 'fhir/r4';
import { afterEach, describe, expect, test } from 'vitest';
import { isSignedBy } from '../../src/gateway/subscriptions/notification.ts';
import { readCatalogueFolder } from '../../src/runtime/node/configuration-files.ts';
import { freePort } from '../../src/runtime/node/free-port.ts';
import { type GatewayProcess, startGatewayProcess } from '../support/gateway-process.ts';
import { oru, residentNumber } from '../support/messages.ts';
import { startPostgres } from '../support/postgres.ts';
import { noPostgres } from '../support/required.ts';

interface Event {
  readonly patient: string;
  readonly number: number;
  readonly focus: readonly string[];
}

/** A subscriber's endpoint on a port that stays its own while it is down. */
class Receiver {
  readonly events: Event[] = [];
  readonly refused: string[] = [];
  secret = '';
  private server: Server | undefined;
  readonly port: number;
  constructor(port: number) {
    this.port = port;
  }

  async up(): Promise<void> {
    this.server = createServer((request, response) => {
      let body = '';
      request.setEncoding('utf8').on('data', (chunk: string) => (body += chunk));
      request.on('end', () => {
        const header = (name: string): string => String(request.headers[name]);
        const message = {
          id: header('webhook-id'),
          seconds: header('webhook-timestamp'),
          body,
          signature: header('webhook-signature'),
        };
        if (this.secret !== '' && !isSignedBy(this.secret, message)) this.refused.push('signature');
        this.take(JSON.parse(body) as Bundle);
        response.writeHead(204).end();
      });
    }).listen(this.port, '127.0.0.1');
    await once(this.server, 'listening');
  }

  async down(): Promise<void> {
    const server = this.server as Server;
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  }

  private take(bundle: Bundle): void {
    const [status, ...entries] = bundle.entry ?? [];
    const event = (status?.resource as Parameters | undefined)?.parameter?.find(
      ({ name }) => name === 'notification-event',
    );
    const number = Number(event?.part?.find(({ name }) => name === 'event-number')?.valueString);
    if (event === undefined) return;
    if (entries.some(({ resource }) => resource !== undefined)) this.refused.push('a resource in an id-only payload');
    const focus = (event.part ?? [])
      .filter(({ name }) => name === 'focus')
      .map(({ valueReference }) => valueReference?.reference ?? '');
    // All results of one report have the container's id before the point.
    this.events.push({ patient: '', number, focus });
  }
}

const person = (n: number) =>
  ({
    mrn: `S${n}`,
    national: residentNumber('1980-01-02', 2 * n + 1),
    name: `孙试验${n}`,
    birthDate: '19800102',
    sex: 'M',
  }) as const;
const CATALOGUE = resolve(import.meta.dirname, '../../mappings/catalogue');

const kinds = [
  { name: 'PGlite', open: () => Promise.resolve(undefined) },
  ...(noPostgres() === undefined ? [{ name: 'PostgreSQL', open: startPostgres }] : []),
];

describe.each(kinds)('a subscriber that is down, on $name', (kind) => {
  const folder = mkdtempSync(join(tmpdir(), 'concord-sub-'));
  const cleanups: (() => Promise<unknown>)[] = [];
  afterEach(async () => {
    for (const clean of cleanups.splice(0).toReversed()) await clean();
    rmSync(folder, { recursive: true, force: true });
  });

  test('hears of every event, in order per patient, though the gateway is killed meanwhile', async () => {
    const database = await kind.open();
    if (database !== undefined) cleanups.push(() => database.stop());
    const receiver = new Receiver(await freePort());
    await receiver.up();
    const options = {
      dataDir: folder,
      ...(database === undefined ? {} : { databaseUrl: database.url }),
      env: { OUTBOUND_HOSTS: `http://127.0.0.1:${receiver.port}` },
    };
    let gateway: GatewayProcess = await startGatewayProcess(options);
    cleanups.push(() => gateway.stop());
    const { admin } = gateway;
    await admin.post('/catalogue', readCatalogueFolder(CATALOGUE));
    await admin.post('/facilities', [
      { id: 'lab', name: '试验县医院', level: 2, area: '000001', zone: 'Asia/Shanghai' },
    ]);
    const { channel } = await admin.post<{ channel: string }>('/channels', { facility: 'lab', kind: 'client' });
    const { token } = await admin.post<{ token: string }>('/tokens', { channel });
    const call = (path: string, body: string, type: string): Promise<Response> =>
      fetch(`${gateway.url}${path}`, {
        method: 'POST',
        headers: { authorization: `Bearer ${token}`, 'content-type': type },
        body,
      });
    const send = async (text: string): Promise<void> => {
      const answer = await call('/intake', text, 'application/hl7-v2');
      expect(await answer.text()).toContain('MSA|AA');
    };

    const made = await call(
      '/fhir/Subscription',
      JSON.stringify({
        resourceType: 'Subscription',
        status: 'requested',
        reason: '新结果',
        criteria: 'Observation?code=WBC',
        channel: {
          type: 'rest-hook',
          endpoint: `http://127.0.0.1:${receiver.port}/hook`,
          payload: 'application/fhir+json',
          header: ['X-Own: yes'],
        },
      }),
      'application/fhir+json',
    );
    const subscription = (await made.json()) as Subscription;
    expect([made.status, subscription.status]).toEqual([201, 'active']);
    receiver.secret = subscription.extension?.find(({ url }) => url.endsWith('webhook-secret'))?.valueString ?? '';

    await send(oru({ controlId: 'E0', patient: person(0), filler: 'F0' }));
    await until(() => receiver.events.length === 1);
    await receiver.down();

    const wbc = (value: number): string => `NM|WBC^白细胞^L||${value}|10^9/L|3.5-9.5||||C`;
    let corrections = 0;
    const correct = async (n: number): Promise<void> => {
      corrections++;
      await send(
        oru({
          controlId: `K${corrections}`,
          patient: person(n),
          filler: `F${n}`,
          reported: `202603011${100 + corrections}00`,
          results: [wbc(6 + corrections / 10)],
        }),
      );
    };
    for (const n of [1, 2]) await send(oru({ controlId: `E${n}`, patient: person(n), filler: `F${n}` }));
    await correct(1);
    await gateway.kill();
    gateway = await startGatewayProcess(options);
    const begin = Date.now();
    for (const n of [0, 1, 2, 1, 0]) await correct(n);
    // Intake waits for nobody's endpoint.
    expect(Date.now() - begin).toBeLessThan(5_000);
    await receiver.up();
    await until(
      () => new Set(receiver.events.map(({ focus, number }) => `${focus.join()} ${number}`)).size === 9,
      60_000,
    );

    expect(receiver.refused).toEqual([]);
    const first = new Map<string, number[]>();
    const seen = new Set<string>();
    for (const { focus, number } of receiver.events) {
      const result = focus[0]?.split('/')[1] ?? '';
      if (seen.has(`${result} ${number}`)) continue;
      seen.add(`${result} ${number}`);
      first.set(result, [...(first.get(result) ?? []), number]);
    }
    expect([...first.values()].map((numbers) => numbers.join()).toSorted()).toEqual(['1,2', '1,2,3', '1,2,3,4']);
    await receiver.down();
  }, 120_000);
});

async function until(holds: () => boolean, ms = 20_000): Promise<void> {
  const end = Date.now() + ms;
  while (!holds()) {
    if (Date.now() > end) throw new Error('it did not come to that in time');
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
