/** The shape of a sign of gaming. */
import { z } from 'zod';
import type { Irregularity } from '../../terms/irregularity.ts';
import { count, type Fits } from '../openapi/schemas.ts';

export const irregularity = z
  .object({
    kind: z.enum(['quick-acceptance', 'own-as-other', 'similar-performed', 'moved-time']),
    facility: z.string(),
    subject: z.string().meta({ description: 'Pseudonym of a doctor, the giving facility, or the codes.' }),
    count,
    of: count,
    evidence: z.array(z.string()).meta({ description: 'Offers, of moved times reports; the first 20.' }),
  })
  .meta({ id: 'Irregularity' });

export type IrregularityFit = [Fits<Irregularity, typeof irregularity>];
