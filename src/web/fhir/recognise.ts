/**
 * `ServiceRequest/$recognise`: "is there already a result I can use?" for FHIR clients, the same decision as at every other
 * face. Parameters in: `patient`, `order` (a ServiceRequest each), `encounter`, `practitioner`, `situation`. Out: one `result`
 * an order, with its decision, its offer, what is missing, the earlier results that it shows as contained Observations, and
 * the last one for comparison where the exam is done anew.
 */
import { z } from 'zod';
import { printResource } from '../../base/json.ts';
import { answer, type Answer, type AnsweredOrder } from '../../gateway/answer.ts';
import { comparisonNote } from '../../recognition/comparison.ts';
import { SITUATIONS } from '../../terms/catalogue.ts';
import type { ItemDecision } from '../../terms/decision.ts';
import type { Question } from '../../terms/question.ts';
import type { ResultEntry } from '../../terms/result-entry.ts';
import { orderOf, serviceRequest, statedPatient, toIdentityFacts } from '../cds/hook-request.ts';
import { readJson } from '../read-body.ts';
import { present } from '../recognition/bodies.ts';
import { visibleEntry } from '../../gateway/visible-entry.ts';
import { facilityName } from '../recognition/print-answer.ts';
import type { FhirDoor } from './door.ts';
import { fhirResponse, outcomeResponse } from './fhir-response.ts';
import { acceptsJson } from './negotiate.ts';
import { webRefusal } from '../problems.ts';

const named = <T extends z.ZodRawShape>(name: string, shape: T) => z.looseObject({ name: z.literal(name), ...shape });
const text = z.string().min(1).max(256);

const patientParameter = named('patient', { resource: statedPatient });
const orderParameter = named('order', { resource: serviceRequest });
const textParameter = z.looseObject({ name: z.enum(['encounter', 'practitioner']), valueString: text });
const situationParameter = named('situation', { valueCode: z.enum(SITUATIONS) });
const noSituation = named('no-situation', { valueBoolean: z.literal(true) });

const parameter = z.union([patientParameter, orderParameter, textParameter, situationParameter, noSituation]);

const recogniseBody = z.looseObject({
  resourceType: z.literal('Parameters'),
  parameter: z.array(parameter).min(2).max(1000),
});
export async function recognise(door: FhirDoor, request: Request): Promise<Response> {
  const accepted = acceptsJson(request);
  if (!accepted.ok) return outcomeResponse(accepted.refusal);
  const caller = await door.authenticator.channel(request, 'concord/check');
  if (!caller.ok) return outcomeResponse(caller.refusal);
  const body = await readJson(request, recogniseBody);
  if (!body.ok) return outcomeResponse(body.refusal);
  const question = questionOf(body.value.parameter);
  if (question === undefined)
    return outcomeResponse(webRefusal('incorrect', 'web/wrong-shape', 'Parameters.parameter'));
  const answered = await answer(door.gateway, caller.value, question);
  if (!answered.ok) return outcomeResponse(answered.refusal);
  return fhirResponse(printResource(printed(answered.value)), 200, { 'cache-control': 'no-store' });
}

/** Undefined: nobody is named, nothing is ordered, or an order carries no code. */
function questionOf(stated: readonly z.infer<typeof parameter>[]): Question | undefined {
  const patient = stated.find((one): one is z.infer<typeof patientParameter> => one.name === 'patient');
  const requests = stated.filter((one): one is z.infer<typeof orderParameter> => one.name === 'order');
  const orders = requests.flatMap(({ resource }, index) => orderOf(resource, resource.id ?? String(index + 1)) ?? []);
  if (patient === undefined || orders.length === 0 || orders.length < requests.length) return undefined;
  const textOf = (name: string): string | undefined =>
    stated.find((one): one is z.infer<typeof textParameter> => one.name === name)?.valueString;
  const situations = stated.filter((one): one is z.infer<typeof situationParameter> => one.name === 'situation');
  const saysSo = situations.length > 0 || stated.some(({ name }) => name === 'no-situation');
  return present({
    patient: toIdentityFacts(patient.resource),
    encounter: textOf('encounter'),
    practitioner: textOf('practitioner'),
    situations: saysSo ? situations.map(({ valueCode }) => valueCode) : undefined,
    orders,
  });
}

