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

/** The resource with each reference that the map knows replaced; the input stays as it is, and what has none is shared. */
export function rewriteReferences(resource: Fields, to: ReadonlyMap<string, string>): Fields {
  return rewrite(resource, to) as Fields;
}

function rewrite(value: unknown, to: ReadonlyMap<string, string>): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) {
    const list = value.map((one: unknown) => rewrite(one, to));
    return list.some((one, place) => one !== value[place]) ? list : value;
  }
  let copy: Record<string, unknown> | undefined;
  for (const [key, held] of Object.entries(value)) {
    const next = key === 'reference' && typeof held === 'string' ? (to.get(held) ?? held) : rewrite(held, to);
    if (next !== held) (copy ??= { ...value })[key] = next;
  }
  return copy ?? value;
}

/** Id of the Patient that a resource is about, its references being ours, or those of the map; '' when it names none. */
export function patientIn(resource: Fields, to?: ReadonlyMap<string, string>): string {
  const { subject, patient } = resource as { subject?: { reference?: string }; patient?: { reference?: string } };
  const stated = subject?.reference ?? patient?.reference ?? '';
  const reference = to?.get(stated) ?? stated;
  return reference.startsWith('Patient/') ? reference.slice('Patient/'.length) : '';
}
