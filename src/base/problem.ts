/** A problem: imperfect data, told by code and position, never by value (CONVENTIONS 4.1). */
export type Severity = 'fatal' | 'error' | 'warning' | 'information';

export interface Problem {
  /** `folder/kebab-case`; its fixed sentence stands in that folder's `problems.ts`. */
  readonly code: string;
  readonly severity: Severity;
  /** Where, as the standard writes it: `OBX[2]-5.1`, `MSH-18`, a line, a field. */
  readonly at: string;
}

/** What every parser and mapper returns. `value` is undefined exactly when a problem is fatal. */
export interface Parsed<T> {
  readonly value: T | undefined;
  readonly problems: readonly Problem[];
}

/** Sentences of one folder: *what (where) — what to do next*. */
export type ProblemSentences = Readonly<Record<string, string>>;
