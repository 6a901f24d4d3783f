/** The simulator's time: milliseconds since 1970 inside, written as an Instant or as HL7 v2's TS (v2.5 2.A.22). */
import type { Instant } from '../terms/instant.ts';

export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;
/** The region's clocks stand at +08:00 all year (Asia/Shanghai since 1992). */
const ZONE_OFFSET = 8 * HOUR;

export function fromInstant(instant: Instant): number {
  const ms = Date.parse(instant);
  if (Number.isNaN(ms)) throw new Error('the start is not an instant');
  return ms;
}

export function toInstant(ms: number): Instant {
  return new Date(ms).toISOString() as Instant;
}

/** Local digits, to the second or the minute: `20260301081530`, `202603010815`; with `+0800` when zoned. */
export function toHl7Time(ms: number, form: { readonly seconds: boolean; readonly zoned: boolean }): string {
  const digits = new Date(ms + ZONE_OFFSET).toISOString().replaceAll(/[-T:]/g, '').slice(0, 14);
  return (form.seconds ? digits : digits.slice(0, 12)) + (form.zoned ? '+0800' : '');
}

/** The local calendar day, `2026-03-01`. */
export function localDay(ms: number): string {
  return new Date(ms + ZONE_OFFSET).toISOString().slice(0, 10);
}

/** Midnight in the region of the day that holds this moment. */
export function startOfLocalDay(ms: number): number {
  return Math.floor((ms + ZONE_OFFSET) / DAY) * DAY - ZONE_OFFSET;
}
