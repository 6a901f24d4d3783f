/** Schemas that many faces share: refusals, and FHIR's own, which are described by FHIR and not anew. */
import { z } from 'zod';
import type { Problem } from '../../base/problem.ts';

/** What the compiler holds an answer to: the schema's output, of which nothing is changed. */
export type Told<S extends z.ZodType> = Readonlyly<z.output<S>>;
type Readonlyly<T> = T extends string | number | boolean | null | undefined
  ? T
  : { readonly [K in keyof T]: Readonlyly<T[K]> };
/** Does not compile where a type of ours says something else than the schema that describes it. */
export type Fits<T extends Told<S>, S extends z.ZodType> = [T, S];

/** Instants as the gateway writes them. */
export const instant = z.iso.datetime();
export const count = z.int().min(0);

export const refusal = z
  .object({
    type: z.string().meta({ description: '`urn:concord:problem:` and the code.' }),
    title: z.string().meta({ description: 'One fixed sentence: what (where) — what to do next.' }),
    status: z.int(),
    code: z.string().meta({ description: 'What a program looks at: `folder/kebab-case`.' }),
    at: z.string().optional().meta({ description: 'Where in the request: a path or a name, never a value.' }),
  })
  .meta({ id: 'Refusal', description: 'A refusal as RFC 9457 has it. Nothing of the request comes back in it.' });

export const problem = z
  .object({
    code: z.string(),
    severity: z.enum(['fatal', 'error', 'warning', 'information']),
    at: z
      .string()
      .meta({ description: 'As the standard writes it: `OBX[2]-5.1`, `MSH-18`; in a table file and line.' }),
  })
  .meta({ id: 'Problem', description: 'Imperfect data, told by code and position, never by value.' });

export type SharedFit = [Fits<Problem, typeof problem>];

export const fhirResource = z
  .looseObject({ resourceType: z.string() })
  .meta({ id: 'FhirResource', description: 'A FHIR R4 resource; which types and parameters: `/fhir/metadata`.' });

export const fhirBundle = z
  .looseObject({
    resourceType: z.literal('Bundle'),
    type: z.string(),
    total: count.optional(),
    link: z.array(z.looseObject({ relation: z.string(), url: z.string() })).optional(),
    entry: z.array(z.looseObject({ resource: fhirResource.optional() })).optional(),
  })
  .meta({ id: 'FhirBundle', description: 'A FHIR R4 Bundle (http://hl7.org/fhir/R4/bundle.html).' });

export const fhirParameters = z
  .looseObject({
    resourceType: z.literal('Parameters'),
    parameter: z.array(z.looseObject({ name: z.string() })).max(50),
  })
  .meta({ id: 'FhirParameters', description: 'A FHIR R4 Parameters resource.' });

export const operationOutcome = z
  .object({
    resourceType: z.literal('OperationOutcome'),
    issue: z
      .array(
        z.object({
          severity: z.enum(['fatal', 'error', 'warning', 'information']),
          code: z.string().meta({ description: 'R4 issue-type.' }),
          details: z.object({
            coding: z.array(z.object({ system: z.literal('urn:concord:problem'), code: z.string() })),
            text: z.string(),
          }),
          diagnostics: z.string().optional(),
          expression: z.array(z.string()).optional(),
        }),
      )
      .min(1),
  })
  .meta({
    id: 'OperationOutcome',
    description: 'What FHIR says instead of a refusal: the first issue is the refusal.',
  });
