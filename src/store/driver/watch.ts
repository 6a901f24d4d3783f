/**
 * Finds a server that hangs. It keeps its sockets and answers nothing, so no limit of its own ends the wait; a slow one
 * looks the same, until it is asked something else. Seconds are counted by the rounds of one timer.
 */
import type { Rounds, Timer } from '../../ports/clock.ts';

/** Connections that somebody waits on. */
export interface Watched {
  /** Called every second: for how many seconds nothing has been answered that somebody waits for. */
  quietSeconds(): number;
  /** Where anybody waits: they hear that the database cannot be used, and new connections are opened. */
  abandon(): void;
}

/** A question over a new connection. */
export interface Question {
  /** True: the server said something, be it a refusal. */
  readonly answer: Promise<boolean>;
  cancel(): void;
}

/** After so many quiet seconds the server is asked whether it is there at all, and for as many it is waited for. */
const ASK_SECONDS = 5;
/** A server ends a statement after 60 s of its own: an answer that is later than this never comes. */
const ANSWER_SECONDS_MAX = 65;

export function watchServer(parts: {
  readonly timer: Timer;
  readonly watched: () => readonly Watched[];
  readonly ask: () => Question;
}): Rounds {
  let asked: { readonly question: Question; seconds: number; isThere?: boolean } | undefined;

  const ask = (): void => {
    const question = parts.ask();
    const open: typeof asked = { question, seconds: 0 };
    question.answer.then(
      (isThere) => (open.isThere = isThere),
      () => (open.isThere = false),
    );
    asked = open;
  };
  const settle = (): void => {
    if (asked === undefined) return;
    asked.seconds++;
    if (asked.isThere === undefined && asked.seconds < ASK_SECONDS) return;
    asked.question.cancel();
    if (asked.isThere !== true) for (const one of parts.watched()) one.abandon();
    asked = undefined;
  };
  const rounds = parts.timer.every(1, () => {
    let wantsWord = false;
    for (const one of parts.watched()) {
      const seconds = one.quietSeconds();
      if (seconds >= ANSWER_SECONDS_MAX) one.abandon();
      else if (seconds > 0 && seconds % ASK_SECONDS === 0) wantsWord = true;
    }
    if (asked === undefined && wantsWord) ask();
    else settle();
    return Promise.resolve();
  });
  return {
    stop: () => {
      asked?.question.cancel();
      return rounds.stop();
    },
  };
}
