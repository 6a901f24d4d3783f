/** Reads of what was: orders as they were asked about, and results as they were known at an instant. */
import type { AskedOrder } from '../terms/asked-order.ts';
import type { Instant } from '../terms/instant.ts';
import type { PatientRef } from '../terms/patient-link.ts';
import type { EntryValue, ResultEntry, ResultStatus } from '../terms/result-entry.ts';

export interface PastStore {
  /** Orders asked about in [from, until): those that were kept with their inputs, and the others. */
  countAsked(span: Span): Promise<{ readonly kept: number; readonly bare: number }>;
  /** Orders with their inputs, by patient and then by time, behind `after`. */
  askedOrders(page: Span & { readonly after?: AskedPlace; readonly limit: number }): Promise<readonly AskedOrder[]>;
  /** Per query, results of these Patients and items that began in [since, before), as they were known at `at`. */
  knownThen(queries: readonly KnownThen[]): Promise<readonly (readonly ResultEntry[])[]>;
  /** Per question, what became of a result since, and the next one of its item within 30 days after `at`. */
  fates(queries: readonly FateQuery[]): Promise<readonly Fate[]>;
}

export interface Span {
  readonly from: Instant;
  readonly until: Instant;
}

/** Where a page ended. */
export type AskedPlace = Pick<AskedOrder, 'patient' | 'at' | 'id'>;

export interface KnownThen {
  readonly patients: readonly Pick<PatientRef, 'bucket' | 'patient'>[];
  readonly items: readonly string[];
  readonly since: Instant;
  readonly before: Instant;
  readonly at: Instant;
}

export interface FateQuery {
  readonly entry: Pick<ResultEntry, 'bucket' | 'container' | 'element'>;
  readonly item: string;
  /** Whoever is certainly the same human today counts. */
  readonly patient: Pick<PatientRef, 'bucket' | 'patient'>;
  readonly at: Instant;
}

export interface Fate {
  /** As it stands today; undefined: withdrawn. */
  readonly now: { readonly status: ResultStatus; readonly value: EntryValue } | undefined;
  readonly next: ResultEntry | undefined;
}
