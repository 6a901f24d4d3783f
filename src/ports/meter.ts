/** What is counted while the gateway works: codes, kinds and patterns of ours, never a value that somebody sent. */
import type { Verdict } from '../terms/decision.ts';
import type { Backlog } from './store-reads.ts';

export interface Meter {
  /** A request has come; what is returned is called with its answer. */
  request(): (answered: AnsweredRequest) => void;
  /** An HL7 v2 message was answered. */
  message(taken: {
    readonly door: 'client' | 'mllp' | 'folder';
    readonly code: string;
    readonly resend: boolean;
    readonly resultsIn: number;
    readonly resultsStored: number;
  }): void;
  /** An order was judged. */
  decision(verdict: Verdict): void;
  /** A fault of ours, by the code that stands in the log. */
  fault(code: string): void;
}

export interface AnsweredRequest {
  readonly method: string;
  /** The pattern that it fits; `none` for an address where there is nothing. */
  readonly route: string;
  readonly status: number;
}

/** What was counted, for whoever scrapes it. */
export interface Exposition {
  readonly contentType: string;
  /** `backlog`: undefined when the database cannot be read. It is waited for no longer than a scraper waits. */
  print(backlog: Promise<Backlog | undefined>): Promise<string>;
}

/** Counts nothing. */
export const noMeter: Meter = {
  request: () => () => undefined,
  message: () => undefined,
  decision: () => undefined,
  fault: () => undefined,
};
