/** What was sent → drafts: read strictly, checked strictly, narratives filtered (issue texts name every fault's place). */
import { LIMITS } from '../../../base/limits.ts';
import { done, type Outcome, refuse } from '../../../base/outcome.ts';
import type { Problem } from '../../../base/problem.ts';
import { checkResource } from '../../../formats/fhir/check.ts';
import { filterNarrative } from '../../../formats/fhir/narrative.ts';
import { readFhir } from '../../../formats/fhir/read.ts';
import type { Fields } from '../present.ts';
import { fhirRefusal } from '../refusals.ts';
import type { DetailedRefusal } from './take.ts';
import { splitValues } from '../../../search/parse-query.ts';

export interface Checked {
  readonly resource: Fields & { readonly resourceType: string };
  readonly problems: readonly Problem[];
}

/** Refused with `gateway/not-valid` and every fault found. */
export function readChecked(bytes: Uint8Array): Outcome<Checked> {
  const read = readFhir(bytes);
  if (read.value === undefined) return notValid(read.problems);
  return checked(read.value as unknown as Checked['resource']);
}

export function checked(resource: Checked['resource']): Outcome<Checked> {
  const faults = checkResource(resource);
  if (faults.length > 0) return notValid(faults);
  const { resource: plain, problems } = filterNarrative(resource);
  return done({ resource: plain, problems });
}

export function notValid(problems: readonly Problem[]): Outcome<never> {
  const refusal: DetailedRefusal = {
    ...fhirRefusal('gateway/not-valid', problems[0]?.at ?? 'body'),
    problems: problems.slice(0, LIMITS.fhirIssuesMax),
  };
  return refuse(refusal);
}

/** Identifier tokens of `identifier=system|value`, the only condition that is taken; undefined for any other. */
export function tokensOf(condition: string): readonly string[] | undefined {
  const pairs = [...new URLSearchParams(condition.replace(/^\?/, ''))].filter(
    ([name]) => name !== '_format' && name !== '_pretty',
  );
  const [first, ...others] = pairs;
  if (first === undefined || others.length > 0 || first[0] !== 'identifier') return undefined;
  const tokens = splitValues(first[1]).filter((token) => token !== '');
  const isOdd = tokens.length === 0 || first[1].includes('\u0000');
  return isOdd || tokens.length > LIMITS.fhirValuesMax ? undefined : tokens;
}
