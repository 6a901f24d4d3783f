/** The database as sessions: reads on a small pool, transactions on lanes, all of them pipelined. */
import { StoreUnavailable } from '../../ports/store.ts';
import type { Timer } from '../../ports/clock.ts';
import { type ClientSettings, openClient, type Param, type Row } from './client.ts';
import { DISK_FULL, isAftermath, isRetried, isSqlState, unavailable } from './fault.ts';
import { type Lane, openLane } from './lane.ts';
import { openReaders } from './readers.ts';
import { type Question, type Watched, watchServer } from './watch.ts';

export const RETRIES_MAX = 5;
/** Transactions that may wait for a lane; more are turned away at once. */
const WAITING_MAX = 4_000;

/** Runs statements. `R` is what the statement's select list says; the caller vouches for it. */
export interface Session {
  run<R = Row>(text: string, params?: readonly Param[]): Promise<readonly R[]>;
}

export interface TxSession extends Session {
  /**
   * Sends a statement without waiting for it. Its failure fails the transaction, at the latest when
   * it commits: one round trip carries all of a message's writes and the commit.
   */
  send(text: string, params?: readonly Param[]): void;
  /**
   * Like `send`, but for a lone INSERT that nothing else in the transaction waits for: those in a row go
   * out as one statement, at the latest with the commit. `name` tells the kinds apart.
   */
  defer(name: string, text: string, params: readonly Param[]): void;
  /** Runs when the work is done and before the commit; may send and defer. */
  beforeCommit(last: () => void): void;
}

export interface Database extends Session {
  transaction<T>(work: (tx: TxSession) => Promise<T>): Promise<T>;
  /** A transaction found no room on the disk, and nobody has said since that there is. */
  isFull(): boolean;
  /** There is room again. Small writes that fit into what is there do not tell. */
  foundRoom(): void;
  close(): Promise<void>;
}

export interface DatabaseSettings extends ClientSettings {
  readonly lanes: number;
  readonly readers: number;
  /** False: nothing more is written. Asked before each transaction. */
  readonly hasRoom?: () => boolean;
  /** By which a server that hangs is found; absent: it is waited for. */
  readonly timer?: Timer;
}

export function openDatabase(settings: DatabaseSettings): Database {
  const readers = openReaders(settings, settings.readers);
  const lanes = createLanes(settings);
  const { timer } = settings;
  const watch =
    timer === undefined
      ? undefined
      : watchServer({ timer, watched: () => [readers, ...lanes.all()], ask: () => askServer(settings) });
  let full = false;

  async function transaction<T>(work: (tx: TxSession) => Promise<T>): Promise<T> {
    if (settings.hasRoom?.() === false) throw unavailable(DISK_FULL);
    for (let attempt = 0; ; attempt++) {
      const lane = await lanes.take();
      try {
        return await transact(lane, work);
      } catch (error) {
        full ||= error instanceof StoreUnavailable && error.full;
        if (attempt === RETRIES_MAX || !isRetried(error)) throw error;
      } finally {
        lanes.give(lane);
      }
    }
  }

  return {
    run: (text, params) => readers.run(text, params),
    transaction,
    isFull: () => full || settings.hasRoom?.() === false,
    foundRoom: () => {
      full = false;
    },
    close: async () => {
      await watch?.stop();
      await Promise.all([lanes.close(), readers.close()]);
    },
  };
}

/** A new connection that asks for nothing much; a refusal is an answer too. */
function askServer(settings: ClientSettings): Question {
  const client = openClient(settings, 1, () => undefined);
  return {
    answer: client.unsafe('select 1').then(
      () => true,
      (error: unknown) => isSqlState((error as { code?: unknown }).code),
    ),
    cancel: () => void client.end({ timeout: 0 }).catch(() => undefined),
  };
}

/**
 * Begin, work and commit on one lane. The begin and the commit cost no round trip of their own; a transaction of one
 * deferred statement, which is whole by itself, goes without them.
 */
