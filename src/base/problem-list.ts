/** A list of problems that stops growing at the limit and counts the rest in one closing problem. */
import { LIMITS } from './limits.ts';
import type { Problem, Severity } from './problem.ts';

export interface ProblemList {
  add(code: string, severity: Severity, at: string): void;
  /** The problems so far, with the closing one when some were only counted. */
  list(): readonly Problem[];
}

const NONE: readonly Problem[] = [];

/** `closing` is the code of the problem that counts the rest, one of the format that makes the list. */
export function createProblemList(closing: `${string}/more-problems`, max: number = LIMITS.problemsMax): ProblemList {
  let problems: Problem[] | undefined;
  let more = 0;
  return {
    add(code, severity, at) {
      if (problems === undefined) problems = [{ code, severity, at }];
      else if (problems.length < max || severity === 'fatal') problems.push({ code, severity, at });
      else more += 1;
    },
    list() {
      if (problems === undefined) return NONE;
      return more === 0 ? problems : [...problems, { code: closing, severity: 'warning', at: `${more} more` }];
    },
  };
}
