/** The calendar day of an instant in the region's zone (DESIGN 4: REGION_ZONE bounds days). */
import type { Instant } from '../terms/instant.ts';

/** Building a formatter costs far more than using it, and a deployment has one zone. */
const formatters = new Map<string, Intl.DateTimeFormat>();

/** YYYY-MM-DD. */
export function localDay(instant: Instant, zone: string): string {
  let formatter = formatters.get(zone);
  if (formatter === undefined) {
    formatter = new Intl.DateTimeFormat('en-CA', { timeZone: zone, year: 'numeric', month: '2-digit', day: '2-digit' });
    formatters.set(zone, formatter);
  }
  return formatter.format(Date.parse(instant));
}
