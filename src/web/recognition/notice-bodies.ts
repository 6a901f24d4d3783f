/** The shapes of notices and of what a doctor reports (`/recognition/notices`, `/recognition/concerns`). */
import { z } from 'zod';
import { CHANGES, CONCERNS, type Notice } from '../../terms/notice.ts';
import { instant } from '../openapi/schemas.ts';

export const concernBody = z
  .strictObject({
    offer: z.uuid().meta({ description: 'The offer that showed the result.' }),
    item: z.string().min(1).max(64).optional().meta({ description: 'One of its items; left out, all that it showed.' }),
    kind: z.enum(CONCERNS),
    comment: z
      .string()
      .max(2000)
      .optional()
      .meta({ description: 'For the facility that gave the result; kept sealed.' }),
  })
  .meta({ id: 'Concern', description: 'A doctor says that a shown result is wrong.' });

export const noticeLine = z
  .object({
    id: z.uuid(),
    at: instant,
    facility: z.string().meta({ description: 'Whose notice it is.' }),
    kind: z.enum([...CHANGES, ...CONCERNS]),
    offer: z.string(),
    item: z.string(),
    result: z.string().meta({ description: '`Observation/id`: as it is now, where it may be read.' }),
    version: z.int(),
    decision: z.string().meta({ description: 'What the decision would be now; empty of what a doctor reported.' }),
    reporter: z.string().nullable().meta({ description: 'The facility that says so; null: the gateway found it.' }),
    comment: z.string(),
  })
  .meta({ id: 'Notice', description: 'A result that was relied on has changed, or is said to be wrong.' });

/** No value: whoever reads the notice reads the result with its own rights. */
export function printNotice(notice: Notice): z.infer<typeof noticeLine> {
  const { id, at, facility, kind, offer, item, element, version, verdict, reporter, comment } = notice;
  return {
    id,
    at,
    facility,
    kind,
    offer,
    item,
    result: `Observation/${element}`,
    version,
    decision: verdict,
    reporter,
    comment,
  };
}
