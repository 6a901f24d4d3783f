/** Instants as days in the region's zone, and lengths of time in words. */
import type { Bilingual } from '../terms/check.ts';
import type { Instant } from '../terms/instant.ts';

const HOUR_MS = 3_600_000;
/** Days remembered in one zone; the memory starts anew when full. */
const REMEMBERED_MAX = 4096;

interface Zone {
  readonly formatter: Intl.DateTimeFormat;
  readonly days: Map<Instant, string>;
}

/** Formatting a day costs more than all checks together, and the results of one tube share their time. */
const zones = new Map<string, Zone>();

/** Milliseconds since 1970; NaN when the text is no instant. */
export function instantMs(instant: Instant): number {
  return Date.parse(instant);
}

/** The calendar day (YYYY-MM-DD) of an instant in an IANA zone; '' when the text is no instant. */
export function localDay(instant: Instant, zone: string): string {
  const { formatter, days } = zoneOf(zone);
  let day = days.get(instant);
  if (day === undefined) {
    const ms = instantMs(instant);
    day = Number.isNaN(ms) ? '' : formatter.format(ms);
    if (days.size >= REMEMBERED_MAX) days.clear();
    days.set(instant, day);
  }
  return day;
}

function zoneOf(name: string): Zone {
  let zone = zones.get(name);
  if (zone === undefined) {
    const parts = { year: 'numeric', month: '2-digit', day: '2-digit' } as const;
    zone = { formatter: new Intl.DateTimeFormat('en-CA', { timeZone: name, ...parts }), days: new Map() };
    zones.set(name, zone);
  }
  return zone;
}

/** `72 小时` / `72 hours`, from three days on whole days when they are whole. */
export function duration(hours: number): Bilingual {
  if (hours > 72 && hours % 24 === 0) return { zh: `${hours / 24} 天`, en: `${hours / 24} days` };
  return { zh: `${hours} 小时`, en: hours === 1 ? '1 hour' : `${hours} hours` };
}

/** An age in words, rounded down: `3 天` / `3 days`. */
export function age(ms: number): Bilingual {
  const hours = Math.floor(ms / HOUR_MS);
  if (hours < 1) return { zh: '不到 1 小时', en: 'less than 1 hour' };
  return hours < 72 ? duration(hours) : duration(hours - (hours % 24));
}
