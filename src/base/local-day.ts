/** The calendar day of an instant in an IANA zone (DESIGN 4: REGION_ZONE bounds days). */

/** From a day, until before a day: YYYY-MM-DD; without an end it is open. */
export interface DayPeriod {
  readonly validFrom: string;
  readonly validTo?: string;
}

/** False for '', the day of what is no instant. */
export function holdsOn({ validFrom, validTo }: DayPeriod, day: string): boolean {
  return day !== '' && validFrom <= day && (validTo === undefined || day < validTo);
}

/** Days remembered in one zone; the memory starts anew when full. */
const REMEMBERED_MAX = 4096;

interface Zone {
  readonly formatter: Intl.DateTimeFormat;
  readonly days: Map<string, string>;
}

/** Formatting a day costs more than all checks together, and the results of one tube share their time. */
const zones = new Map<string, Zone>();

/** YYYY-MM-DD; '' when the text is no instant. */
export function localDay(instant: string, zone: string): string {
  const { formatter, days } = zoneOf(zone);
  let day = days.get(instant);
  if (day === undefined) {
    const ms = Date.parse(instant);
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
