/**
 * `npm run prove:kills [-- --short]`: eight MLLP connections under load while the gateway is killed (30 times on
 * PGlite, 30 on PostgreSQL) and the PostgreSQL server is (5 times). What was not acknowledged is sent again; then
 * plain SQL must find one report and one set of entries per control id.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../../src/runtime/node/free-port.ts';
import { type MllpClient, openMllp } from '../../src/runtime/node/mllp-client.ts';
import { openPglite } from '../../src/runtime/node/pglite/open-pglite.ts';
import { type GatewayProcess, startGatewayProcess } from '../support/gateway-process.ts';
import { oru } from '../support/messages.ts';
import { startPostgres, type TestPostgres } from '../support/postgres.ts';
import { openSql } from '../support/sql.ts';

const CONNECTIONS = 8;
const RESULTS = 5;
const SHORT = process.argv.includes('--short');
const KILLS = SHORT ? 4 : 30;
const SERVER_KILLS = SHORT ? 1 : 5;

interface Load {
  readonly sent: Set<string>;
  readonly acknowledged: Set<string>;
  /** Messages whose first byte left and whose answer did not come yet. */
  inFlight: number;
  running: boolean;
}

async function sender(load: Load, lane: number, port: number): Promise<void> {
  let client: MllpClient | undefined;
  for (let number = 0; load.running; number++) {
    const controlId = `K${lane}-${number}`;
    const bytes = new TextEncoder().encode(
      oru({ controlId, patient: { mrn: `M${lane}-${number % 7}`, name: '杀试验', birthDate: '19800101', sex: 'F' } }),
    );
    load.sent.add(controlId);
    while (load.running && !load.acknowledged.has(controlId)) {
      try {
        client ??= await openMllp({ host: '127.0.0.1', port, answerSeconds: 10 });
        load.inFlight++;
        const ack = await client.send(bytes).finally(() => load.inFlight--);
        const text = new TextDecoder().decode(ack);
        if (text.includes(`MSA|AA|${controlId}`)) load.acknowledged.add(controlId);
        else throw new Error('not acknowledged');
      } catch {
        await client?.close().catch(() => undefined);
        client = undefined;
        await wait(20);
      }
    }
  }
  await client?.close().catch(() => undefined);
}

const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

async function configure(gateway: GatewayProcess, port: number): Promise<void> {
  await gateway.admin.post('/facilities', [
    { id: 'kill', name: '试验医院', level: 3, area: '000000', zone: 'Asia/Shanghai' },
  ]);
  await gateway.admin.post('/channels', { facility: 'kill', kind: 'mllp', port });
}

/** Kills the gateway again and again under load; resolves when every message sent was acknowledged. */
async function proveGateway(name: string, server: TestPostgres | undefined): Promise<boolean> {
  const dataDir = mkdtempSync(join(tmpdir(), 'concord-kills-'));
  const port = await freePort();
  const start = (): Promise<GatewayProcess> =>
    startGatewayProcess({ dataDir, ...(server === undefined ? {} : { databaseUrl: server.url }) });
  let gateway = await start();
  await configure(gateway, port);
  const load: Load = { sent: new Set(), acknowledged: new Set(), inFlight: 0, running: true };
  const senders = Array.from({ length: CONNECTIONS }, (_, lane) => sender(load, lane, port));
  let between = 0;
  for (let kill = 0; kill < KILLS; kill++) {
    await underLoad(load);
    await wait(30 + ((kill * 37) % 170));
    if (load.inFlight > 0) between++;
    await gateway.kill();
    gateway = await start();
  }
  const serverKills = server === undefined ? 0 : SERVER_KILLS;
  for (let kill = 0; kill < serverKills; kill++) {
    await underLoad(load);
    await wait(50);
    await server?.kill();
    await wait(300);
    await server?.start();
  }
  await underLoad(load);
  await settle(load, senders);
  await gateway.stop();
  const right = await inspect(name, { load, between, serverKills }, server?.url ?? dataDir, server === undefined);
  rmSync(dataDir, { recursive: true, force: true });
  return right;
}

/** Waits until messages are acknowledged again. */
async function underLoad(load: Load): Promise<void> {
  const before = load.acknowledged.size;
  for (let tries = 0; load.acknowledged.size < before + CONNECTIONS; tries++) {
    if (tries > 3000) throw new Error('the gateway does not come back under load');
    await wait(20);
  }
}

/** Lets every sender finish the message it is at. */
async function settle(load: Load, senders: readonly Promise<void>[]): Promise<void> {
  const target = new Set(load.sent);
  while (![...target].every((id) => load.acknowledged.has(id))) await wait(20);
  load.running = false;
  await Promise.all(senders);
}

async function inspect(
  name: string,
  run: { readonly load: Load; readonly between: number; readonly serverKills: number },
  where: string,
  embedded: boolean,
): Promise<boolean> {
  const database = embedded ? await openPglite({ dataDir: join(where, 'pglite') }) : undefined;
  const sql = openSql(database?.url ?? where);
  const one = async (query: string): Promise<number> => Number((await sql.unsafe(query))[0]?.['n'] ?? -1);
  const found = {
    envelopes: await one('select count(*) as n from envelope'),
    controlIds: await one('select count(distinct control_mac) as n from envelope'),
    unfinished: await one(`select count(*) as n from envelope where outcome is null or outcome <> 'stored'`),
    reports: await one(`select count(*) as n from directory where kind = 'report'`),
    versions: await one('select count(*) as n from container'),
    entries: await one('select count(*) as n from result_entry where known_to is null'),
    doubled: await one(
      'select count(*) as n from (select 1 from result_entry where known_to is null group by bucket, container, element having count(*) > 1) twice',
    ),
    short: await one(
      `select count(*) as n from (select container from result_entry where known_to is null group by container having count(*) <> ${RESULTS}) odd`,
    ),
  };
  await sql.end();
  await database?.close();
  const acknowledged = run.load.acknowledged.size;
  const right =
    run.between * 2 >= KILLS &&
    found.envelopes >= acknowledged &&
    found.envelopes === found.controlIds &&
    found.envelopes <= run.load.sent.size &&
    found.unfinished === 0 &&
    found.reports === found.envelopes &&
    found.versions === found.reports &&
    found.entries === RESULTS * found.reports &&
    found.doubled === 0 &&
    found.short === 0;
  console.log(
    `${name}: ${KILLS} kills of the gateway, ${run.between} between a first byte and its ACK; ${run.serverKills} kills of the server`,
  );
  console.log(
    `  sent ${run.load.sent.size}, acknowledged ${acknowledged}; ${JSON.stringify(found)} → ${right ? 'one report and one set of entries each' : 'WRONG'}`,
  );
  return right;
}

const embeddedRight = await proveGateway('PGlite', undefined);
const server = await startPostgres({ durable: true });
try {
  const serverRight = await proveGateway(`PostgreSQL (${server.source})`, server);
  process.exitCode = embeddedRight && serverRight ? 0 : 1;
} finally {
  await server.stop();
}
