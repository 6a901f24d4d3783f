/** One earlier result against one item: every check, and the verdict that they lead to (DESIGN 5). */
import { assertNever } from '../base/assert-never.ts';
import type { CheckCode, CheckResult } from '../terms/check.ts';
import { CHECK_CODES } from '../terms/check.ts';
import type { Verdict } from '../terms/decision.ts';
import { consequenceOf } from './catalogue-index.ts';
import type { Check, CheckContext } from './check-context.ts';
import * as acceptance from './checks/acceptance.ts';
import * as bodySite from './checks/body-site.ts';
import * as certainPerson from './checks/certain-person.ts';
import * as critical from './checks/critical.ts';
import * as images from './checks/images.ts';
import * as legalBasis from './checks/legal-basis.ts';
import * as method from './checks/method.ts';
import * as negativeList from './checks/negative-list.ts';
import * as production from './checks/production.ts';
import * as qualityFlags from './checks/quality-flags.ts';
import * as qualityMark from './checks/quality-mark.ts';
import * as sameItem from './checks/same-item.ts';
import * as situation from './checks/situation.ts';
import * as specimen from './checks/specimen.ts';
import * as stability from './checks/stability.ts';
import * as statusFinal from './checks/status-final.ts';
import * as unit from './checks/unit.ts';
import * as window from './checks/window.ts';

export const CHECKS: readonly Check[] = inOrder(
  [sameItem, window, statusFinal, production, qualityMark, acceptance, unit, method, specimen],
  [bodySite, images, critical, stability, situation, qualityFlags, negativeList, certainPerson, legalBasis],
);

export interface JudgedEntry {
  readonly verdict: Verdict;
  /** All checks, in the order of CHECK_CODES. */
  readonly checks: readonly CheckResult[];
}

/** A check that the item's row does not list is not applicable. */
export function judgeEntry(context: CheckContext): JudgedEntry {
  const { item, input } = context;
  let verdict: Verdict = 'recognise';
  const checks = CHECKS.map((check) => {
    const found = item.checks.includes(check.code) ? check.check(context) : notListed(check.code);
    const { state } = found;
    // This is where `unknown` is judged: it leads to what the catalogue says, never to `passed`.
    if (state === 'failed' || state === 'unknown') {
      verdict = worse(verdict, consequenceOf(input.catalogue, { check: check.code, item: item.id, state }));
    }
    return found;
  });
  return { verdict, checks };
}

export function rank(verdict: Verdict): number {
  switch (verdict) {
    case 'recognise':
      return 2;
    case 'review':
      return 1;
    case 'do-not':
      return 0;
    default:
      return assertNever(verdict);
  }
}

function worse(left: Verdict, right: Verdict): Verdict {
  return rank(left) <= rank(right) ? left : right;
}

const unlisted = new Map<CheckCode, CheckResult>();

function notListed(code: CheckCode): CheckResult {
  const known = unlisted.get(code);
  if (known !== undefined) return known;
  const made: CheckResult = {
    code,
    state: 'not-applicable',
    why: { zh: '目录未对该项目设此条件', en: 'The catalogue does not ask this of the item' },
  };
  unlisted.set(code, made);
  return made;
}

function inOrder(...checks: readonly (readonly Check[])[]): readonly Check[] {
  return checks.flat().toSorted((left, right) => CHECK_CODES.indexOf(left.code) - CHECK_CODES.indexOf(right.code));
}
