/** Wires the gateway for Node: database, keys, HTTP, MLLP listeners, timers. The only place that joins them. */
import { serve, type ServerType } from '@hono/node-server';
import { mkdirSync } from 'node:fs';
import { randomBytes } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { hashSecret } from '../../access/client-secret.ts';
import { base64url } from '../../base/bytes.ts';
import { createGateway, type Gateway } from '../../gateway/gateway.ts';
import { plainAddress } from '../../gateway/mllp-door.ts';
import { finishPending, tick } from '../../gateway/run-jobs.ts';
import { runDeliveries } from '../../gateway/subscriptions/run-deliveries.ts';
import { type AppParts, createApp } from '../../web/app.ts';
import { peerAddress } from '../../web/peer-address.ts';
import type { Clock, Rounds } from '../../ports/clock.ts';
import type { Exposition } from '../../ports/meter.ts';
import type { Outbound } from '../../ports/outbound.ts';
import { countFaults, type Log } from '../create-log.ts';
import { createTimer, systemClock, systemRandom } from './clock.ts';
import { drain } from './drain.ts';
import { announceGateway } from './gateway-file.ts';
import { loadKeys } from './load-keys.ts';
import { log as standardError } from './log.ts';
import { createMllpDoors, type MllpDoors } from './mllp-doors.ts';
import { createOutbound } from '../../outbound/create-outbound.ts';
import { createPinnedTransport } from './pinned-transport.ts';
import { openDatabase } from './open-database.ts';
import { beyond, SettingFault } from '../settings.ts';
import type { Settings } from './settings.ts';
import { createPrometheus } from './prometheus.ts';
import { sourceOfUpstream } from './source-of.ts';
import { readOrMake } from './write-once.ts';

export interface RunningGateway {
  readonly url: string;
  readonly adminToken: string;
  readonly gateway: Gateway;
  readonly doors: MllpDoors;
  /** Takes no new work, finishes what is in hand, closes the database. */
  stop(): Promise<void>;
}

/** Seconds between rounds of sealing and jobs. */
const TICK_SECONDS = 1;

export interface StartOptions {
  /** No token for the overview page, nothing sealed at rest: synthetic people only. */
  readonly demo: boolean;
  /** False: it is there for one command, opens no MLLP listener and tells nobody else where it is. */
  readonly serving?: boolean;
  /** The demo turns its own clock through the months of its region. */
  readonly clock?: Clock;
}

export async function startGateway(
  settings: Settings,
  options: StartOptions = { demo: false },
): Promise<RunningGateway> {
  mkdirSync(settings.DATA_DIR, { recursive: true, mode: 0o700 });
  const adminToken = settings.ADMIN_TOKEN ?? storedToken(settings.DATA_DIR);
  const serving = options.serving !== false;
  const { gateway, outbound, exposition, log } = await openGateway(settings, options);
  await finishPending(gateway);

  const doors = createMllpDoors(gateway, { host: settings.MLLP_HOST, defaultPort: settings.MLLP_PORT, log });
  // A gateway that serves one command opens no doors to the hospitals.
  const reconcile = async (): Promise<void> => (serving ? doors.reconcile() : undefined);
  await reconcile();
  let draining = false;
  const app = createApp({
    gateway,
    adminTokenHash: hashSecret(adminToken),
    demo: options.demo,
    channelsChanged: reconcile,
    mllpPort: settings.MLLP_PORT,
    serving,
    peerOf: peerBehind(settings.TRUSTED_PROXIES.map(plainAddress)),
    ownUrl: urlOf(settings.HOST, settings.PORT),
    draining: () => draining,
    sourceOf: sourceOfUpstream(outbound, process.env),
    ...(settings.PUBLIC_URL === undefined ? {} : { publicUrl: settings.PUBLIC_URL }),
    metrics: {
      exposition,
      ...(settings.METRICS_TOKEN === undefined ? {} : { tokenHash: hashSecret(settings.METRICS_TOKEN) }),
    },
    onFault: ({ code, route, error }) => log.fault(code, { route }, error),
  });
  const server = await listen(app.fetch, settings).catch(async (error: unknown) => {
    await doors.close();
    await gateway.store.close();
    throw error;
  });
  const { port } = server.address() as AddressInfo;
  const url = urlOf(settings.HOST, port);
  const rounds = startRounds(gateway, reconcile, log);
  const withdraw = serving ? announceGateway(settings.DATA_DIR, url) : (): void => undefined;

  let stopping: Promise<void> | undefined;
  const stop = async (): Promise<void> => {
    withdraw();
    draining = true;
    await drain(server, [rounds.stop(), doors.close()]);
    await gateway.store.close();
  };
  return { url, adminToken, gateway, doors, stop: () => (stopping ??= stop()) };
}

