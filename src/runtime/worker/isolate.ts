/**
 * What an isolate keeps between requests. Sockets belong to the request that opened them, memory does not: so that there
 * are slots, each a gateway with its application, that serve one request at a time and then give up their connection.
 * Reference data and the rate limit are shared by all slots.
 */
import { hashSecret } from '../../access/client-secret.ts';
import { createRateLimiter } from '../../access/rate-limit.ts';
import { LIMITS } from '../../base/limits.ts';
import { createGateway, type Gateway } from '../../gateway/gateway.ts';
import type { ReferenceMemory } from '../../gateway/reference-cache.ts';
import { createOutbound } from '../../outbound/create-outbound.ts';
import { fetchTransport } from '../../outbound/fetch-transport.ts';
import type { Clock, Randomness } from '../../ports/clock.ts';
import { openRequestStore, type RequestStore } from '../../store/open-store.ts';
import type { Instant } from '../../terms/instant.ts';
import { createApp } from '../../web/app.ts';
import { createLog } from '../create-log.ts';
import { keysOf } from '../keys.ts';
import { createNobleCipher } from './noble-cipher.ts';
import { beyond } from '../settings.ts';
import { readWorkerSettings } from './worker-settings.ts';

/** Slots that stay when nobody uses them. */
const IDLE_MAX = 16;

export const log = createLog((line) => console.log(line));

const clock: Clock = { now: () => new Date().toISOString() as Instant };

const random: Randomness = {
  uuid: () => crypto.randomUUID(),
  bytes: (count) => crypto.getRandomValues(new Uint8Array(count)),
};

export interface Slot {
  readonly gateway: Gateway;
  readonly app: ReturnType<typeof createApp>;
}

export interface Isolate {
  /**
   * Runs `work` in a slot of its own; what it hands back is there at once, while `after` closes the slot's connection when
   * `later` is done too. Throws SchemaMismatch when the database is of another version.
   */
  within<T>(work: (slot: Slot) => Promise<T>, later?: (slot: Slot) => Promise<void>): Promise<Lent<T>>;
}

export interface Lent<T> {
  readonly value: T;
  /** To be waited for behind the answer's back. Never rejects. */
  readonly after: Promise<void>;
}

/** Throws SettingFault. */
export function createIsolate(env: Readonly<Record<string, unknown>>): Isolate {
  const open = slotsOf(env);
  const idle: (Slot & Pick<RequestStore, 'checkSchema' | 'release'>)[] = [];
  let isSchemaKnown = false;

  return {
    async within(work, later) {
      const slot = idle.pop() ?? open();
      const close = async (): Promise<void> => {
        await later?.(slot).catch((error: unknown) => log.fault('worker/later', {}, error));
        await slot.release();
        if (idle.length < IDLE_MAX) idle.push(slot);
      };
      const giveUp = (): Promise<void> => close().catch((error: unknown) => log.fault('worker/release', {}, error));
      try {
        if (!isSchemaKnown) await slot.checkSchema();
        isSchemaKnown = true;
        const value = await work(slot);
        return { value, after: giveUp() };
      } catch (error) {
        await slot.release().catch(() => undefined);
        throw error;
      }
    },
  };
}

function slotsOf(env: Readonly<Record<string, unknown>>): () => Slot & Pick<RequestStore, 'checkSchema' | 'release'> {
  const settings = readWorkerSettings(env);
  const keys = keysOf(
    {
      textOf: (name) => settings[name],
      oldTokens: settings.TOKEN_KEYS_OLD,
      oldCiphers: settings.CIPHER_KEYS_OLD,
    },
    (key, old) => createNobleCipher(random, key, old),
  );
  const adminTokenHash = hashSecret(settings.ADMIN_TOKEN);
  const referenceMemory: ReferenceMemory = { held: undefined, checkedAt: 0 };
  const limiter = createRateLimiter({ perSecond: LIMITS.requestsPerSecond, burst: LIMITS.requestsBurst });
  const peerHeader = settings.PEER_HEADER;

  return () => {
    const { store, checkSchema, release } = openRequestStore({
      url: settings.DB?.connectionString ?? settings.DATABASE_URL ?? '',
      keys,
      clock,
      prepare: settings.DATABASE_PREPARE,
      pooled: settings.DB !== undefined || settings.DATABASE_POOLED,
    });
    const gateway = createGateway({
      store,
      clock,
      random,
      keys,
      regionZone: settings.REGION_ZONE,
      referenceMemory,
      ...(settings.PUBLIC_URL === undefined ? {} : { publicUrl: settings.PUBLIC_URL }),
      ...beyond(settings),
      outbound: createOutbound(settings.OUTBOUND_HOSTS, fetchTransport),
      onFault: ({ code, error }) => log.fault(code, {}, error),
    });
    const app = createApp({
      intakeBytesMax: LIMITS.messageBytesMax,
      gateway,
      adminTokenHash,
      demo: false,
      limiter,
      // MLLP and folders are a Node gateway's, on the same database.
      listens: false,
      channelsChanged: () => Promise.resolve(),
      ...(peerHeader === undefined ? {} : { peerOf: ({ req }) => req.header(peerHeader) }),
      ...(settings.PUBLIC_URL === undefined ? {} : { publicUrl: settings.PUBLIC_URL }),
      onFault: ({ code, route, error }) => log.fault(code, { route }, error),
    });
    return { gateway, app, checkSchema, release };
  };
}
