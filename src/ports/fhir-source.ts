/** A hospital's own FHIR server, as far as reading from it goes. Refusals are codes `outbound/…`. */
import type { Outcome } from '../base/outcome.ts';
import type { Resource } from '../terms/fhir.ts';

export interface FhirSource {
  /** With a slash at its end: what its resources' ids are told apart by. */
  readonly base: string;
  search(
    type: string,
    parameters: Readonly<Record<string, string | readonly string[]>>,
  ): Promise<Outcome<SourceBundle>>;
  /** A `next` link; refused when it leads away from the base. */
  page(url: string): Promise<Outcome<SourceBundle>>;
  read(type: string, id: string): Promise<Outcome<SourceBundle>>;
}

/** What came back: a Bundle, or of `read` the resource. */
export interface SourceBundle extends Resource {
  readonly link?: readonly { readonly relation?: string; readonly url?: string }[];
  readonly entry?: readonly { readonly resource?: Resource }[];
}

/** An upstream as it is configured; its secret stays in the environment, under `secretName`. */
export interface Upstream {
  readonly facility: string;
  /** Whose door the results come through: its test flag and its name in the audit. */
  readonly channel: string;
  readonly baseUrl: string;
  readonly tokenUrl: string | null;
  readonly clientId: string | null;
  readonly secretName: string | null;
  readonly scope: string | null;
}

/** Where reading from it stands. */
export interface PullState {
  readonly since: string | null;
  readonly nextPage: string | null;
  readonly lastFault: string;
}
