/** What the ledger's doors do, as OpenAPI says it. */
import { z } from 'zod';
import { json, type Paths } from '../openapi/describe.ts';
import { instant } from '../openapi/schemas.ts';
import { ANCHORS_MAX } from './routes.ts';

export const anchors = z
  .array(
    z.object({
      day: z.string().meta({ description: 'In the region’s zone, YYYY-MM-DD.' }),
      at: instant,
      anchor: z.string().meta({
        description:
          'A JWS (EdDSA): `{form, issuer, day, at, chains: [{chain, seq, seal}]}`. Keep it: `concord ledger verify FILE --anchor` holds an export against it.',
      }),
    }),
  )
  .meta({ id: 'LedgerAnchors' });

export const ledgerPaths: Paths = {
  '/ledger/anchors': {
    get: {
      id: 'anchors',
      tag: 'recognition',
      says: ['账本锚点', 'Lists the signed daily anchors of the ledger, by day.'],
      more: `Each holds the last seal of every chain. At most the newest ${ANCHORS_MAX}.`,
      who: 'channel',
      scopes: ['concord/reply'],
      query: z.object({ since: z.iso.date().optional().meta({ description: 'From this day on.' }) }),
      answers: { 200: { says: 'The anchors.', content: json(anchors) } },
      refusals: { 400: ['web/wrong-shape'] },
    },
  },
};
