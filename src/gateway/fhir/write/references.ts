/** References of what is sent: found in it, and rewritten to what they became (R4 http.html#trules, bundle.html#references). */
import type { Fields } from '../present.ts';

/** Every reference with its FHIRPath-like place; references within (`#…`) are left out. */
export function referencesIn(resource: Fields): readonly { readonly reference: string; readonly at: string }[] {
  const found: { reference: string; at: string }[] = [];
  const look = (value: unknown, at: string): void => {
    if (Array.isArray(value)) value.forEach((one, place) => look(one, `${at}[${place}]`));
    else if (typeof value === 'object' && value !== null) {
      for (const [key, held] of Object.entries(value)) {
        if (key === 'reference' && typeof held === 'string' && !held.startsWith('#'))
          found.push({ reference: held, at: `${at}.reference` });
        else look(held, at === '' ? key : `${at}.${key}`);
      }
    }
  };
  look(resource, '');
  return found;
}

/** The resource with each reference that the map knows replaced; the input stays as it is. */
export function rewriteReferences(resource: Fields, to: ReadonlyMap<string, string>): Fields {
  const rewrite = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(rewrite);
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(
      Object.entries(value).map(([key, held]) =>
        key === 'reference' && typeof held === 'string' ? [key, to.get(held) ?? held] : [key, rewrite(held)],
      ),
    );
  };
  return rewrite(resource) as Fields;
}

/** Id of the Patient that a resource is about, once its references are ours; '' when it names none. */
export function patientIn(resource: Fields): string {
  const { subject, patient } = resource as { subject?: { reference?: string }; patient?: { reference?: string } };
  const reference = subject?.reference ?? patient?.reference ?? '';
  return reference.startsWith('Patient/') ? reference.slice('Patient/'.length) : '';
}
