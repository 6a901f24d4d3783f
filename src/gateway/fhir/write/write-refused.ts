/** Thrown inside a transaction to undo it whole: what was refused, and of which entry. Caught where the transaction began. */
import type { Refusal } from '../../../base/outcome.ts';
import type { Problem } from '../../../base/problem.ts';
import type { GatewayCode } from '../../problems.ts';
import { fhirRefusal } from '../refusals.ts';

export class WriteRefused extends Error {
  override readonly name = 'WriteRefused';
  readonly refusal: Refusal;
  readonly problems: readonly Problem[];
  constructor(refusal: Refusal, problems: readonly Problem[] = []) {
    super(refusal.code);
    this.refusal = refusal;
    this.problems = problems;
  }
}

export function refused(code: GatewayCode, at: string): WriteRefused {
  return new WriteRefused(fhirRefusal(code, at));
}

/** `Bundle.entry[3].resource` and a path below it. */
export function below(at: string, path: string): string {
  return at === '' ? path : `${at}${path === '' ? '' : `.${path}`}`;
}
