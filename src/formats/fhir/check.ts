/**
 * The strict check of FHIR R4 resources: structure, cardinality, types, required codes, forms, references and the
 * invariants that matter for results. Positions are FHIRPaths (`Observation.component[2].code`), never values. Linear in
 * the size of the resource, and total: it never throws, whatever it is given. Depth is the JSON reader's limit.
 */
import { LIMITS } from '../../base/limits.ts';
import type { Problem, Severity } from '../../base/problem.ts';
import { faultOfBundle } from './bundle-rules.ts';
import { faultsOfInvariants } from './invariants.ts';
import { faultOfPrimitive } from './primitives.ts';
import { type FhirCode } from './problems.ts';
import { faultOfReference } from './references.ts';
import { type ElementSpec, KNOWN_RESOURCES, specOf, type TypeSpec } from './schema.ts';

export type Fields = Readonly<Record<string, unknown>>;

export function checkResource(resource: unknown): readonly Problem[] {
  const walk = new Walk();
  walk.resource(resource, '', { contained: false });
  return walk.problems;
}

/** How deep resources within resources may stand: a Bundle, its entry, what that contains. */
const RESOURCES_DEEP = 4;

class Walk {
  readonly problems: Problem[] = [];
  private deep = 0;

  private tell(code: FhirCode, at: string, severity: Severity = 'error'): void {
    if (this.problems.length < LIMITS.problemsMax) this.problems.push({ code, severity, at });
  }

  resource(value: unknown, at: string, place: { readonly contained: boolean }): void {
    if (!isObject(value)) return this.tell('fhir/wrong-type', at || 'Resource');
    const { resourceType: type } = value;
    const spec = typeof type === 'string' && KNOWN_RESOURCES.has(type) ? specOf(type) : undefined;
    if (typeof type !== 'string' || spec === undefined)
      return this.tell('fhir/unknown-type', at === '' ? 'Resource.resourceType' : `${at}.resourceType`);
    const path = at === '' ? type : at;
    if (this.deep >= RESOURCES_DEEP) return this.tell('fhir/nested-resources', path);
    this.deep++;
    this.object(value, spec, { type, path, except: 'resourceType' });
    for (const { code, at: where } of faultsOfInvariants(type, value, path)) this.tell(code, where);
    this.containedOf(value, path, place.contained);
    if (type === 'Bundle')
      for (const { code, at: where } of faultOfBundle(value)) this.tell(code, where === '' ? path : `${path}.${where}`);
    this.deep--;
  }

  /** dom-2, dom-3, dom-4, dom-5. */
  private containedOf(resource: Fields, path: string, isContained: boolean): void {
    const { contained, meta } = resource;
    if (isContained && contained !== undefined) this.tell('fhir/contained', `${path}.contained`);
    if (isContained && isObject(meta)) {
      for (const name of ['versionId', 'lastUpdated', 'security']) {
        if (meta[name] !== undefined) this.tell('fhir/contained', `${path}.meta.${name}`);
      }
    }
    if (!Array.isArray(contained) || contained.length === 0) return;
    const named = localReferences(resource);
    contained.forEach((one, place) => {
      const id = isObject(one) ? one['id'] : undefined;
      if (typeof id !== 'string' || !named.has(`#${id}`)) this.tell('fhir/contained', `${path}.contained[${place}]`);
    });
  }

  private object(
    value: Fields,
    spec: TypeSpec,
    around: { readonly type: string; readonly path: string; readonly except?: string },
  ): void {
    const { path, except } = around;
    let size = 0;
    for (const [key, held] of Object.entries(value)) {
      size++;
      if (key === except) continue;
      const isExtra = key.startsWith('_');
      const element = spec.elements.get(isExtra ? key.slice(1) : key);
      if (element === undefined || (isExtra && !isPrimitive(element.type))) {
        // The key is the sender's text: only a name's form is told.
        this.tell('fhir/unknown-element', /^_?[A-Za-z]{1,40}$/.test(key) ? `${path}.${key}` : path);
      } else if (isExtra) this.extra(held, element, { path: `${path}.${key}`, beside: value[key.slice(1)] });
      else this.element(held, element, `${path}.${key}`, value[`_${key}`]);
    }
    if (size === 0 || (size === 1 && except !== undefined && Object.hasOwn(value, except) && spec.required.length > 0))
      this.tell('fhir/empty', path);
    const has = (name: string): boolean => value[name] !== undefined || value[`_${name}`] !== undefined;
    for (const group of spec.required)
      if (!group.names.some(has)) this.tell('fhir/missing-element', `${path}.${group.path}`);
    for (const group of spec.choices) {
      if (group.names.filter(has).length > 1) this.tell('fhir/several-choices', `${path}.${group.path}`);
    }
  }

