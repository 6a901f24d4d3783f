/** Forms of Reference.reference (R4 references.html): relative, within, by URN, or an address. */
import type { FhirCode } from './problems.ts';

const RELATIVE = /^([A-Z][A-Za-z]{1,40})\/[A-Za-z0-9.-]{1,64}(?:\/_history\/[A-Za-z0-9.-]{1,64})?$/;
/** `Patient?identifier=…`, which a transaction resolves (R4 http.html#trules). */
const CONDITIONAL = /^([A-Z][A-Za-z]{1,40})\?\S{1,2000}$/;
const ADDRESS = /^https?:\/\/\S{1,2000}$/;
const URN = /^urn:(?:uuid:[0-9a-fA-F-]{36}|oid:[0-9.]{1,200})$/;

/** `targets`: types that may be named; an address is judged by its last parts, what else by nothing. */
export function faultOfReference(
  value: Readonly<Record<string, unknown>>,
  targets: ReadonlySet<string> | undefined,
): FhirCode | undefined {
  const { reference, type } = value;
  if (typeof reference !== 'string') return undefined;
  const named = RELATIVE.exec(reference)?.[1] ?? CONDITIONAL.exec(reference)?.[1] ?? typeInAddress(reference);
  const isFormed = named !== undefined || reference.startsWith('#') || URN.test(reference) || ADDRESS.test(reference);
  if (!isFormed) return 'fhir/bad-reference';
  if (named !== undefined && targets !== undefined && !targets.has(named)) return 'fhir/wrong-target';
  if (typeof type === 'string' && named !== undefined && type !== named) return 'fhir/wrong-target';
  return undefined;
}

function typeInAddress(reference: string): string | undefined {
  return ADDRESS.test(reference) ? /\/([A-Z][A-Za-z]{1,40})\/[A-Za-z0-9.-]{1,64}$/.exec(reference)?.[1] : undefined;
}
