/**
 * When a result was true, and by which fact (DESIGN 4): the specimen's collection or OBR-7 (`collected`), else OBX-14
 * (`performed`), else only the report's own time (`reported`, which fails the window check).
 */
import { dateInterval, type Interval } from '../base/date-interval.ts';
import type { DiagnosticReport, Observation, Period, Specimen } from '../terms/fhir.ts';
import type { Instant } from '../terms/instant.ts';
import type { TimeBasis } from '../terms/result-entry.ts';

export interface EntryTime {
  readonly effectiveStart: Instant;
  readonly effectiveEnd: Instant;
  readonly basis: TimeBasis;
}

/** When the specimen was collected, by itself or by the report that it belongs to. */
export function collectionTimeOf(
  report: DiagnosticReport | undefined,
  specimen: Specimen | undefined,
  zone: string,
): EntryTime | undefined {
  const interval =
    intervalOf(specimen?.collection?.collectedDateTime, specimen?.collection?.collectedPeriod, zone) ??
    intervalOf(report?.effectiveDateTime, report?.effectivePeriod, zone);
  return interval === undefined ? undefined : entryTime(interval, 'collected');
}

/** The time of a result whose collection is not known. */
export function otherTimeOf(
  parts: {
    readonly observation: Observation;
    readonly report: DiagnosticReport | undefined;
    /** What is left when no resource has a time: when the element was stated. */
    readonly statedAt: Instant;
  },
  zone: string,
): EntryTime {
  const { observation, report, statedAt } = parts;
  const performed =
    intervalOf(observation.effectiveDateTime, observation.effectivePeriod, zone) ??
    intervalOf(observation.effectiveInstant, undefined, zone);
  if (performed !== undefined) return entryTime(performed, 'performed');
  const reported = intervalOf(observation.issued, undefined, zone) ?? intervalOf(report?.issued, undefined, zone);
  return entryTime(reported ?? { start: statedAt, end: statedAt }, 'reported');
}

function entryTime({ start, end }: Interval, basis: TimeBasis): EntryTime {
  return { effectiveStart: start as Instant, effectiveEnd: end as Instant, basis };
}

function intervalOf(dateTime: string | undefined, period: Period | undefined, zone: string): Interval | undefined {
  if (dateTime !== undefined) return dateInterval(dateTime, zone);
  const start = period?.start === undefined ? undefined : dateInterval(period.start, zone);
  const end = period?.end === undefined ? undefined : dateInterval(period.end, zone);
  const first = start ?? end;
  const last = end ?? start;
  if (first === undefined || last === undefined) return undefined;
  return { start: first.start, end: last.end < first.start ? first.end : last.end };
}
