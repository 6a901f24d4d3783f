/** An `order-select` request: the shapes that are read of it, and what they mean here. */
import { z } from 'zod';
import { SITUATIONS } from '../../terms/catalogue.ts';
import type { IdentityFacts } from '../../terms/mapped.ts';
import type { Order } from '../../terms/question.ts';

const coding = z.looseObject({
  system: z.string().max(256).optional(),
  code: z.string().max(128).optional(),
  display: z.string().max(256).optional(),
});

/** What is read of a Patient that a question states. */
export const statedPatient = z.looseObject({
  resourceType: z.literal('Patient'),
  identifier: z
    .array(
      z.looseObject({
        system: z.string().max(256).optional(),
        value: z.string().max(256).optional(),
        type: z.looseObject({ coding: z.array(coding).max(10).optional() }).optional(),
      }),
    )
    .max(20)
    .optional(),
  name: z
    .array(
      z.looseObject({
        text: z.string().max(256).optional(),
        family: z.string().max(128).optional(),
        given: z.array(z.string().max(128)).max(10).optional(),
      }),
    )
    .max(10)
    .optional(),
  birthDate: z.string().max(10).optional(),
  gender: z.enum(['male', 'female', 'other', 'unknown']).optional(),
});

const draft = z.looseObject({
  resourceType: z.string().max(64),
  id: z.string().max(64).optional(),
  priority: z.enum(['routine', 'urgent', 'asap', 'stat']).optional(),
  code: z.looseObject({ coding: z.array(coding).max(20).optional(), text: z.string().max(256).optional() }).optional(),
});

export const serviceRequest = draft.extend({ resourceType: z.literal('ServiceRequest') });

export const SITUATIONS_EXTENSION = 'urn:concord:situations';

const context = z.looseObject({
  userId: z.string().max(256),
  patientId: z.string().max(128).meta({ description: 'The client’s own; it means nothing here.' }),
  encounterId: z.string().max(128).optional().meta({ description: 'The visit: who treats sees reasons and results.' }),
  draftOrders: z.looseObject({
    resourceType: z.literal('Bundle'),
    entry: z
      .array(z.looseObject({ resource: draft.optional() }))
      .max(1000)
      .optional(),
  }),
});

const common = {
  hookInstance: z.string().max(128),
  prefetch: z.looseObject({ patient: statedPatient.nullish() }).optional(),
  fhirServer: z
    .url({ protocol: /^https?$/ })
    .max(500)
    .refine((text) => !/[?#@]/.test(text))
    .optional()
    .meta({ description: 'Where the patient is read when it is not prefetched; one of OUTBOUND_HOSTS.' }),
  fhirAuthorization: z
    .looseObject({ access_token: z.string().min(1).max(8192) })
    .optional()
    .meta({ description: 'For `fhirServer` alone; without it nothing is read there. It is kept nowhere.' }),
  extension: z
    .looseObject({ [SITUATIONS_EXTENSION]: z.array(z.enum(SITUATIONS)).max(SITUATIONS.length).optional() })
    .optional()
    .meta({ description: 'CDS Hooks has no word for what lies ahead of the patient: `urn:concord:situations` has.' }),
};

export const selectBody = z.looseObject({
  hook: z.literal('order-select'),
  ...common,
  context: context.extend({
    selections: z.array(z.string().max(128)).max(1000).meta({ description: '`ServiceRequest/id` of what is ordered.' }),
  }),
});

export const signBody = z.looseObject({ hook: z.literal('order-sign'), ...common, context });

export const viewBody = z.looseObject({
  hook: z.literal('patient-view'),
  ...common,
  context: context.omit({ draftOrders: true }),
});

type Hook = z.infer<typeof context> & { readonly selections?: readonly string[] };

/** A draft order of the request, and the question that it becomes. */
export interface SelectedOrder {
  readonly order: Order;
  /** `ServiceRequest/id`, as the client names it. */
  readonly reference: string;
  /** Patient and visit, as the client names them. */
  readonly subject: string;
  readonly encounter: string | undefined;
}

/** The selected ServiceRequests that carry a code, all where nothing is selected; other drafts (medication, …) are none of ours. */
export function selectedOrders(hook: Hook): readonly SelectedOrder[] {
  const selected = hook.selections === undefined ? undefined : new Set(hook.selections);
  return (hook.draftOrders.entry ?? []).flatMap(({ resource }) => {
    if (resource?.resourceType !== 'ServiceRequest' || resource.id === undefined) return [];
    const reference = `ServiceRequest/${resource.id}`;
    if (selected !== undefined && !selected.has(reference) && !selected.has(resource.id)) return [];
    const order = orderOf(resource, resource.id);
    if (order === undefined) return [];
    return [
      {
        reference,
        subject: `Patient/${hook.patientId}`,
        encounter: hook.encounterId === undefined ? undefined : `Encounter/${hook.encounterId}`,
        order,
      },
    ];
  });
}

/** An order by the codes of its ServiceRequest, the first of them first; undefined where it carries none. */
export function orderOf({ code, priority }: z.infer<typeof draft>, key: string): Order | undefined {
  const [first, ...alternatives] = (code?.coding ?? []).flatMap(({ system = '', code: value = '', display }) =>
    value === '' ? [] : [{ system, code: value, display }],
  );
  if (first === undefined) return undefined;
  return {
    key,
    system: first.system,
    code: first.code,
    ...(first.display === undefined ? {} : { display: first.display }),
    alternatives,
    ...(priority === undefined ? {} : { priority }),
  };
}

/** True for an id as FHIR R4 has it; `.` and `..`, which an address would resolve, are none of ours. */
export function isId(text: string): boolean {
  return /^(?!\.{1,2}$)[A-Za-z0-9.-]{1,64}$/.test(text);
}

export function toIdentityFacts(resource: z.infer<typeof statedPatient>): IdentityFacts {
  return {
    identifiers: (resource.identifier ?? []).flatMap(({ system = '', value, type }, index) =>
      value === undefined || value === ''
        ? []
        : [{ type: type?.coding?.[0]?.code ?? '', system, value, at: `prefetch.patient.identifier[${index}]` }],
    ),
    names: (resource.name ?? [])
      .map(({ text, family = '', given = [] }) => text ?? `${family}${given.join('')}`)
      .filter((name) => name !== ''),
    ...(resource.birthDate === undefined ? {} : { birthDate: resource.birthDate }),
    ...(resource.gender === undefined ? {} : { sex: resource.gender }),
    at: 'prefetch.patient',
  };
}