  private element(value: unknown, element: ElementSpec, path: string, extra: unknown): void {
    if (!element.repeats) {
      if (Array.isArray(value)) return this.tell('fhir/wrong-type', path);
      return this.one(value, element, path);
    }
    if (!Array.isArray(value)) return this.tell('fhir/wrong-type', path);
    if (value.length === 0) return this.tell('fhir/empty', path);
    if (value.length > LIMITS.fhirListMax) return this.tell('fhir/too-many', path);
    const extras = Array.isArray(extra) ? (extra as unknown[]) : [];
    value.forEach((one, place) => {
      // In a list of primitives null stands for one that has extensions alone.
      if (one === null && isPrimitive(element.type) && isObject(extras[place])) return;
      this.one(one, element, `${path}[${place}]`);
    });
  }

  private one(value: unknown, element: ElementSpec, path: string): void {
    const { type } = element;
    if (value === null || value === undefined) return this.tell('fhir/empty', path);
    if (isPrimitive(type)) {
      const fault = faultOfPrimitive(type, value);
      if (fault !== undefined) return this.tell(fault, path);
      if (element.codes !== undefined && !element.codes.has(value as string)) this.tell('fhir/unknown-code', path);
      return undefined;
    }
    if (type === 'Resource') return this.resource(value, path, { contained: path.includes('.contained[') });
    const spec = specOf(type);
    if (!isObject(value)) return this.tell('fhir/wrong-type', path);
    if (spec === undefined) return this.tell('fhir/unknown-element', path);
    this.object(value, spec, { type, path });
    if (element.path === 'modifierExtension') this.tell('fhir/modifier-extension', path);
    for (const { code, at } of faultsOfInvariants(type, value, path)) this.tell(code, at);
    if (type === 'Reference') {
      const fault = faultOfReference(value, element.targets);
      if (fault !== undefined) this.tell(fault, `${path}.reference`);
    }
    return undefined;
  }

  /** `_name`: id and extensions of a primitive (R4 json.html#primitive); in a list null where there are none. */
  private extra(
    value: unknown,
    element: ElementSpec,
    around: { readonly path: string; readonly beside: unknown },
  ): void {
    const spec = specOf('Element') as TypeSpec;
    if (element.repeats !== Array.isArray(value)) return this.tell('fhir/wrong-type', around.path);
    if (!Array.isArray(value)) {
      if (!isObject(value)) return this.tell('fhir/wrong-type', around.path);
      return this.object(value, spec, { type: 'Element', path: around.path });
    }
    const beside = Array.isArray(around.beside) ? around.beside.length : value.length;
    if (value.length !== beside || value.length === 0) this.tell('fhir/wrong-type', around.path);
    value.forEach((one: unknown, place) => {
      if (one === null) return;
      if (!isObject(one)) this.tell('fhir/wrong-type', `${around.path}[${place}]`);
      else this.object(one, spec, { type: 'Element', path: `${around.path}[${place}]` });
    });
    return undefined;
  }
}

/** R4 writes primitive types with a small letter. */
function isPrimitive(type: string): boolean {
  return type.charCodeAt(0) >= 97 && !type.includes('.');
}

export function isObject(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Every `#id` that a reference of the resource names. One walk, however many are contained. */
function localReferences(resource: Fields): ReadonlySet<string> {
  const found = new Set<string>();
  const look = (value: unknown): void => {
    if (Array.isArray(value)) value.forEach(look);
    else if (isObject(value)) {
      const { reference } = value;
      if (typeof reference === 'string' && reference.startsWith('#')) found.add(reference);
      Object.values(value).forEach(look);
    }
  };
  look(resource);
  return found;
}