export async function transact<T>(lane: Lane, work: (tx: TxSession) => Promise<T>): Promise<T> {
  let first: unknown;
  let open = true;
  let begun = false;
  const sent: Promise<unknown>[] = [];
  const note = (error: unknown): void => {
    if (first === undefined && !isAftermath(error)) first = error;
  };
  const put = (text: string, params: readonly Param[] = []): Promise<readonly Row[]> => {
    const answer = lane.run(text, params);
    sent.push(answer.catch(note));
    return answer;
  };
  const issue = (text: string, params: readonly Param[]): Promise<readonly Row[]> => {
    if (!open) return Promise.reject(new Error('a transaction was used after its end'));
    if (!begun) {
      begun = true;
      void put('begin').catch(() => undefined);
    }
    return put(text, params);
  };
  const send = (text: string, params: readonly Param[] = []): void => void issue(text, params).catch(() => undefined);
  let deferred: Deferred[] = [];
  const flush = (by: (text: string, params: readonly Param[]) => void = send): void => {
    if (deferred.length === 0) return;
    const parts = deferred;
    deferred = [];
    by(
      combined(parts),
      parts.flatMap(({ params }) => params),
    );
  };
  const hooks: (() => void)[] = [];
  const tx: TxSession = {
    run: <R>(text: string, params: readonly Param[] = []) => {
      flush();
      return issue(text, params) as Promise<readonly R[]>;
    },
    send: (text, params) => {
      flush();
      send(text, params);
    },
    defer: (name, text, params) => {
      if (deferred.some((part) => part.name === name)) flush();
      deferred.push({ name, text, params });
    },
    beforeCommit: (last) => void hooks.push(last),
  };
  try {
    const value = await work(tx);
    for (const last of hooks) last();
    // One without any statement begins all the same: it tells that the database is there.
    if (!begun && deferred.length > 0) flush((text, params) => void put(text, params).catch(() => undefined));
    else {
      flush();
      send('commit');
    }
    open = false;
    await Promise.all(sent);
    if (first !== undefined) throw first;
    return value;
  } catch (error) {
    open = false;
    if (begun) await lane.run('rollback', []).catch(() => undefined);
    throw (isAftermath(error) || error instanceof StoreUnavailable) && first !== undefined ? first : error;
  }
}

interface Deferred {
  readonly name: string;
  readonly text: string;
  readonly params: readonly Param[];
}

/** Texts of combinations by the names of their parts. */
const COMBINED = new Map<string, string>();

/** Several INSERTs as one statement: each but the last is a WITH part, its parameters numbered on. */
function combined(parts: readonly Deferred[]): string {
  const key = parts.map(({ name }) => name).join();
  const known = COMBINED.get(key);
  if (known !== undefined) return known;
  let offset = 0;
  const texts = parts.map(({ text, params }) => {
    const from = offset;
    offset += params.length;
    return text.replaceAll(/\$(\d+)/g, (_, number: string) => `$${Number(number) + from}`);
  });
  const last = texts.pop() ?? '';
  const text = texts.length === 0 ? last : `with ${texts.map((part, n) => `p${n} as (${part})`).join(', ')} ${last}`;
  COMBINED.set(key, text);
  return text;
}

interface Lanes {
  take(): Promise<Lane>;
  give(lane: Lane): void;
  /** Those at work, those at rest and those that are being opened. */
  all(): readonly Watched[];
  close(): Promise<void>;
}

/** Lanes are opened when needed, handed out first come first served, and replaced when they die. */
function createLanes(settings: DatabaseSettings): Lanes {
  const idle: Lane[] = [];
  const all = new Set<Watched>();
  const waiting: { resolve(lane: Lane): void; reject(error: unknown): void }[] = [];
  let opened = 0;
  let closed = false;

  function open(): void {
    opened++;
    const opening = openLane(settings);
    all.add(opening);
    opening.ready.then(
      (lane) => {
        all.delete(opening);
        all.add(lane);
        give(lane);
      },
      (error: unknown) => {
        all.delete(opening);
        opened--;
        // The database is away: whoever waits hears it now instead of waiting for its return.
        for (const waiter of waiting.splice(0)) waiter.reject(error);
      },
    );
  }

  function take(): Promise<Lane> {
    if (closed) return Promise.reject(unavailable('CONNECTION_ENDED'));
    for (let lane = idle.pop(); lane !== undefined; lane = idle.pop()) {
      if (lane.alive()) return Promise.resolve(lane);
      discard(lane);
    }
    if (waiting.length >= WAITING_MAX) return Promise.reject(unavailable('BUSY'));
    return new Promise((resolve, reject) => {
      waiting.push({ resolve, reject });
      if (opened < settings.lanes) open();
    });
  }

  function give(lane: Lane): void {
    if (!lane.alive() || closed) {
      discard(lane);
      if (waiting.length > 0 && !closed) open();
      return;
    }
    const waiter = waiting.shift();
    if (waiter === undefined) idle.push(lane);
    else waiter.resolve(lane);
  }

  function discard(lane: Lane): void {
    opened--;
    all.delete(lane);
    void lane.close();
  }

  async function close(): Promise<void> {
    closed = true;
    for (const waiter of waiting.splice(0)) waiter.reject(unavailable('CONNECTION_ENDED'));
    await Promise.all(idle.splice(0).map((lane) => lane.close()));
  }

  return { take, give, all: () => [...all], close };
}
