/**
 * When a result was true, and by which fact (DESIGN 4): the specimen's collection or OBR-7 (`collected`), else OBX-14
 * (`performed`), else only the report's own time (`reported`, which fails the window check).
 */
import { instantAtLocal } from '../base/zone.ts';
import type { DiagnosticReport, Observation, Period, Specimen } from '../terms/fhir.ts';
import type { Instant } from '../terms/instant.ts';
import type { TimeBasis } from '../terms/result-entry.ts';

export interface EntryTime {
  readonly effectiveStart: Instant;
  readonly effectiveEnd: Instant;
  readonly basis: TimeBasis;
}

interface Interval {
  readonly start: Instant;
  readonly end: Instant;
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
  return { effectiveStart: start, effectiveEnd: end, basis };
}

function intervalOf(dateTime: string | undefined, period: Period | undefined, zone: string): Interval | undefined {
  if (dateTime !== undefined) return intervalOfDateTime(dateTime, zone);
  const start = period?.start === undefined ? undefined : intervalOfDateTime(period.start, zone);
  const end = period?.end === undefined ? undefined : intervalOfDateTime(period.end, zone);
  const first = start ?? end;
  const last = end ?? start;
  if (first === undefined || last === undefined) return undefined;
  return { start: first.start, end: last.end < first.start ? first.end : last.end };
}

const DATE = /^(\d{4})(?:-(\d\d)(?:-(\d\d))?)?$/;

/** First and last instant that a FHIR dateTime can mean; a date is an interval in the region's zone. */
function intervalOfDateTime(text: string, zone: string): Interval | undefined {
  const date = DATE.exec(text);
  if (date === null) {
    const ms = Date.parse(text);
    return Number.isNaN(ms) ? undefined : { start: instant(ms), end: instant(ms) };
  }
  const [year, month, day] = [Number(date[1]), Number(date[2] ?? 1) - 1, Number(date[3] ?? 1)];
  const next =
    date[2] === undefined
      ? Date.UTC(year + 1, 0, 1)
      : date[3] === undefined
        ? Date.UTC(year, month + 1, 1)
        : Date.UTC(year, month, day + 1);
  const start = instantAtLocal(Date.UTC(year, month, day), zone);
  const end = instantAtLocal(next, zone);
  return start === undefined || end === undefined ? undefined : { start: instant(start), end: instant(end - 1) };
}

function instant(ms: number): Instant {
  return new Date(ms).toISOString() as Instant;
}
