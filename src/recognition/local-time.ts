/** Instants as days in the region's zone, and lengths of time in words. */
import type { Bilingual } from '../terms/check.ts';
import type { Instant } from '../terms/instant.ts';

const HOUR_MS = 3_600_000;
/** Building a formatter costs far more than using it, and a deployment has one zone. */
const formatters = new Map<string, Intl.DateTimeFormat>();

/** Milliseconds since 1970; NaN when the text is no instant. */
export function instantMs(instant: Instant): number {
  return Date.parse(instant);
}

/** The calendar day (YYYY-MM-DD) of an instant in an IANA zone; '' when the text is no instant. */
export function localDay(instant: Instant, zone: string): string {
  const ms = instantMs(instant);
  if (Number.isNaN(ms)) return '';
  let formatter = formatters.get(zone);
  if (formatter === undefined) {
    formatter = new Intl.DateTimeFormat('en-CA', { timeZone: zone, year: 'numeric', month: '2-digit', day: '2-digit' });
    formatters.set(zone, formatter);
  }
  return formatter.format(ms);
}

/** `72 小时` / `72 hours`, from three days on whole days when they are whole. */
export function duration(hours: number): Bilingual {
  if (hours > 72 && hours % 24 === 0) return { zh: `${hours / 24} 天`, en: `${hours / 24} days` };
  return { zh: `${hours} 小时`, en: hours === 1 ? '1 hour' : `${hours} hours` };
}

/** An age in words, rounded down: `3 天` / `3 days`. */
export function age(ms: number): Bilingual {
  const hours = Math.floor(ms / HOUR_MS);
  return hours < 72 ? duration(hours) : duration(hours - (hours % 24));
}
