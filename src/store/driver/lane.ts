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

/** A lane that is being opened; whoever gives it up is told by `ready`. */
export interface OpeningLane extends Watched {
  /** Rejects with our own errors only. */
  readonly ready: Promise<Lane>;
}

export function openLane(settings: ClientSettings): OpeningLane {
  const end = createEnd();
  const client = openClient(settings, 1, end.die);
  const givenUp = Promise.withResolvers<never>();
  let quiet = 0;
  const ready = Promise.race([reserve(client), givenUp.promise]).then(
    (reserved) => laneOver(client, reserved, { settings, end }),
    (error: unknown) => {
      void client.end({ timeout: 0 }).catch(() => undefined);
      throw toFault(error);
    },
  );
  return {
    ready,
    quietSeconds: () => ++quiet,
    abandon: () => givenUp.reject(unavailable('CONNECT_TIMEOUT')),
  };
}

/** The end of a connection: who waits on it hears of it, once. */
interface End {
  dead: StoreUnavailable | undefined;
  readonly waiting: Set<(reason: StoreUnavailable) => void>;
  readonly die: () => void;
}

function createEnd(): End {
  const end: End = {
    dead: undefined,
    waiting: new Set(),
    die: () => {
      end.dead ??= unavailable('CONNECTION_CLOSED');
      for (const reject of end.waiting) reject(end.dead);
      end.waiting.clear();
    },
  };
  return end;
}

function laneOver(
  client: postgres.Sql,
  reserved: postgres.ReservedSql,
  { settings, end }: { readonly settings: ClientSettings; readonly end: End },
): Lane {
  const { waiting } = end;
  let quiet = 0;

  function run(text: string, params: readonly Param[]): Promise<readonly Row[]> {
    return new Promise((resolve, reject) => {
      if (end.dead !== undefined) {
        reject(end.dead);
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
    if (end.dead !== undefined) return client.end({ timeout: 0 }).catch(() => undefined);
    end.dead = unavailable('CONNECTION_ENDED');
    reserved.release();
    await client.end({ timeout: 2 }).catch(() => undefined);
  }

  return {
    alive: () => end.dead === undefined,
    run,
    close,
    // Statements are answered in turn: any answer starts the count anew.
    quietSeconds: () => (waiting.size === 0 ? (quiet = 0) : ++quiet),
    abandon() {
      if (waiting.size > 0) end.die();
    },
  };
}

/** A connection that is reserved before it was ever used is never handed out (postgres.js 3.4.9): use it first. */
async function reserve(client: postgres.Sql): Promise<postgres.ReservedSql> {
  await client.unsafe('select 1');
  return client.reserve();
}
