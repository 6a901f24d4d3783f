/** Types that the FHIR door reads. What has a door of its own (AuditEvent, Subscription) is not here. */
import { SEARCHED_TYPES } from '../../search/parameters.ts';

const READ_ONLY = ['Provenance'];

const SERVED: ReadonlySet<string> = new Set([...SEARCHED_TYPES, ...READ_ONLY]);

export function isServedType(type: string): boolean {
  return SERVED.has(type);
}
