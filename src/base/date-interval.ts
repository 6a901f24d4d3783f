/** What a FHIR date or dateTime can mean (R4 datatypes.html#dateTime): the first and the last instant of it. */
import { instantAtLocal } from './zone.ts';

/** RFC 3339 in UTC with milliseconds; both ends belong to it. */
export interface Interval {
  readonly start: string;
  readonly end: string;
}

const DATE = /^(\d{4})(?:-(\d\d)(?:-(\d\d))?)?$/;

/** A date without time is an interval in the zone given; undefined when the text is no date. */
export function dateInterval(text: string, zone: string): Interval | undefined {
  const date = DATE.exec(text);
  if (date === null) {
    const ms = Date.parse(text);
    if (Number.isNaN(ms)) return undefined;
    const at = instant(ms);
    return { start: at, end: at };
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

function instant(ms: number): string {
  return new Date(ms).toISOString();
}
