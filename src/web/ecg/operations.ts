/** Pages of recordings, as OpenAPI says them. */
import { z } from 'zod';
import type { Paths } from '../openapi/describe.ts';
import { CIRCUMSTANCES } from '../fhir/parameters.ts';
import { GAINS, LAYOUTS, SPEEDS } from './page-wish.ts';

const textOf = (values: readonly (string | number)[]) => z.enum(values.map(String) as [string, ...string[]]);

export const ecgPaths: Paths = {
  '/ecg/{file}': {
    get: {
      id: 'ecgPage',
      tag: 'pages',
      says: ['心电图页面', 'Draws a recording on millimetre paper, as SVG or PDF.'],
      more: 'The id is that of the DiagnosticReport. Every sample is drawn, nothing is smoothed or filtered; what is derived, missing or doubtful is said on the page. What is not open to the caller looks as if it were not there; every look is audited.',
      who: 'fhir',
      scopes: ['system/*.r'],
      path: z.object({
        file: z
          .string()
          .regex(/^[0-9a-z.]{1,64}\.(?:svg|pdf)$/)
          .meta({ description: 'Id of the DiagnosticReport, and `.svg` or `.pdf`.' }),
      }),
      query: z.object({
        layout: textOf(LAYOUTS).optional().meta({ description: '`3x4+1` unless stated; write `%2B` for the plus.' }),
        speed: textOf(SPEEDS).optional().meta({ description: 'mm/s; 25 unless stated.' }),
        gain: textOf(GAINS).optional().meta({ description: 'mm/mV; 10 unless stated.' }),
        lang: z.enum(['zh', 'en']).optional(),
        from: z.string().optional().meta({ description: 'Second of the recording with which the page begins.' }),
        identity: z.literal('hide').optional().meta({ description: 'Leaves out who it is.' }),
        compare: z.string().optional().meta({ description: 'Id of another recording, laid beside this one.' }),
      }),
      header: CIRCUMSTANCES,
      answers: {
        200: {
          says: 'The page.',
          contents: [
            { type: 'image/svg+xml', schema: z.string() },
            { type: 'application/pdf', schema: z.string().meta({ format: 'binary' }) },
          ],
        },
      },
      refusals: {
        400: ['web/page-unknown', 'web/circumstances'],
        404: ['gateway/not-there'],
        409: ['web/two-patients'],
      },
    },
  },
};
