/**
 * Finds a server that hangs. It keeps its sockets and answers nothing, so no limit of its own ends the wait; a slow one
 * looks the same, until it is asked something else.
 */
import type { Rounds, Timer } from '../../ports/clock.ts';

/** Connections that statements wait on. */
export interface Watched {
  /** Called every second: for how many seconds nothing has been answered that somebody waits for. */
  quietSeconds(): number;
  /** Where anybody waits: they hear that the database cannot be used, and new connections are opened. */
  abandon(): void;
}

/** After so many quiet seconds the server is asked over a new connection whether it is there at all. */
const ASK_SECONDS = 5;
/** A server ends a statement after 60 s of its own: an answer that is later than this never comes. */
const ANSWER_SECONDS_MAX = 65;

/** `isThere` opens a connection and asks; false when that fails, within a bound of its own. */
export function watchServer(parts: {
  readonly timer: Timer;
  readonly watched: () => Iterable<Watched>;
  readonly isThere: () => Promise<boolean>;
}): Rounds {
  return parts.timer.every(1, async () => {
    const quiet = [...parts.watched()]
      .map((one) => ({ one, seconds: one.quietSeconds() }))
      .filter(({ seconds }) => seconds >= ASK_SECONDS);
    for (const { one, seconds } of quiet) if (seconds >= ANSWER_SECONDS_MAX) one.abandon();
    if (!quiet.some(({ seconds }) => seconds % ASK_SECONDS === 0) || (await parts.isThere())) return;
    for (const one of parts.watched()) one.abandon();
  });
}
