/** The shape of a month's report. */
import { z } from 'zod';
import type { MonthReport } from '../../terms/month-report.ts';
import { count, type Fits, instant } from '../openapi/schemas.ts';

const fen = z.int();
const figures = {
  asked: count.meta({ description: 'Orders asked about, one a patient, visit and target.' }),
  recognisable: count,
  reviewable: count,
  offered: count,
  accepted: count,
  acceptedAcross: count.meta({ description: 'Of them, on another facility’s result.' }),
  refused: count,
  refusedUncounted: count.meta({ description: 'For a reason that does not count as refusal.' }),
  unanswered: count,
  grossFen: fen,
  reversedFen: fen.meta({ description: 'Done again within its term.' }),
  settledFen: fen.meta({ description: 'Past its term, not done again.' }),
  unpriced: count.meta({ description: 'Saved charges without a known price.' }),
};

export const monthReport = z
  .object({
    form: z.literal(1),
    month: z.string(),
    zone: z.string(),
    asOf: instant,
    totals: z.object({ ...figures, netFen: fen, provisionalFen: fen }),
    coverage: z.object({ asking: count, registered: count }),
    lines: z.array(z.object({ facility: z.string(), target: z.string(), ...figures })),
    refusals: z.array(z.object({ facility: z.string(), reason: z.string(), refused: count })),
    flows: z.array(z.object({ giver: z.string(), receiver: z.string(), accepted: count })),
  })
  .meta({ id: 'MonthReport', description: 'A month as it is published, with its denominators.' });

export type MonthReportFit = [Fits<MonthReport, typeof monthReport>];
