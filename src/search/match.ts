/** Does a resource satisfy a search? One function per kind of parameter (R4 search.html 3.1.1.4). Pure. */
import { assertNever } from '../base/assert-never.ts';
import type { Interval } from '../base/date-interval.ts';
import { matchesDate, intervalOfValue } from './match-date.ts';
import { matchesQuantity } from './match-quantity.ts';
import { matchesString } from './match-string.ts';
import { identifiersMatch, matchesToken } from './match-token.ts';
import { valuesAt } from './parameters.ts';
import type { Criterion } from './query.ts';
import { readReference, unescaped } from './values.ts';

export interface MatchContext {
  /** IANA zone of dates without one; the region's. */
  readonly zone: string;
  /** For `ap`: how far is far depends on now. */
  readonly now: string;
  /** When the resource's version became known: `meta` is not part of the stored text. */
  readonly lastUpdated: string;
  /** The ids of code lists (`:in`): true when the coding is in the value set; undefined: no such value set. */
  readonly inValueSet: (url: string, resource: unknown) => boolean;
}

export function matches(resource: unknown, criteria: readonly Criterion[], context: MatchContext): boolean {
  return criteria.every((criterion) => holds(resource, criterion, context));
}

function holds(resource: unknown, criterion: Criterion, context: MatchContext): boolean {
  const { modifier, values, parameter, name } = criterion;
  if (name === '_lastUpdated') {
    const known: Interval = { start: context.lastUpdated, end: context.lastUpdated };
    return values.some((value) => matchesDate([known], value, context));
  }
  const stated = parameter.paths.flatMap((path) => valuesAt(resource, path));
  if (modifier === 'missing') return values.some((value) => (value === 'true') === (stated.length === 0));
  switch (parameter.kind) {
    case 'token':
      if (modifier === 'in') return values.some((url) => context.inValueSet(unescaped(url), resource));
      if (modifier === 'not') return !values.some((value) => matchesToken(stated, value));
      return values.some((value) => matchesToken(stated, value));
    case 'reference':
      if (modifier === 'identifier') return values.some((value) => identifiersMatch(stated, value));
      return values.some((value) => matchesReference(stated, value));
    case 'date': {
      const intervals = stated.flatMap((value) => intervalOfValue(value, context.zone) ?? []);
      return values.some((value) => matchesDate(intervals, value, context));
    }
    case 'string':
      return values.some((value) => matchesString(stated, unescaped(value), modifier));
    case 'quantity':
      return values.some((value) => matchesQuantity(stated, value));
    case 'id':
      return values.some((value) => stated.includes(value));
    default:
      return assertNever(parameter.kind);
  }
}

/** References of ours are relative (`Patient/id`); the value may be a bare id, relative, or an address of ours. */
function matchesReference(stated: readonly unknown[], value: string): boolean {
  const wanted = readReference(value);
  if (wanted === undefined) return false;
  return stated.some((one) => {
    const { reference } = one as { reference?: unknown };
    if (typeof reference !== 'string') return false;
    const [type, id] = reference.split('/');
    return id === wanted.id && (wanted.type === '' || type === wanted.type);
  });
}
