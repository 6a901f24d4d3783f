/** The shape of a month's report. */
import { z } from 'zod';
import { DIMENSIONS, type MonthReport } from '../../terms/month-report.ts';
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

const totals = z.object({
  ...figures,
  netFen: fen,
  provisionalFen: fen,
  visits: count.meta({ description: 'With an order that was asked about.' }),
  known: count.meta({ description: 'Orders known from feeds.' }),
  missed: count.meta({
    description: 'Charges performed again although a usable result was there, and no reason given.',
  }),
  missedFen: fen,
  missedUnpriced: count,
  missedAcross: count.meta({ description: 'Of the missed, those whose results were another facility’s.' }),
  justified: count.meta({ description: 'Charges performed again for a reason.' }),
});

const attribution = z
  .object({ drgFen: fen, patientFen: fen, fundFen: fen, deductibleFen: fen, unattributedFen: fen })
  .meta({ description: 'Who gains what is net, as far as askers told; of cases paid as a whole, the hospital.' });

const line = z.object({ key: z.string(), ...figures });

export const monthReport = z
  .object({
    form: z.literal(2),
    month: z.string(),
    zone: z.string(),
    asOf: instant,
    catalogue: z.string().meta({ description: 'Digest of the version that names classes of items.' }),
    totals,
    attribution,
    indicators: z.array(
      z.object({
        id: z.string(),
        numerator: z.int(),
        denominator: z.int(),
        of: z.enum(['asked', 'known']).meta({ description: 'What the denominator is: orders asked about, or known.' }),
      }),
    ),
    coverage: z.object({ asking: count, feeding: count, registered: count }),
    lines: z.array(z.object({ facility: z.string(), target: z.string(), ...figures })),
    by: z
      .object(
        Object.fromEntries(DIMENSIONS.map((name) => [name, z.array(line)])) as Record<
          (typeof DIMENSIONS)[number],
          z.ZodArray<typeof line>
        >,
      )
      .meta({ description: 'The same figures by one thing at a time; a doctor is a pseudonym.' }),
    known: z.array(z.object({ facility: z.string(), target: z.string(), known: count, unasked: count })),
    refusals: z.array(z.object({ facility: z.string(), reason: z.string(), refused: count })),
    repeats: z.array(
      z.object({
        facility: z.string(),
        giver: z.string(),
        priceItem: z.string(),
        justification: z
          .string()
          .meta({ description: 'Empty: missed; `refused CODE` or `check CODE`: why it was right.' }),
        repeats: count,
        offered: count,
        fen,
        unpriced: count,
      }),
    ),
    flows: z.array(z.object({ giver: z.string(), receiver: z.string(), accepted: count, missed: count })),
  })
  .meta({ id: 'MonthReport', description: 'A month as it is published, with its denominators.' });

export type MonthReportFit = [Fits<MonthReport, typeof monthReport>];
