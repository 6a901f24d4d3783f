/** Bytes → one FHIR resource as JSON (R4 json.html): strict UTF-8, strict JSON, decimals as written. Never throws. */
import { readResource } from '../../base/json.ts';
import { LIMITS } from '../../base/limits.ts';
import type { Parsed, Problem } from '../../base/problem.ts';
import type { Resource } from '../../terms/fhir.ts';
import type { FhirCode } from './problems.ts';

const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Fatal problems carry `base/json-…` or `fhir/…` codes, with line and offset where there are any. */
export function readFhir(bytes: Uint8Array): Parsed<Resource> {
  let text: string;
  try {
    text = strict.decode(bytes);
  } catch {
    return fatal('fhir/not-text', 'body');
  }
  if (text.startsWith('\uFEFF')) return fatal('fhir/not-text', 'body');
  const read = readResource(text, { depthMax: LIMITS.jsonDepthMax });
  if (read.value === undefined) return { value: undefined, problems: read.problems };
  if (/\\u0000/.test(text) && holdsNul(read.value)) return fatal('fhir/nul', 'body');
  const { resourceType } = (read.value ?? {}) as { resourceType?: unknown };
  if (typeof read.value !== 'object' || typeof resourceType !== 'string')
    return fatal('fhir/unknown-type', 'Resource.resourceType');
  return { value: read.value as Resource, problems: [] };
}

function fatal(code: FhirCode, at: string): Parsed<never> {
  const problem: Problem = { code, severity: 'fatal', at };
  return { value: undefined, problems: [problem] };
}

/** The escape alone proves nothing: a backslash may stand before it. Depth is the reader's limit. */
function holdsNul(value: unknown): boolean {
  if (typeof value === 'string') return value.includes('\u0000');
  if (typeof value !== 'object' || value === null) return false;
  return Object.entries(value).some(([key, held]) => key.includes('\u0000') || holdsNul(held));
}
