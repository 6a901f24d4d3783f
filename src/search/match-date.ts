/** Dates: a value and a resource's time are intervals, and the prefix says how they must lie (R4 search.html 3.1.1.4.4). */
import { dateInterval, type Interval } from '../base/date-interval.ts';
import { type DateValue, readDate } from './values.ts';

/** Before and after everything: an open end of a Period. */
const FIRST = '0000-01-01T00:00:00.000Z';
const LAST = '9999-12-31T23:59:59.999Z';

/** The interval of a date, dateTime, instant or Period; undefined when it is none. */
export function intervalOfValue(value: unknown, zone: string): Interval | undefined {
  if (typeof value === 'string') return dateInterval(value, zone);
  if (typeof value !== 'object' || value === null) return undefined;
  const { start, end } = value as { start?: unknown; end?: unknown };
  const from = typeof start === 'string' ? dateInterval(start, zone)?.start : FIRST;
  const to = typeof end === 'string' ? dateInterval(end, zone)?.end : LAST;
  return from === undefined || to === undefined || (start === undefined && end === undefined)
    ? undefined
    : { start: from, end: to };
}

/** Any of the intervals; `now` is what `ap` measures its tenth from. */
export function matchesDate(
  intervals: readonly Interval[],
  text: string,
  context: { readonly zone: string; readonly now: string },
): boolean {
  const value = readDate(text, context.zone);
  return value !== undefined && intervals.some((interval) => lies(interval, value, context.now));
}

function lies(target: Interval, value: DateValue, now: string): boolean {
  const within = target.start >= value.start && target.end <= value.end;
  switch (value.prefix) {
    case 'eq':
      return within;
    case 'ne':
      return !within;
    case 'gt':
      return target.end > value.end;
    case 'lt':
      return target.start < value.start;
    case 'ge':
      return target.end > value.end || within;
    case 'le':
      return target.start < value.start || within;
    case 'sa':
      return target.start > value.end;
    case 'eb':
      return target.end < value.start;
    case 'ap':
      return overlaps(target, widened(value, now));
  }
}

function overlaps(left: Interval, right: Interval): boolean {
  return left.start <= right.end && right.start <= left.end;
}

/** By a tenth of the distance from now to the date (R4: "approximately the same"). */
function widened(value: Interval, now: string): Interval {
  const middle = (Date.parse(value.start) + Date.parse(value.end)) / 2;
  const slack = Math.abs(Date.parse(now) - middle) / 10;
  return {
    start: new Date(Date.parse(value.start) - slack).toISOString(),
    end: new Date(Date.parse(value.end) + slack).toISOString(),
  };
}
