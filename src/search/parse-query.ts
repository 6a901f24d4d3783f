/**
 * Reads the parameters of a search (R4 search.html). A parameter that is not served is refused unless the client said
 * `Prefer: handling=lenient`: a filter that is passed over gives a longer list, and nobody sees it.
 */
import { LIMITS } from '../base/limits.ts';
import { done, type Outcome, refuse } from '../base/outcome.ts';
import { MAIN_DATE, type Parameter, parametersOf, SEARCHED_TYPES } from './parameters.ts';
import { type SearchCode, SENTENCES } from './problems.ts';
import type { Criterion, SearchQuery, Sort } from './query.ts';
import { faultOfValue } from './values.ts';

export type Pairs = readonly (readonly [name: string, value: string])[];

/** What says how an answer travels and not what is in it. */
const TRANSPORT: ReadonlySet<string> = new Set(['_format', '_pretty', '_cursor']);
const MODIFIERS: Readonly<Record<Parameter['kind'], readonly string[]>> = {
  token: ['not', 'in', 'missing'],
  reference: ['missing', 'identifier'],
  date: ['missing'],
  string: ['exact', 'contains', 'missing'],
  quantity: ['missing'],
  id: [],
};

export function parseQuery(
  type: string,
  pairs: Pairs,
  options: { readonly lenient: boolean; readonly zone: string },
): Outcome<SearchQuery> {
  const draft = new Draft(type, options);
  for (const [name, value] of pairs) {
    const fault = draft.take(name, value);
    if (fault !== undefined) return searchRefusal(fault, positionOf(name));
  }
  return done(draft.finish());
}

export function searchRefusal(code: SearchCode, at: string): Outcome<never> {
  const category = code === 'search/not-served' ? 'unsupported' : 'incorrect';
  return refuse({ category, code, sentence: SENTENCES[code], at });
}

/** A parameter's name is the client's text: only names of ours are told. */
function positionOf(name: string): string {
  const base = name.split(/[:.]/, 1)[0] ?? '';
  return /^_?[a-z]{1,20}(-[a-z]{1,20})?$/i.test(base) && (KNOWN.has(base) || base.startsWith('_')) ? base : 'parameter';
}

const KNOWN: ReadonlySet<string> = new Set(SEARCHED_TYPES.flatMap((type) => Object.keys(parametersOf(type) ?? {})));

/** By what facilities know: the chain, and the modifier that asks for the same (R4 search.html 3.1.1.4.12, 3.1.1.5.1). */
const PATIENT_IDENTIFIER = /^(?:patient|subject)(?:(?::Patient)?\.|:)identifier$/;

class Draft {
  private readonly type: string;
  private readonly lenient: boolean;
  private readonly zone: string;
  private readonly known: Readonly<Record<string, Parameter>>;
  private readonly criteria: Criterion[] = [];
  private readonly patientIdentifiers: (readonly string[])[] = [];
  private readonly ignored: string[] = [];
  private readonly include: string[] = [];
  private sort: readonly Sort[] = [];
  private elements: readonly string[] = [];
  private count: number = LIMITS.fhirPageDefault;
  private total: SearchQuery['total'];
  private summary: SearchQuery['summary'] = 'false';
  private revinclude = false;
  private taken = 0;

  constructor(type: string, options: { readonly lenient: boolean; readonly zone: string }) {
    this.type = type;
    this.lenient = options.lenient;
    this.zone = options.zone;
    this.known = parametersOf(type) ?? {};
  }

  /** The fault of this parameter, if it has one. */
  take(name: string, value: string): SearchCode | undefined {
    if (++this.taken > LIMITS.fhirParametersMax || value.length > LIMITS.fhirParameterLengthMax) {
      return 'search/too-much';
    }
    // No resource and no text of the database holds NUL.
    if (value.includes('\u0000')) return 'search/bad-value';
    if (TRANSPORT.has(name)) return undefined;
    // A parameter without a value says nothing (R4 search.html 3.1.0.1).
    if (value === '') return undefined;
    if (name.startsWith('_') && !Object.hasOwn(this.known, name.split(':', 1)[0] as string)) {
      return this.takeControl(name, value);
    }
    return this.takeCriterion(name, value);
  }

