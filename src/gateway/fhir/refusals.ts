/** Refusals of the FHIR door, by the gateway's codes. */
import type { Refusal, RefusalCategory } from '../../base/outcome.ts';
import { type GatewayCode, SENTENCES } from '../problems.ts';

const CATEGORIES: Partial<Readonly<Record<GatewayCode, RefusalCategory>>> = {
  'gateway/not-there': 'not-found',
  'gateway/scope': 'forbidden',
  'gateway/unknown-value-set': 'not-found',
  'gateway/id-not-given': 'not-found',
  'gateway/owned-by-message': 'conflict',
  'gateway/type-not-written': 'unsupported',
  'gateway/bundle-type': 'unsupported',
  'gateway/search-too-large': 'unsupported',
};

export function fhirRefusal(code: GatewayCode, at: string): Refusal {
  return { category: CATEGORIES[code] ?? 'incorrect', code, sentence: SENTENCES[code], at };
}
