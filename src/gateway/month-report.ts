/** A month published from the ledger, with its denominators; as of the same instant it is the same report. */
import { dateInterval } from '../base/date-interval.ts';
import { done, type Outcome, refuse } from '../base/outcome.ts';
import { monthReport } from '../ledger/month-report.ts';
import type { Instant } from '../terms/instant.ts';
import type { MonthReport } from '../terms/month-report.ts';
import { refusalOf } from './answer.ts';
import { catalogueOf } from './catalogue-of.ts';
import type { Gateway } from './gateway.ts';

/** `catalogue`: digest of the version that names classes of items, by default the active one. */
export async function reportMonth(
  gateway: Gateway,
  of: { readonly month: string; readonly asOf?: Instant; readonly catalogue?: string },
): Promise<Outcome<MonthReport>> {
  const { month } = of;
  const zone = gateway.regionZone;
  const span = monthSpan(month, zone);
  if (span === undefined) return refuse(refusalOf('incorrect', 'gateway/bad-month', 'month'));
  const active = (await gateway.reference.current()).catalogue;
  const catalogue = of.catalogue === undefined ? active : await catalogueOf(gateway, of.catalogue);
  if (catalogue === undefined) return refuse(refusalOf('not-found', 'gateway/unknown-catalogue', 'catalogue'));
  const asOf = of.asOf ?? gateway.clock.now();
  const figures = await gateway.store.read.monthFigures({ ...span, asOf, zone });
  return done(monthReport(figures, { month, zone, asOf, catalogue }));
}

/** Undefined: the text is no month (YYYY-MM). */
export function monthSpan(
  month: string,
  zone: string,
): { readonly from: Instant; readonly until: Instant } | undefined {
  const span = /^\d{4}-(?:0[1-9]|1[0-2])$/.test(month) ? dateInterval(month, zone) : undefined;
  if (span === undefined) return undefined;
  return { from: span.start as Instant, until: new Date(Date.parse(span.end) + 1).toISOString() as Instant };
}
