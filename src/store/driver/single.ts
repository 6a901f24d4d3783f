/**
 * One connection for reads and transactions alike, opened when it is first needed and given up by `release`: for
 * Workers, where a socket belongs to one request. Statements go out in turn; a transaction holds the turn to its end.
 */
import { StoreUnavailable } from '../../ports/store.ts';
import { type ClientSettings, type Param } from './client.ts';
import { type Database, RETRIES_MAX, transact, type TxSession } from './database.ts';
import { isRetried, toFault } from './fault.ts';
import { type Lane, openLane } from './lane.ts';

export interface SingleDatabase extends Database {
  /** Waits for what is under way, then closes the connection; the next statement opens another. */
  release(): Promise<void>;
}

/** Turns of the microtask queue without a statement after which nothing follows of itself. */
const QUIET_TURNS = 50;

export function openSingle(settings: ClientSettings): SingleDatabase {
  let lane: Lane | undefined;
  let turn: Promise<void> = Promise.resolve();
  const underWay = new Set<Promise<unknown>>();
  let full = false;

  async function connected(): Promise<Lane> {
    if (lane?.alive() === true) return lane;
    const dead = lane;
    lane = undefined;
    await dead?.close();
    return (lane = await openLane(settings).ready);
  }

  /** `start` resolves when the turn may pass on, with a promise of the answer in hand. */
  function inTurn<T>(start: (lane: Lane) => Promise<{ readonly answer: Promise<T> }>): Promise<T> {
    const result = turn.then(async () => start(await connected()));
    turn = result.then(
      () => undefined,
      () => undefined,
    );
    const answered = result.then(({ answer }) => answer);
    underWay.add(answered);
    const forget = (): void => void underWay.delete(answered);
    answered.then(forget, forget);
    return answered;
  }

  async function run<R>(text: string, params: readonly Param[] = []): Promise<readonly R[]> {
    try {
      // Sent, not yet answered: the next may follow at once.
      return (await inTurn((open) => Promise.resolve({ answer: open.run(text, params) }))) as readonly R[];
    } catch (error) {
      throw toFault(error);
    }
  }

  async function transaction<T>(work: (tx: TxSession) => Promise<T>): Promise<T> {
    for (let attempt = 0; ; attempt++) {
      try {
        return await inTurn(async (open) => ({ answer: Promise.resolve(await transact(open, work)) }));
      } catch (error) {
        full ||= error instanceof StoreUnavailable && error.full;
        if (attempt === RETRIES_MAX || !isRetried(error)) throw error;
      }
    }
  }

  async function release(): Promise<void> {
    for (let quiet = 0; quiet < QUIET_TURNS; quiet++) {
      if (underWay.size === 0) await Promise.resolve();
      else {
        quiet = 0;
        await Promise.allSettled(underWay);
      }
    }
    const done = lane;
    lane = undefined;
    await done?.close();
  }

  const foundRoom = (): void => {
    full = false;
  };
  return { run, transaction, isFull: () => full, foundRoom, release, close: release };
}
