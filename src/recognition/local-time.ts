/** Instants as numbers, and lengths of time in words. */
import type { Bilingual } from '../terms/check.ts';
import type { Instant } from '../terms/instant.ts';

const HOUR_MS = 3_600_000;
/** Milliseconds since 1970; NaN when the text is no instant. */
export function instantMs(instant: Instant): number {
  return Date.parse(instant);
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
