/** Parameters of the FHIR door that many interactions share, as OpenAPI says them. */
import { z } from 'zod';
import { LIMITS } from '../../base/limits.ts';

const shared = (id: string, description: string): z.ZodOptional<z.ZodString> =>
  z.string().optional().meta({ description, param: { id } });

/** Why a request asks; no log holds them. */
export const CIRCUMSTANCES = z.object({
  'concord-encounter': shared(
    'ConcordEncounter',
    'The caller’s visit number, percent-encoded: the treating relationship that opens others’ results.',
  ),
  'concord-purpose': shared('ConcordPurpose', 'A code of v3-PurposeOfUse; TREAT unless told, BTG breaks the glass.'),
  'concord-reason': shared('ConcordReason', 'Why the glass is broken; percent-encoded, eight characters at least.'),
});

export const CONDITIONS = {
  'if-none-exist': shared('IfNoneExist', '`identifier=system|value`: nothing is made where one is there.'),
  'if-match': shared('IfMatch', '`W/"2"`: refused when it has another version.'),
  prefer: shared('Prefer', '`return=minimal`, `return=representation` or `return=OperationOutcome`.'),
} as const;

/** Of searches. */
export const HANDLING = {
  prefer: shared('PreferHandling', '`handling=lenient`: parameters that are not served are passed over, and told.'),
} as const;

export const TYPE = z.object({
  type: z
    .string()
    .regex(/^[A-Z][A-Za-z]{1,40}$/)
    .meta({ description: 'A resource type of `/fhir/metadata`.', example: 'Observation', param: { id: 'FhirType' } }),
});

export const ID = z.object({
  id: z
    .string()
    .regex(/^[A-Za-z0-9.-]{1,64}$/)
    .meta({ description: 'As the gateway gave it.', param: { id: 'FhirId' } }),
});

/** What every search takes; parameters of the type stand in `/fhir/metadata`. */
export const SEARCH = z.object({
  criteria: z
    .record(z.string(), z.string())
    .optional()
    .meta({
      description:
        'Parameters of the type, by `/fhir/metadata`: `patient=…`, `code=http://loinc.org|2823-3`, `date=ge2026-01-01`.',
      param: { id: 'SearchCriteria', style: 'form', explode: true },
    }),
  _count: z
    .string()
    .regex(/^\d{1,9}$/)
    .optional()
    .meta({
      description: `Resources on a page: ${LIMITS.fhirPageDefault} unless told, ${LIMITS.fhirPageMax} at most.`,
      param: { id: 'SearchCount' },
    }),
  _sort: shared('SearchSort', '`_lastUpdated`, `_id` or the date of the type; `-` before it turns it round.'),
  _include: shared('SearchInclude', '`Observation:subject` and the like.'),
  _revinclude: z
    .literal('Provenance:target')
    .optional()
    .meta({ param: { id: 'SearchRevinclude' } }),
  _summary: shared('SearchSummary', '`true`, `text`, `data`, `count` or `false`.'),
  _elements: shared('SearchElements', 'Names of elements, with commas between.'),
  _cursor: shared('SearchCursor', 'As the page’s `next` link has it; good for an hour, for its own caller.'),
});

export const VERSION_HEADERS = z.object({ etag: z.string(), 'last-modified': z.string() });
export const WRITTEN_HEADERS = VERSION_HEADERS.extend({ location: z.string(), 'content-location': z.string() });
