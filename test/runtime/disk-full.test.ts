/** A disk without room: nothing is acknowledged that is not kept, and all goes on by itself once there is room. */
import { chownSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { LIMITS } from '../../src/base/limits.ts';
import { freePort } from '../../src/runtime/node/free-port.ts';
import { openMllp } from '../../src/runtime/node/mllp-client.ts';
import { openPglite } from '../../src/runtime/node/pglite/open-pglite.ts';
import { bytesFree } from '../../src/runtime/node/room.ts';
import { type GatewayProcess, startGatewayProcess } from '../support/gateway-process.ts';
import { oru } from '../support/messages.ts';
import { startPostgres, type TestPostgres } from '../support/postgres.ts';
import { noPostgresOfOurs, noTinyDisk } from '../support/required.ts';
import { openSql } from '../support/sql.ts';
import { embeddedClient, testFolder } from '../support/store-kit.ts';
import { openTinyDisk, type TinyDisk } from '../support/tiny-disk.ts';

const NOBODY = 65534;
const noDisk = noTinyDisk();
const noServer = noPostgresOfOurs();
/** Characters of a report's text that no compression makes small. */
const BULK = 300_000;
const MESSAGES_MAX = 400;

interface Sender {
  readonly gateway: GatewayProcess;
  readonly mllpPort: number;
  send(controlId: string): Promise<{ readonly status: number; readonly code?: string; readonly retryAfter: number }>;
  readonly acknowledged: Set<string>;
}

/** A facility with a client and an MLLP channel. */
async function configured(gateway: GatewayProcess): Promise<Sender> {
  const mllpPort = await freePort();
  await gateway.admin.post('/facilities', [
    { id: 'disk', name: '试验医院', level: 3, area: '000000', zone: 'Asia/Shanghai' },
  ]);
  await gateway.admin.post('/channels', { id: 'disk-client', facility: 'disk', kind: 'client' });
  await gateway.admin.post('/channels', { facility: 'disk', kind: 'mllp', port: mllpPort });
  const { token } = await gateway.admin.post<{ token: string }>('/tokens', { channel: 'disk-client' });
  const acknowledged = new Set<string>();
  return {
    gateway,
    mllpPort,
    acknowledged,
    async send(controlId) {
      const response = await fetch(`${gateway.url}/intake`, {
        method: 'POST',
        headers: { authorization: `Bearer ${token}` },
        body: bulky(controlId),
      });
      const text = await response.text();
      if (text.includes(`MSA|AA|${controlId}`)) acknowledged.add(controlId);
      const code = response.ok ? undefined : (JSON.parse(text) as { code: string }).code;
      return {
        status: response.status,
        ...(code === undefined ? {} : { code }),
        retryAfter: Number(response.headers.get('retry-after')),
      };
    },
  };
}

function bulky(controlId: string): string {
  let bulk = '';
  while (bulk.length < BULK) bulk += Math.random().toString(36).slice(2);
  return oru({ controlId, filler: controlId, results: [`TX|NOTE^x^L||${bulk}||||||F`] });
}

/** Sends until one is refused; answers that refusal. */
async function fill(sender: Sender): Promise<Awaited<ReturnType<Sender['send']>>> {
  for (let number = 0; number < MESSAGES_MAX; number++) {
    const answer = await sender.send(`F${number}`);
    if (answer.status !== 200) return answer;
  }
  throw new Error('the disk did not fill');
}

async function ready(gateway: GatewayProcess): Promise<readonly string[]> {
  const response = await fetch(`${gateway.url}/readyz`);
  if (response.ok) return [];
  const { reasons } = (await response.json()) as { reasons: { code: string }[] };
  return reasons.map(({ code }) => code);
}

/** What holds of any full disk: refused and not kept, told, silent over MLLP, and mended without a restart. */
async function proveFull(sender: Sender, disk: TinyDisk): Promise<void> {
  const { gateway, mllpPort, acknowledged } = sender;
  expect(await ready(gateway)).toEqual([]);
  expect(await fill(sender)).toEqual({ status: 503, code: 'gateway/database-full', retryAfter: 30 });
  expect(acknowledged.size).toBeGreaterThan(5);
  for (const controlId of ['R1', 'R2', 'R3']) expect((await sender.send(controlId)).status).toBe(503);
  expect(await ready(gateway)).toEqual(['gateway/database-full']);
  expect((await fetch(`${gateway.url}/healthz`)).status).toBe(200);
  const silent = await openMllp({ host: '127.0.0.1', port: mllpPort, answerSeconds: 5 });
  await expect(silent.send(new TextEncoder().encode(bulky('M1')))).rejects.toThrow();
  await silent.close().catch(() => undefined);

  disk.grow(600);
  await expect.poll(() => ready(gateway), { timeout: 20_000 }).toEqual([]);
  // What was refused is sent again, and is new.
  for (const controlId of ['R1', 'R2', 'R3', 'M1']) expect((await sender.send(controlId)).status).toBe(200);
}

/** One report and one envelope per message that was acknowledged, and none beside them. */
async function proveKept(url: string, acknowledged: ReadonlySet<string>): Promise<void> {
  const sql = openSql(url);
  const [kept] = await sql`select (select count(*)::int from envelope) as envelopes,
    (select count(*)::int from container where kind = 'report') as reports,
    (select count(*)::int from job) as jobs`;
  expect(kept).toEqual({ envelopes: acknowledged.size, reports: acknowledged.size, jobs: 0 });
  await sql.end();
}

describe.skipIf(noDisk !== undefined)(
  `a disk without room${noDisk === undefined ? '' : ` (skipped: ${noDisk})`}`,
  () => {
    const own = testFolder();
    let disk: TinyDisk;
    let gateway: GatewayProcess | undefined;
    beforeEach(() => {
      disk = openTinyDisk(120 + LIMITS.diskBytesMin / 1024 / 1024);
    });
    afterEach(async () => {
      await gateway?.kill();
      disk.close();
      own.remove();
    });

    test('under the embedded database is told before it is full, and every acknowledged message is there after a restart', async () => {
      const dataDir = join(disk.folder, 'data');
      gateway = await startGatewayProcess({ dataDir });
      const sender = await configured(gateway);
      await proveFull(sender, disk);
      expect(bytesFree(disk.folder)).toBeGreaterThan(LIMITS.diskBytesMin);
      // No farewell: what was acknowledged does not need one.
      await gateway.kill();
      gateway = await startGatewayProcess({ dataDir });
      await proveKept(`unix:${join(dataDir, 'pglite', 'db.sock')}`, sender.acknowledged);
    });

    test('that fills at once under the embedded database ends the thread that spins, and loses nothing that was committed', async () => {
      // Room for a few segments of the log, and nobody looks how much is left.
      disk.close();
      disk = openTinyDisk(84);
      const database = await openPglite({ dataDir: join(disk.folder, 'pglite'), workSecondsMax: 3 });
      const writer = embeddedClient(database.url, { max: 1 });
      await writer`create table kept (n int, filler text)`;
      let committed = 0;
      const lost = (async (): Promise<never> => {
        for (;;) {
          await writer.begin((sql) => sql`insert into kept values (${committed}, ${bulky('x')})`);
          committed++;
        }
      })();
      await expect(lost).rejects.toThrow();
      expect(committed).toBeGreaterThan(5);
      disk.grow(300);
      const counted = async (): Promise<unknown> => [...(await writer`select count(*)::int as n from kept`)];
      await expect.poll(() => counted().catch(() => 'away'), { timeout: 30_000, interval: 200 }).not.toBe('away');
      const [row] = (await counted()) as { n: number }[];
      // The one that was not answered may be there.
      expect([committed, committed + 1]).toContain(row?.n);
      await writer.end();
      await database.close();
    });

    test.skipIf(noServer !== undefined)(
      `under PostgreSQL's tables is told by it${noServer === undefined ? '' : ` (skipped: ${noServer})`}`,
      async () => {
        const server: TestPostgres = await startPostgres();
        const tables = join(disk.folder, 'tables');
        mkdirSync(tables, { mode: 0o700 });
        if (process.getuid?.() === 0) chownSync(tables, NOBODY, NOBODY);
        disk.grow(60);
        const sql = openSql(server.url);
        await sql.unsafe(`create tablespace small location '${tables}'`);
        await sql.unsafe('create database small tablespace small');
        await sql.end();
        const url = new URL(server.url);
        url.pathname = '/small';
        gateway = await startGatewayProcess({ dataDir: join(own.folder, 'data'), databaseUrl: url.href });
        const sender = await configured(gateway);
        await proveFull(sender, disk);
        await proveKept(url.href, sender.acknowledged);
        await gateway.kill();
        await server.stop();
      },
    );
  },
);