  private takeControl(name: string, value: string): SearchCode | undefined {
    switch (name) {
      case '_count':
        if (!/^\d{1,9}$/.test(value)) return 'search/bad-value';
        this.count = Math.min(Number(value), LIMITS.fhirPageMax);
        if (this.count === 0) this.summary = 'count';
        return undefined;
      case '_total':
        if (value !== 'none' && value !== 'estimate' && value !== 'accurate') return 'search/bad-value';
        this.total = value;
        return undefined;
      case '_summary':
        if (!isSummary(value)) return 'search/bad-value';
        this.summary = value;
        return undefined;
      case '_elements':
        this.elements = value.split(',').map((element) => element.trim());
        return this.elements.every((element) => /^[A-Za-z]{1,40}$/.test(element)) ? undefined : 'search/bad-value';
      case '_sort':
        return this.takeSort(value);
      case '_include':
        return this.takeInclude(value);
      case '_revinclude':
        if (value !== 'Provenance:target') return 'search/include-not-served';
        this.revinclude = true;
        return undefined;
      default:
        return this.passOver(name);
    }
  }

  private takeSort(value: string): SearchCode | undefined {
    const sorts = value.split(',').map((part): Sort | undefined => {
      const descending = part.startsWith('-');
      const name = descending ? part.slice(1) : part;
      if (name === '_lastUpdated' || name === '_id') return { by: name, descending };
      return name === MAIN_DATE[this.type] ? { by: 'date', descending } : undefined;
    });
    if (sorts.includes(undefined) || sorts.length > 3) return 'search/sort-not-served';
    this.sort = sorts as readonly Sort[];
    return undefined;
  }

  private takeInclude(value: string): SearchCode | undefined {
    for (const one of value.split(',')) {
      const [type, name, target] = one.split(':');
      const parameter = name === undefined ? undefined : this.known[name];
      const wanted = target === undefined || (parameter?.targets ?? []).includes(target);
      if (type !== this.type || parameter?.kind !== 'reference' || !wanted) return 'search/include-not-served';
      this.include.push(name as string);
    }
    return undefined;
  }

  private takeCriterion(name: string, value: string): SearchCode | undefined {
    const values = splitValues(value);
    if (values.length > LIMITS.fhirValuesMax) return 'search/too-much';
    if (PATIENT_IDENTIFIER.test(name) && this.known['patient'] !== undefined) {
      if (values.some((one) => !one.includes('|') || one.endsWith('|'))) return 'search/bad-value';
      this.patientIdentifiers.push(values);
      return undefined;
    }
    const [base = '', modifier = ''] = name.split(':', 2);
    const parameter = Object.hasOwn(this.known, base) ? this.known[base] : undefined;
    if (parameter === undefined) return this.passOver(name);
    // `subject:Patient=id` names the type of the reference.
    const typed = parameter.kind === 'reference' && (parameter.targets ?? []).includes(modifier);
    if (typed)
      return this.add(
        base,
        parameter,
        '',
        values.map((one) => (one.includes('/') ? one : `${modifier}/${one}`)),
      );
    if (modifier !== '' && !MODIFIERS[parameter.kind].includes(modifier)) return 'search/modifier-not-served';
    return this.add(base, parameter, modifier, values);
  }

  private add(name: string, parameter: Parameter, modifier: string, values: readonly string[]): SearchCode | undefined {
    for (const value of values) {
      const fault = faultOfValue({ kind: parameter.kind, modifier, value, zone: this.zone });
      if (fault !== undefined) return fault;
    }
    this.criteria.push({ name, parameter, modifier, values });
    return undefined;
  }

  private passOver(name: string): SearchCode | undefined {
    if (!this.lenient) return 'search/not-served';
    this.ignored.push(positionOf(name));
    return undefined;
  }

  finish(): SearchQuery {
    const { type, criteria, patientIdentifiers, sort, count, total, summary, elements, revinclude, ignored } = this;
    const include = [...new Set(this.include)];
    return {
      type,
      criteria,
      patientIdentifiers,
      sort,
      count,
      total,
      summary,
      elements,
      include,
      revinclude,
      ignored,
    };
  }
}

function isSummary(value: string): value is SearchQuery['summary'] {
  return ['true', 'text', 'data', 'count', 'false'].includes(value);
}

/** Commas part values; `\,` `\|` `\$` `\\` are the characters themselves (R4 search.html 3.1.1.5.3). */
export function splitValues(text: string): readonly string[] {
  const values: string[] = [];
  let value = '';
  for (let i = 0; i < text.length; i++) {
    if (text[i] === '\\' && i + 1 < text.length) value += `\\${text[++i] as string}`;
    else if (text[i] === ',') {
      values.push(value);
      value = '';
    } else value += text[i] as string;
  }
  return [...values, value];
}
