/**
 * What R4 asks of every resource and @medplum/core does not look at: id and primitive grammars, empty
 * things, one choice of each, required bindings (R4 2.24, 2.1, 4.1).
 */
import { type Element, r4Definitions } from './r4-definitions.ts';

/** R4 2.24.0.1, 2.24.0.2: the grammar of each primitive type. */
const GRAMMAR: Readonly<Record<string, RegExp>> = {
  id: /^[A-Za-z0-9\-.]{1,64}$/,
  code: /^[^\s]+(\s[^\s]+)*$/,
  string: /^\s*\S[\s\S]*$/,
  markdown: /^\s*\S[\s\S]*$/,
  uri: /^\S+$/,
  url: /^\S+$/,
  canonical: /^\S+$/,
  oid: /^urn:oid:[0-2](\.(0|[1-9]\d*))+$/,
  uuid: /^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/,
  base64Binary: /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/,
  date: /^\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?$/,
  dateTime:
    /^\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01])(T([01]\d|2[0-3]):[0-5]\d:([0-5]\d|60)(\.\d+)?(Z|[+-]((0\d|1[0-3]):[0-5]\d|14:00)))?)?)?$/,
  instant:
    /^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])T([01]\d|2[0-3]):[0-5]\d:([0-5]\d|60)(\.\d+)?(Z|[+-]((0\d|1[0-3]):[0-5]\d|14:00))$/,
  time: /^([01]\d|2[0-3]):[0-5]\d:([0-5]\d|60)(\.\d+)?$/,
};

/** No text holds a character below U+0020 but tab, CR and LF. */
// oxlint-disable-next-line no-control-regex
const CONTROL = /[\u0000-\u0008\u000b\u000c\u000e-\u001f]/;

/** The faults of one resource (nested ones included), each `path: what`; never a value. */
export function structureFaults(resource: Readonly<Record<string, unknown>>): string[] {
  const type = String(resource['resourceType']);
  if (!r4Definitions().resourceTypes.has(type)) return ['resourceType: not an R4 resource'];
  const faults: string[] = [];
  checkObject(resource, type, type, faults);
  return faults;
}

function checkObject(value: Readonly<Record<string, unknown>>, type: string, at: string, faults: string[]): void {
  const { elements, choices } = r4Definitions();
  const keys = Object.keys(value).filter((key) => key !== 'resourceType');
  if (keys.length === 0) faults.push(`${at}: empty object`);
  for (const key of keys) {
    if (key.startsWith('_')) continue;
    const element = elements.get(`${type}.${key}`);
    if (element === undefined) faults.push(`${at}.${key}: no such element`);
    else checkElement(value[key], { element, path: `${type}.${key}`, at: `${at}.${key}` }, faults);
  }
  for (const [stem, names] of choices) {
    if (!stem.startsWith(`${type}.`)) continue;
    const present = names.filter((name) => value[name.slice(type.length + 1)] !== undefined);
    if (present.length > 1) faults.push(`${at}: more than one choice of ${stem}`);
  }
}

interface Place {
  readonly element: Element;
  readonly path: string;
  readonly at: string;
}

function checkElement(value: unknown, place: Place, faults: string[]): void {
  if (Array.isArray(value) !== place.element.repeats) {
    faults.push(`${place.at}: ${place.element.repeats ? 'must' : 'must not'} be an array`);
    return;
  }
  if (!Array.isArray(value)) return checkOne(value, place, faults);
  if (value.length === 0) faults.push(`${place.at}: empty array`);
  value.forEach((item, i) => checkOne(item, { ...place, at: `${place.at}[${i}]` }, faults));
}

function checkOne(value: unknown, place: Place, faults: string[]): void {
  const type = place.element.types[0] ?? '';
  if (value === null || value === undefined) faults.push(`${place.at}: null`);
  else if (typeof value === 'object')
    checkObject(value as Record<string, unknown>, innerType(value, place), place.at, faults);
  else
    checkPrimitive(value, type === 'string' && place.path.endsWith('.id') ? idType(place.path) : type, place, faults);
}

/** A resource's own id is an `id`; the id of an element inside is any string. */
function idType(path: string): string {
  return path.split('.').length === 2 && r4Definitions().resourceTypes.has(path.split('.')[0] as string)
    ? 'id'
    : 'string';
}

function innerType(value: object, place: Place): string {
  if (place.element.sameAs !== undefined) return place.element.sameAs;
  const type = place.element.types[0] ?? '';
  if (type === 'BackboneElement' || type === 'Element') return place.path;
  return type === 'Resource' ? String((value as Record<string, unknown>)['resourceType']) : type;
}

function checkPrimitive(value: unknown, type: string, place: Place, faults: string[]): void {
  const number = ['decimal', 'integer', 'positiveInt', 'unsignedInt'].includes(type);
  const expected = type === 'boolean' ? 'boolean' : number ? 'number' : 'string';
  if (typeof value !== expected) return void faults.push(`${place.at}: must be a ${expected}`);
  if (number && type !== 'decimal' && !Number.isInteger(value)) faults.push(`${place.at}: must be whole`);
  if (type === 'positiveInt' && (value as number) < 1) faults.push(`${place.at}: must be positive`);
  if (type === 'unsignedInt' && (value as number) < 0) faults.push(`${place.at}: must not be negative`);
  const grammar = GRAMMAR[type];
  if (grammar !== undefined && !grammar.test(value as string)) faults.push(`${place.at}: not a ${type}`);
  if ((type === 'date' || type === 'dateTime' || type === 'instant') && !onCalendar(value as string)) {
    faults.push(`${place.at}: not on the calendar`);
  }
  if (typeof value === 'string' && CONTROL.test(value)) faults.push(`${place.at}: a control character`);
  const codes = place.element.codes;
  if (codes !== undefined && !codes.has(value as string)) faults.push(`${place.at}: not in the required value set`);
}

function onCalendar(text: string): boolean {
  const day = /^(\d{4})-(\d\d)-(\d\d)/.exec(text);
  if (day === null) return true;
  return Number(day[3]) <= new Date(Date.UTC(Number(day[1]), Number(day[2]), 0)).getUTCDate();
}
