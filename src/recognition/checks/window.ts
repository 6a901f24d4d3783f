/**
 * Window: the result is young enough, counted from the oldest instant at which it may have been collected or
 * performed, never from the report (facts 7.2). The edge itself is still inside.
 */
import type { CheckResult } from '../../terms/check.ts';
import { result } from '../check-context.ts';
import type { CheckContext } from '../check-context.ts';
import { localDay } from '../../base/local-day.ts';
import { windowHoursOf } from '../window-of.ts';
import { age, duration, instantMs } from '../local-time.ts';

export const code = 'window';
const HOUR_MS = 3_600_000;

export function check({ input, item, entry, atMs }: CheckContext): CheckResult {
  const hours = windowHoursOf(input.catalogue, item, input.asker, localDay(input.at, input.regionZone));
  if (hours === 0) {
    return result(code, 'failed', {
      zh: `${item.nameZh}没有可互认的时限`,
      en: `${item.nameEn} has no period in which it may be used`,
    });
  }
  if (entry.basis === 'reported') {
    return result(code, 'failed', {
      zh: '只知道报告时间，不知道采集时间',
      en: 'Only the time of the report is known, not the time of collection',
    });
  }
  const start = instantMs(entry.effectiveStart);
  const end = instantMs(entry.effectiveEnd);
  if (Number.isNaN(start) || Number.isNaN(end) || Number.isNaN(atMs) || end < start) {
    return result(code, 'unknown', { zh: '采集时间无法判读', en: 'The time of collection cannot be read' });
  }
  if (start > atMs) {
    return result(code, 'unknown', {
      zh: '采集时间晚于当前时间，时间有误',
      en: 'The time of collection lies in the future, so it is wrong',
    });
  }
  const old = age(atMs - start);
  const open = duration(hours);
  if (atMs - start <= hours * HOUR_MS) {
    return result(code, 'passed', {
      zh: `采集于 ${old.zh}前，在 ${open.zh}时限内`,
      en: `Collected ${old.en} ago, within ${open.en}`,
    });
  }
  return result(code, 'failed', {
    zh: `采集于 ${old.zh}前，已超过 ${open.zh}时限`,
    en: `Collected ${old.en} ago, longer than the ${open.en} allowed`,
  });
}
