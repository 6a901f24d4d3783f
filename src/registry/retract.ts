/** A retracted Observation: its last value, marked as entered in error (SETTLED 20). */
import type { Resource } from '../terms/fhir.ts';

export function asRetracted<T extends Resource>(resource: T): T {
  return (resource as { status?: string }).status === 'entered-in-error'
    ? resource
    : { ...resource, status: 'entered-in-error' };
}

/** True when an Observation says a value, on its own or in components. */
export function hasValue(resource: Resource): boolean {
  return Object.keys(resource).some((key) => key === 'component' || (key.startsWith('value') && key.length > 5));
}
