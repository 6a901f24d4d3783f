/** Offsets of IANA zones from UTC (Intl's tz database), cached by day so that a timestamp costs one look-up. */

const MINUTE = 60_000;
const DAY = 86_400_000;
/** Days remembered per zone; the cache starts anew when full. */
const DAYS_CACHED_MAX = 4096;
const ZONES_CACHED_MAX = 64;

interface Zone {
  readonly formatter: Intl.DateTimeFormat;
  /** Local day number → minutes east of UTC; NaN on a day on which the offset changes nearby. */
  readonly days: Map<number, number>;
}

const zones = new Map<string, Zone | undefined>();

/** True when the runtime knows the zone. */
export function knowsZone(zone: string): boolean {
  return zoneOf(zone) !== undefined;
}

/**
 * Minutes east of UTC that the zone's clocks were at this local time (`localMs` = the wall clock's
 * figures as if they were UTC). Undefined for an unknown zone. A time that was shown twice (clocks put
 * back) is the first of the two; a time that was skipped is read with the offset before the gap.
 */
export function offsetAtLocal(localMs: number, zone: string): number | undefined {
  const known = zoneOf(zone);
  if (known === undefined) return undefined;
  const day = Math.floor(localMs / DAY);
  let offset = known.days.get(day);
  if (offset === undefined) {
    offset = offsetOfDay(known, day);
    if (known.days.size >= DAYS_CACHED_MAX) known.days.clear();
    known.days.set(day, offset);
  }
  return Number.isNaN(offset) ? offsetNearChange(known, localMs) : offset;
}

/** The instant, in milliseconds since 1970 UTC, of a wall-clock time in a zone. */
export function instantAtLocal(localMs: number, zone: string): number | undefined {
  const offset = offsetAtLocal(localMs, zone);
  return offset === undefined ? undefined : localMs - offset * MINUTE;
}

function zoneOf(zone: string): Zone | undefined {
  if (zones.has(zone)) return zones.get(zone);
  if (zones.size >= ZONES_CACHED_MAX) zones.clear();
  let made: Zone | undefined;
  try {
    const numeric = '2-digit';
    const formatter = new Intl.DateTimeFormat('en-US', {
      timeZone: zone,
      hourCycle: 'h23',
      calendar: 'gregory',
      era: 'short',
      year: 'numeric',
      month: numeric,
      day: numeric,
      hour: numeric,
      minute: numeric,
      second: numeric,
    });
    made = { formatter, days: new Map() };
  } catch {
    made = undefined;
  }
  zones.set(zone, made);
  return made;
}

/** The offset when it is the same half a day around the local day in every zone there is, else NaN. */
function offsetOfDay(zone: Zone, day: number): number {
  const before = offsetAtInstant(zone, day * DAY - 15 * 60 * MINUTE);
  const after = offsetAtInstant(zone, (day + 1) * DAY + 13 * 60 * MINUTE);
  return before === after ? before : Number.NaN;
}

function offsetNearChange(zone: Zone, localMs: number): number {
  const before = offsetAtInstant(zone, localMs - DAY);
  const after = offsetAtInstant(zone, localMs + DAY);
  if (offsetAtInstant(zone, localMs - before * MINUTE) === before) return before;
  return offsetAtInstant(zone, localMs - after * MINUTE) === after ? after : before;
}

/** Rounded to minutes: FHIR knows no others, and only mean solar times before standard zones have seconds. */
function offsetAtInstant(zone: Zone, ms: number): number {
  const part: Record<string, number> = {};
  for (const { type, value } of zone.formatter.formatToParts(ms)) part[type] = Number(value);
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = part;
  const local = Date.UTC(year, month - 1, day, hour, minute, second);
  return Math.round((local - Math.floor(ms / 1000) * 1000) / MINUTE);
}
