/** A month published from the ledger, with its denominators; as of the same instant it is the same report. */
import { dateInterval } from '../base/date-interval.ts';
import { done, type Outcome, refuse } from '../base/outcome.ts';
import { monthReport } from '../ledger/month-report.ts';
import type { Instant } from '../terms/instant.ts';
import type { MonthReport } from '../terms/month-report.ts';
import { refusalOf } from './answer.ts';
import type { Gateway } from './gateway.ts';

export async function reportMonth(
  gateway: Gateway,
  of: { readonly month: string; readonly asOf?: Instant },
): Promise<Outcome<MonthReport>> {
  const { month } = of;
  const zone = gateway.regionZone;
  const span = /^\d{4}-(?:0[1-9]|1[0-2])$/.test(month) ? dateInterval(month, zone) : undefined;
  if (span === undefined) return refuse(refusalOf('incorrect', 'gateway/bad-month', 'month'));
  const asOf = of.asOf ?? gateway.clock.now();
  const { facilities } = await gateway.reference.current();
  const until = new Date(Date.parse(span.end) + 1).toISOString() as Instant;
  const figures = await gateway.store.read.monthFigures({ from: span.start as Instant, until, asOf, zone });
  return done(monthReport(figures, { month, zone, asOf, registered: facilities.size }));
}
