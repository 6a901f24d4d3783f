/**
 * A lane: one connection for transactions, used by one transaction at a time and thrown away with the
 * first sign of death. postgres.js would go on writing to a lost connection, or run a queued statement
 * of a lost transaction on a new one; a lane never outlives its connection, so neither can happen.
 */
import type postgres from 'postgres';
import type { StoreUnavailable } from '../../ports/store.ts';
import type { Param, Row } from './client.ts';
import { type ClientSettings, openClient } from './client.ts';
import { toFault, unavailable } from './fault.ts';
import type { Watched } from './watch.ts';

export interface Lane extends Watched {
  alive(): boolean;
  /** Statements are sent in order without waiting for one another. Rejects with our own errors only. */
  run(text: string, params: readonly Param[]): Promise<readonly Row[]>;
  close(): Promise<void>;
}

export async function openLane(settings: ClientSettings): Promise<Lane> {
  let dead: StoreUnavailable | undefined;
  const waiting = new Set<(reason: StoreUnavailable) => void>();
  let quiet = 0;
  const die = (): void => {
    dead ??= unavailable('CONNECTION_CLOSED');
    for (const reject of waiting) reject(dead);
    waiting.clear();
  };
  const client = openClient(settings, 1, die);
  const discard = (): Promise<void> => client.end({ timeout: 0 }).catch(() => undefined);
  const reserved = await reserve(client).catch(async (error: unknown) => {
    await discard();
    throw toFault(error);
  });

  function run(text: string, params: readonly Param[]): Promise<readonly Row[]> {
    return new Promise((resolve, reject) => {
      if (dead !== undefined) {
        reject(dead);
        return;
      }
      waiting.add(reject);
      reserved.unsafe(text, params as never[], { prepare: settings.prepare, simple: false } as never).then(
        (rows) => {
          quiet = 0;
          waiting.delete(reject);
          resolve(rows);
        },
        (error: unknown) => {
          quiet = 0;
          waiting.delete(reject);
          reject(toFault(error));
        },
      );
    });
  }

  async function close(): Promise<void> {
    if (dead !== undefined) return discard();
    dead = unavailable('CONNECTION_ENDED');
    reserved.release();
    await client.end({ timeout: 2 }).catch(() => undefined);
  }

  return {
    alive: () => dead === undefined,
    run,
    close,
    // Statements are answered in turn: any answer starts the count anew.
    quietSeconds: () => (waiting.size === 0 ? (quiet = 0) : ++quiet),
    abandon() {
      if (waiting.size > 0) die();
    },
  };
}

/** A connection that is reserved before it was ever used is never handed out (postgres.js 3.4.9): use it first. */
async function reserve(client: postgres.Sql): Promise<postgres.ReservedSql> {
  await client.unsafe('select 1');
  return client.reserve();
}
