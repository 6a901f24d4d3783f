/** The shapes of what `/recognition/check` and `/recognition/replies` answer. */
import { z } from 'zod';
import type { Receipt } from '../../gateway/reply.ts';
import { CHECK_CODES } from '../../terms/check.ts';
import { type Fits, instant } from '../openapi/schemas.ts';

const bilingual = z.object({ zh: z.string(), en: z.string() });
export const verdict = z.enum(['recognise', 'review', 'do-not']).meta({
  description: '`recognise`: use it; `review`: look at the reasons first; `do-not`: nothing that can be used.',
});

export const checkResult = z
  .object({
    item: z.string(),
    code: z.enum(CHECK_CODES),
    state: z.enum(['passed', 'failed', 'unknown', 'not-applicable']),
    why: bilingual.meta({ description: 'A sentence that a doctor understands.' }),
  })
  .meta({ id: 'Check' });

export const shownResult = z
  .object({
    item: z.string(),
    name: bilingual,
    decision: verdict,
    value: z.string().meta({ description: 'As written, never rounded.' }),
    unit: z.string().optional(),
    referenceRange: z.string().optional(),
    interpretation: z.array(z.string()).meta({ description: 'Codes of v3-ObservationInterpretation.' }),
    collected: instant,
    timeBasis: z.enum(['collected', 'performed', 'reported']).meta({ description: 'What `collected` is the time of.' }),
    facility: z.object({ id: z.string(), name: z.string() }),
    report: z.string().meta({ description: 'Id of the report that it stands in.' }),
  })
  .meta({ id: 'ShownResult' });

/** What is looked at beside the exam that is done anew. */
export const comparedResult = shownResult
  .extend({
    note: bilingual.meta({ description: 'To be shown with it: for comparison only, the exam is to be done again.' }),
    doubts: z
      .array(bilingual)
      .meta({ description: 'What else speaks against it: that it is old, that nobody has signed it.' }),
  })
  .meta({ id: 'ComparedResult' });

const orderCode = z.object({ system: z.string(), code: z.string(), display: z.string() });

export const checkAnswer = z
  .object({
    sample: z.boolean().meta({ description: 'True: made with sample catalogue data, not for clinical use.' }),
    catalogue: z.string().meta({ description: 'Digest of the catalogue that decided.' }),
    items: z.array(
      z.object({
        key: z.string().meta({ description: 'The order’s.' }),
        item: z.string().nullable().meta({ description: 'Item or panel of the catalogue; null: the code has no map.' }),
        decision: verdict,
        coverage: z.enum(['full', 'partial', 'none']),
        missing: z.array(z.string()).meta({ description: 'Items of the panel that no earlier result covers.' }),
        toOrder: z
          .array(z.object({ item: z.string(), code: orderCode.nullable() }))
          .meta({ description: 'Recognised in part: what to order instead, as the asker codes it.' }),
        abnormal: z
          .array(z.string())
          .meta({ description: 'Items whose result may be used and was abnormal: testing again may be right.' }),
        results: z.array(shownResult),
        comparison: z.array(comparedResult).meta({
          description:
            'Never to be used for the order: the last result, to read the new one against. No offer stands for it.',
        }),
        checks: z.array(checkResult),
        offer: z.uuid().nullable().meta({ description: 'What a reply names; null: nothing was offered.' }),
        answered: z.enum(['accepted', 'refused']).nullable().meta({
          description: 'What was said to it already: within an encounter the same results are one offer.',
        }),
      }),
    ),
  })
  .meta({ id: 'Answer', description: 'For each order a decision, every check of it, and what may be shown.' });

export const receipt = z
  .object({
    entry: z.uuid().meta({ description: 'The ledger’s entry.' }),
    hash: z
      .string()
      .regex(/^[\w-]{43}$/)
      .meta({ description: 'SHA-256 of the entry, base64url: what an auditor holds against the ledger.' }),
    note: z.string().nullable().meta({
      description:
        'For the chart, in Chinese: what was used, of whom and when, or why not; whether the patient was told.',
    }),
    fhir: z
      .object({
        resourceType: z.literal('Bundle'),
        type: z.literal('collection'),
        entry: z.array(z.object({ fullUrl: z.string(), resource: z.record(z.string(), z.unknown()) })),
      })
      .meta({ description: 'The same as FHIR R4: a Task, and a Communication where the patient was told.' }),
  })
  .meta({ id: 'Receipt', description: 'What stands in the ledger now; the same for the same reply again.' });

/** FHIR's own shapes are held by FHIR's own check. */
const ownPart = receipt.omit({ fhir: true });

export type RecognitionFit = [Fits<Omit<Receipt, 'fhir'>, typeof ownPart>];