interface OpenedGateway {
  readonly gateway: Gateway;
  readonly outbound: Outbound;
  readonly exposition: Exposition;
  /** Its faults are counted by the gateway's meter. */
  readonly log: Log;
}

/** The use cases over their ports: database, keys, the way out, and what is counted. */
async function openGateway(settings: Settings, options: StartOptions): Promise<OpenedGateway> {
  const clock = options.clock ?? systemClock;
  const keys = loadKeys(settings, options);
  const { meter, exposition } = createPrometheus();
  const log = countFaults(standardError, meter);
  const store = await openDatabase(settings, keys, clock, log);
  const outbound = createOutbound(settings.OUTBOUND_HOSTS, createPinnedTransport());
  const gateway = createGateway({
    store,
    clock,
    random: systemRandom,
    keys,
    regionZone: settings.REGION_ZONE,
    publicUrl: settings.PUBLIC_URL ?? urlOf(settings.HOST, settings.PORT),
    ...beyond(settings),
    outbound,
    meter,
    onFault: ({ code, error }) => log.fault(code, {}, error),
  });
  return { gateway, outbound, exposition, log };
}

/** Where a request comes from: the socket's other end, or whom a proxy that is believed names. */
function peerBehind(proxies: readonly string[]): NonNullable<AppParts['peerOf']> {
  return ({ env, req }) =>
    peerAddress({
      socket: (env as { incoming?: IncomingMessage }).incoming?.socket.remoteAddress,
      headers: req.raw.headers,
      proxies,
    });
}

/** Where this machine finds what listens on `host`. */
function urlOf(host: string, port: number): string {
  if (host === '0.0.0.0' || host === '::') return `http://127.0.0.1:${port}`;
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
}

function storedToken(dataDir: string): string {
  return readOrMake(join(dataDir, 'admin.token'), () => base64url(randomBytes(32))).trim();
}

function listen(fetch: (request: Request) => Response | Promise<Response>, settings: Settings): Promise<ServerType> {
  return new Promise((resolve, reject) => {
    const server = serve({ fetch, port: settings.PORT, hostname: settings.HOST }, () => resolve(server));
    server.once('error', (error: NodeJS.ErrnoException) => {
      const taken = error.code === 'EADDRINUSE' || error.code === 'EACCES' || error.code === 'EADDRNOTAVAIL';
      reject(taken ? new SettingFault(`PORT or HOST cannot be listened on (${error.code}) — choose another`) : error);
    });
  });
}

/** Work of our own every second; endpoints, which may be slow or dead, wait for each other and for nothing of ours. */
function startRounds(gateway: Gateway, reconcile: () => Promise<void>, log: Log): Rounds {
  let going = true;
  const hasTime = (): boolean => going;
  const timers = createTimer((error) => log.fault('gateway/tick', {}, error));
  const work = timers.every(TICK_SECONDS, async () => {
    await tick(gateway, hasTime);
    // A door that a stop has closed stays closed.
    if (going) await reconcile();
  });
  const deliveries = timers.every(TICK_SECONDS, async () => void (await runDeliveries(gateway, hasTime)));
  return {
    stop: async () => {
      going = false;
      await Promise.all([work.stop(), deliveries.stop()]);
    },
  };
}
