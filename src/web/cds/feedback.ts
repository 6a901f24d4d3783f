/** CDS Hooks feedback: an accepted suggestion or a coded override becomes a reply; repeats change nothing. */
import { z } from 'zod';
import type { Instant } from '../../terms/instant.ts';
import type { Reply } from '../../terms/reply.ts';
import { instant } from '../recognition/bodies.ts';

export const feedbackBody = z.looseObject({
  feedback: z
    .array(
      z.looseObject({
        card: z.uuid().meta({ description: 'The card’s `uuid`.' }),
        outcome: z.enum(['accepted', 'overridden']),
        acceptedSuggestions: z.array(z.looseObject({ id: z.string().max(128) })).optional(),
        overrideReason: z
          .looseObject({
            reason: z
              .looseObject({ code: z.string().max(20) })
              .optional()
              .meta({ description: 'One of the card’s `overrideReasons`.' }),
            userComment: z.string().max(2000).optional(),
          })
          .optional(),
        outcomeTimestamp: instant,
      }),
    )
    .min(1)
    .max(1000),
});

export function toReplies(body: z.infer<typeof feedbackBody>): readonly Reply[] {
  return body.feedback.map((said): Reply => {
    const at = new Date(said.outcomeTimestamp).toISOString() as Instant;
    if (said.outcome === 'accepted') return { offer: said.card, outcome: 'accepted', at };
    const comment = said.overrideReason?.userComment;
    const reason = said.overrideReason?.reason?.code;
    return {
      offer: said.card,
      outcome: 'refused',
      ...(reason === undefined ? {} : { reason }),
      ...(comment === undefined ? {} : { comment }),
      at,
    };
  });
}
