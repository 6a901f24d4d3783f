/** A token bucket per channel: so many requests per second sustained, and a burst. Pure; time is given. */
export interface RateLimiter {
  /** 0 when the request may pass, else the seconds to wait. */
  take(key: string, nowMs: number): number;
}

interface Level {
  tokens: number;
  at: number;
}

/** Keys are channels, few; a full map is emptied of the ones that have refilled. */
const KEYS_MAX = 10_000;

export function createRateLimiter(limits: { readonly perSecond: number; readonly burst: number }): RateLimiter {
  const levels = new Map<string, Level>();
  return {
    take(key, nowMs) {
      if (levels.size >= KEYS_MAX) forgetRefilled(levels, limits, nowMs);
      const level = levels.get(key) ?? { tokens: limits.burst, at: nowMs };
      levels.set(key, level);
      const elapsedMs = Math.max(0, nowMs - level.at);
      level.tokens = Math.min(limits.burst, level.tokens + (elapsedMs / 1000) * limits.perSecond);
      level.at = nowMs;
      if (level.tokens < 1) return Math.max(1, Math.ceil((1 - level.tokens) / limits.perSecond));
      level.tokens -= 1;
      return 0;
    },
  };
}

function forgetRefilled(levels: Map<string, Level>, limits: { perSecond: number; burst: number }, nowMs: number): void {
  const refillMs = (limits.burst / limits.perSecond) * 1000;
  for (const [key, level] of levels) if (nowMs - level.at > refillMs) levels.delete(key);
}
