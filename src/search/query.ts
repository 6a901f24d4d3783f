/** A FHIR search as it was understood: what must hold of a resource, and how the answer is to look. */
import type { Parameter } from './parameters.ts';

export type Prefix = 'eq' | 'ne' | 'gt' | 'lt' | 'ge' | 'le' | 'sa' | 'eb' | 'ap';

/** One parameter: any of its values must hold (R4 search.html 3.1.1.3: comma is or, repetition is and). */
export interface Criterion {
  readonly name: string;
  readonly parameter: Parameter;
  /** `not`, `in`, `missing`, `identifier`, `exact`, `contains`; '' without one. */
  readonly modifier: string;
  readonly values: readonly string[];
}

export interface Sort {
  readonly by: '_lastUpdated' | '_id' | 'date';
  readonly descending: boolean;
}

export interface SearchQuery {
  readonly type: string;
  readonly criteria: readonly Criterion[];
  /** Identifier tokens of the Patient (`patient.identifier=`); each list is one parameter. */
  readonly patientIdentifiers: readonly (readonly string[])[];
  readonly sort: readonly Sort[];
  readonly count: number;
  readonly total: 'none' | 'estimate' | 'accurate' | undefined;
  readonly summary: 'true' | 'text' | 'data' | 'count' | 'false';
  readonly elements: readonly string[];
  /** Reference parameters whose targets come along. */
  readonly include: readonly string[];
  /** Only `Provenance:target` is. */
  readonly revinclude: boolean;
  /** Parameters that are not served and were passed over, on the client's word (Prefer: handling=lenient). */
  readonly ignored: readonly string[];
}