function printed(answered: Answer): object {
  return {
    resourceType: 'Parameters',
    parameter: [
      { name: 'catalogue', valueString: answered.catalogue.digest },
      { name: 'sample', valueBoolean: answered.sample },
      ...answered.items.map((item) => ({ name: 'result', part: partsOf(answered, item) })),
    ],
  };
}

function partsOf(answered: Answer, item: AnsweredOrder): readonly object[] {
  const { decision, offer, answered: said, toOrder, compared } = item;
  return [
    { name: 'order', valueString: decision.key },
    ...(decision.target === undefined ? [] : [{ name: 'item', valueCode: decision.target }]),
    { name: 'decision', valueCode: decision.verdict },
    { name: 'coverage', valueCode: decision.coverage },
    ...decision.missing.map((item) => ({ name: 'missing', valueCode: item })),
    ...toOrder.flatMap(({ code }) =>
      code === undefined
        ? []
        : [{ name: 'to-order', valueCoding: present({ ...code, system: code.system || undefined }) }],
    ),
    ...(offer === null ? [] : [{ name: 'offer', valueId: offer }]),
    ...(said === null ? [] : [{ name: 'answered', valueCode: said }]),
    // What leads to no card shows nobody's values: only an offer opens them (DESIGN 5).
    ...(offer === null ? [] : decision.items.flatMap((decided) => resultParts(answered, decided))),
    ...compared.map((one) => comparisonPart(answered, one)),
  ];
}

/** The result as it was decided on; the whole Observation is read under its reference. */
function resultParts(answered: Answer, decided: ItemDecision): readonly object[] {
  const entry = visibleEntry(decided, answered);
  if (entry === undefined) return [];
  return [
    {
      name: 'earlier',
      part: [
        { name: 'item', valueCode: decided.item },
        { name: 'decision', valueCode: decided.verdict },
        { name: 'reference', valueReference: { reference: `Observation/${entry.element}` } },
        { name: 'observation', resource: observationOf(answered, entry) },
      ],
    },
  ];
}

/** To read the new one against: no offer stands for it. */
function comparisonPart(answered: Answer, { item, entry }: AnsweredOrder['compared'][number]): object {
  const { nameZh = item, nameEn = item } = answered.catalogue.items.get(item) ?? {};
  const { zh, en } = comparisonNote({ nameZh, nameEn });
  return {
    name: 'comparison',
    part: [
      { name: 'item', valueCode: item },
      { name: 'note', valueString: `${zh} · ${en}` },
      { name: 'reference', valueReference: { reference: `Observation/${entry.element}` } },
      { name: 'observation', resource: observationOf(answered, entry) },
    ],
  };
}

function observationOf(answered: Answer, entry: ResultEntry): object {
  const { value } = entry;
  return present({
    resourceType: 'Observation',
    id: entry.element,
    status: entry.status,
    code: { coding: [present({ system: entry.system || undefined, code: entry.code, display: entry.display })] },
    effectiveDateTime: entry.effectiveStart,
    performer: [{ display: facilityName(answered, entry) }],
    valueQuantity:
      value.kind === 'quantity'
        ? present({
            value: value.value,
            comparator: value.comparator,
            unit: value.unit,
            ...(value.ucum === undefined ? {} : { system: 'http://unitsofmeasure.org', code: value.ucum }),
          })
        : undefined,
    valueString: value.kind === 'text' ? value.text : undefined,
    interpretation:
      entry.interpretation.length === 0
        ? undefined
        : entry.interpretation.map((code) => ({
            coding: [{ system: 'http://terminology.hl7.org/CodeSystem/v3-ObservationInterpretation', code }],
          })),
    referenceRange: entry.referenceText === undefined ? undefined : [{ text: entry.referenceText }],
  });
}
