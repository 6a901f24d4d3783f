/** A list of problems that stops growing at the limit and counts the rest in one closing problem. */
import { LIMITS } from '../../base/limits.ts';
import type { Problem, Severity } from '../../base/problem.ts';

export interface ProblemList {
  add(code: string, severity: Severity, at: string): void;
  /** The problems so far, with the closing one when some were only counted. */
  list(): readonly Problem[];
}

const NONE: readonly Problem[] = [];

export function createProblemList(max: number = LIMITS.problemsMax): ProblemList {
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
      return more === 0
        ? problems
        : [...problems, { code: 'hl7v2/more-problems', severity: 'warning', at: `${more} more` }];
    },
  };
}
