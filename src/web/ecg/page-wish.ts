/** How a page is wished for, from the address: `?layout=3x4+1&speed=25&gain=10&lang=zh&identity=hide&from=10&compare=ID`. */
import { done, type Outcome, refuse } from '../../base/outcome.ts';
import type { PageLanguage } from '../../render/page.ts';
import type { PageGain, PageLayout, PageSpeed } from '../../render/page-plan.ts';
import { webRefusal } from '../problems.ts';

export interface PageWished {
  readonly layout: PageLayout;
  readonly speed: PageSpeed;
  readonly gain: PageGain;
  readonly language: PageLanguage;
  readonly hideIdentity: boolean;
  readonly fromSeconds: number;
  /** Another recording to lay beside this one. */
  readonly compare?: string;
}

export const LAYOUTS: readonly PageLayout[] = ['3x4+1', '6x2', '12x1', 'cabrera', 'rhythm'];
export const SPEEDS: readonly PageSpeed[] = [12.5, 25, 50];
export const GAINS: readonly PageGain[] = [5, 10, 20];

/** Refused with `web/page-unknown`, at the parameter that is none of those. */
export function pageWish(query: URLSearchParams): Outcome<PageWished> {
  // A plus in an address is a blank to those who decode it as a form.
  const layout = oneOf(LAYOUTS, (query.get('layout') ?? '3x4+1').replace(' ', '+'));
  const speed = oneOf(SPEEDS, Number(query.get('speed') ?? 25));
  const gain = oneOf(GAINS, Number(query.get('gain') ?? 10));
  const language = oneOf(['zh', 'en'] as const, query.get('lang') ?? 'zh');
  const from = Number(query.get('from') ?? 0);
  const compare = query.get('compare') ?? undefined;
  if (layout === undefined) return wrong('layout');
  if (speed === undefined) return wrong('speed');
  if (gain === undefined) return wrong('gain');
  if (language === undefined) return wrong('lang');
  if (!(from >= 0 && from <= 1_000_000)) return wrong('from');
  return done({
    layout,
    speed,
    gain,
    language,
    hideIdentity: query.get('identity') === 'hide',
    fromSeconds: from,
    ...(compare === undefined ? {} : { compare }),
  });
}

function oneOf<T>(known: readonly T[], value: unknown): T | undefined {
  return known.find((one) => one === value);
}

function wrong(at: string): Outcome<never> {
  return refuse(webRefusal('incorrect', 'web/page-unknown', at));
}
