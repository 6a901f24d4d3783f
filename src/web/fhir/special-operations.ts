/** FHIR's named operations at this door (`$lastn`, `$everything`, `$match`, `$translate`), as OpenAPI says them. */
import { z } from 'zod';
import { type Described, fhir, type Paths } from '../openapi/describe.ts';
import { fhirBundle, fhirParameters } from '../openapi/schemas.ts';
import { CIRCUMSTANCES, ID, SEARCH } from './parameters.ts';

const lastn = (id: string): Described => ({
  id,
  tag: 'fhir',
  says: ['每项最近的结果', 'Gives the latest Observations of each code of a patient.'],
  who: 'fhir',
  scopes: ['system/Observation.s'],
  header: CIRCUMSTANCES,
  answers: { 200: { says: 'A searchset Bundle.', content: fhir(fhirBundle) } },
  refusals: { 400: ['gateway/bad-max', 'gateway/search-too-broad', 'search/bad-value'], 422: ['search/not-served'] },
});

const FORM = { type: 'application/x-www-form-urlencoded', schema: z.record(z.string(), z.string()) };
const FORM_REFUSED = { 413: ['web/body-too-large'], 415: ['web/media-type'] } as const;
const MAX = { max: z.string().optional().meta({ description: 'How many of each code: 1 unless told.' }) };

const translate = (id: string): Described => ({
  id,
  tag: 'fhir',
  says: ['翻译本地编码', 'Translates a local code of the caller’s into the catalogue’s and LOINC.'],
  who: 'fhir',
  scopes: ['system/ConceptMap.r'],
  header: CIRCUMSTANCES,
  answers: { 200: { says: 'Parameters: `result`, and `match` where there is one.', content: fhir(fhirParameters) } },
  refusals: { 400: ['web/wrong-shape', 'gateway/unknown-map'] },
});

export const fhirOperationPaths: Paths = {
  '/fhir/Observation/$lastn': {
    get: { ...lastn('lastn'), query: SEARCH.extend(MAX) },
    post: {
      ...lastn('lastnByForm'),
      body: FORM,
      refusals: { ...lastn('').refusals, ...FORM_REFUSED },
    },
  },
  '/fhir/Patient/{id}/$everything': {
    get: {
      id: 'everything',
      tag: 'fhir',
      says: ['患者的全部结果', 'Gives all results of a patient that are open to the caller.'],
      who: 'fhir',
      scopes: ['system/*.s'],
      path: ID,
      query: z.object({
        _type: z.string().optional().meta({ description: 'Types, with commas between; all of them unless told.' }),
        _since: z.string().optional().meta({ description: 'Changed at or after this date or instant.' }),
      }),
      header: CIRCUMSTANCES,
      answers: { 200: { says: 'A searchset Bundle.', content: fhir(fhirBundle) } },
      refusals: { 400: ['web/wrong-shape'], 404: ['gateway/not-there'], 422: ['gateway/search-too-large'] },
    },
  },
  '/fhir/Patient/$match': {
    post: {
      id: 'match',
      tag: 'fhir',
      says: ['匹配患者', 'Finds which of the caller’s patients a described one certainly or possibly is.'],
      who: 'fhir',
      scopes: ['system/Patient.s'],
      header: CIRCUMSTANCES,
      body: fhir(fhirParameters),
      answers: { 200: { says: 'A searchset Bundle with `match-grade`.', content: fhir(fhirBundle) } },
      refusals: { 400: ['web/not-json', 'web/wrong-shape'], 413: ['web/body-too-large'] },
    },
  },
  '/fhir/ServiceRequest/$recognise': {
    post: {
      id: 'recognise',
      tag: 'fhir',
      says: ['问有无可互认的结果', 'Asks whether the ordered tests were done already and may be used.'],
      more: 'In: `patient` and each `order` as resources, `encounter` and `practitioner` (`valueString`), `situation` (`valueCode`), or `no-situation` where none holds. Out: a `result` an order: `decision`, `coverage`, `missing`, `offer`, and each `earlier` result; a `comparison` is the last result to read a new one against, never to be used for the order. The same decision as `/recognition/check`; replies go to `/recognition/replies`.',
      who: 'fhir',
      scopes: ['concord/check'],
      body: fhir(fhirParameters),
      answers: { 200: { says: 'Parameters, in the order of the question.', content: fhir(fhirParameters) } },
      refusals: {
        400: ['web/not-json', 'web/wrong-shape', 'gateway/too-many-orders', 'gateway/order-key-repeated'],
        403: ['access/scope'],
        413: ['web/body-too-large'],
        503: ['gateway/no-catalogue'],
      },
    },
  },
  '/fhir/ConceptMap/$translate': {
    get: {
      ...translate('translate'),
      query: z.object({
        code: z.string(),
        system: z.string().optional(),
        url: z
          .string()
          .optional()
          .meta({ description: '`urn:concord:conceptmap:results` (unless told) or `…:orders`.' }),
      }),
    },
    post: {
      ...translate('translateByBody'),
      body: fhir(fhirParameters),
      refusals: {
        400: ['web/not-json', 'web/wrong-shape', 'gateway/unknown-map'],
        413: ['web/body-too-large'],
      },
    },
  },
};
