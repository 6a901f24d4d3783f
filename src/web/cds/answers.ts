/** The shapes of what CDS Hooks 2.0 answers here: discovery and cards. */
import { z } from 'zod';
import type { Fits } from '../openapi/schemas.ts';
import type { DISCOVERY } from './discovery.ts';

export const discovery = z
  .object({
    services: z.array(
      z.object({
        hook: z.string(),
        id: z.string(),
        title: z.string(),
        description: z.string(),
        prefetch: z.record(z.string(), z.string()),
      }),
    ),
  })
  .meta({ id: 'CdsDiscovery' });

const reference = z.object({ reference: z.string() });

const removeDraft = z.object({
  type: z.literal('delete'),
  description: z.string(),
  resourceId: z.string().meta({ description: '`ServiceRequest/id` of the draft, as the client names it.' }),
});

export const createOrder = z.object({
  type: z.literal('create'),
  description: z.string(),
  resource: z
    .object({
      resourceType: z.literal('ServiceRequest'),
      status: z.literal('draft'),
      intent: z.literal('order'),
      subject: reference,
      encounter: reference.optional(),
      code: z.object({
        coding: z.array(z.object({ system: z.string().optional(), code: z.string(), display: z.string().optional() })),
      }),
    })
    .meta({ description: 'What no earlier result covers, in the client’s own code where it is known.' }),
});

export const suggestion = z.object({
  uuid: z.uuid(),
  label: z.string(),
  isRecommended: z.boolean().meta({ description: 'False: the earlier result was abnormal.' }),
  actions: z.array(z.discriminatedUnion('type', [removeDraft, createOrder])),
});

export const overrideReason = z.object({
  system: z.string(),
  code: z.string(),
  display: z.string(),
  extension: z.object({
    'urn:concord:counts-as-refusal': z.boolean(),
    'urn:concord:second-coding': z.object({ system: z.string(), code: z.string() }).optional(),
  }),
});

export const card = z
  .object({
    uuid: z.uuid().meta({ description: 'The offer: what feedback names.' }),
    summary: z.string().max(139),
    detail: z.string().meta({ description: 'GitHub-flavoured Markdown; values stay text.' }),
    indicator: z
      .enum(['warning', 'info'])
      .meta({ description: '`warning`: recognise; `info`: review, or recognise with an abnormal result.' }),
    source: z.object({ label: z.string() }),
    suggestions: z.array(suggestion).optional().meta({ description: 'Where a result is recognised, and one alone.' }),
    selectionBehavior: z.literal('at-most-one').optional(),
    overrideReasons: z.array(overrideReason),
    links: z
      .array(z.object({ label: z.string(), url: z.string(), type: z.literal('smart'), appContext: z.uuid() }))
      .optional()
      .meta({ description: 'A SMART app, launched with the offer as its context; where one is set.' }),
  })
  .meta({ id: 'CdsCard' });

/** The card of an opened record: nothing to accept. */
export const viewCard = card
  .pick({ uuid: true, summary: true, detail: true, source: true })
  .extend({ indicator: z.literal('info') })
  .meta({ id: 'CdsViewCard' });

export const viewCards = z.object({ cards: z.array(viewCard).max(1) }).meta({ id: 'CdsViewCards' });

/** An earlier result beside an exam that is done anew: no `uuid`, so that no feedback can name it. */
export const comparisonCard = viewCard.omit({ uuid: true }).meta({ id: 'CdsComparisonCard' });

export const cards = z.object({ cards: z.array(z.union([card, comparisonCard])) }).meta({ id: 'CdsCards' });

export type CdsFit = [Fits<typeof DISCOVERY, typeof discovery>];
