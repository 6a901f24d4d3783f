/** Forms of R4's primitive types (datatypes.html#primitive), with the calendar looked at. */

/** Text longer than this is none (R4: 1 MB). */
const TEXT_MAX = 1_048_576;
const INTEGER_MAX = 2_147_483_647;

const DATE = /^(\d{4})(?:-(\d\d)(?:-(\d\d))?)?$/;
const TIME = /^([01]\d|2[0-3]):[0-5]\d:([0-5]\d|60)(\.\d{1,9})?$/;
const ZONE = /(Z|[+-](?:0\d|1[0-3]):[0-5]\d|[+-]14:00)$/;

const FORMS: Readonly<Record<string, RegExp>> = {
  id: /^[A-Za-z0-9.-]{1,64}$/,
  code: /^[^\s]+(?: [^\s]+)*$/,
  uri: /^\S+$/,
  url: /^\S+$/,
  canonical: /^\S+$/,
  oid: /^urn:oid:[0-2](?:\.(?:0|[1-9]\d*))+$/,
  uuid: /^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/,
};

export type PrimitiveFault = 'fhir/wrong-type' | 'fhir/bad-format' | 'fhir/bad-date' | 'fhir/empty' | 'fhir/too-long';

/** Undefined: the value is right. A decimal in memory is its text (`base/json.ts`). */
export function faultOfPrimitive(type: string, value: unknown): PrimitiveFault | undefined {
  switch (type) {
    case 'boolean':
      return typeof value === 'boolean' ? undefined : 'fhir/wrong-type';
    case 'integer':
    case 'unsignedInt':
    case 'positiveInt':
      return faultOfInteger(type, value);
    case 'decimal':
      // The reader has judged its form already.
      return typeof value === 'string' ? undefined : 'fhir/wrong-type';
    default:
      if (typeof value !== 'string') return 'fhir/wrong-type';
      if (value === '') return 'fhir/empty';
      if (value.length > TEXT_MAX && type !== 'base64Binary') return 'fhir/too-long';
      return faultOfText(type, value);
  }
}

function faultOfInteger(type: string, value: unknown): PrimitiveFault | undefined {
  if (typeof value !== 'number' || !Number.isInteger(value)) return 'fhir/wrong-type';
  const least = { integer: -INTEGER_MAX - 1, unsignedInt: 0, positiveInt: 1 }[type] ?? 0;
  return value >= least && value <= INTEGER_MAX ? undefined : 'fhir/bad-format';
}

function faultOfText(type: string, value: string): PrimitiveFault | undefined {
  switch (type) {
    case 'date':
      return isDate(value) ? undefined : 'fhir/bad-date';
    case 'dateTime':
      return isDate(value) || isMoment(value) ? undefined : 'fhir/bad-date';
    case 'instant':
      return isMoment(value) ? undefined : 'fhir/bad-date';
    case 'time':
      return TIME.test(value) ? undefined : 'fhir/bad-date';
    case 'base64Binary':
      return isBase64(value) ? undefined : 'fhir/bad-format';
    case 'string':
    case 'markdown':
    case 'xhtml':
      return value.trim() === '' ? 'fhir/empty' : undefined;
    default:
      return FORMS[type]?.test(value) === false ? 'fhir/bad-format' : undefined;
  }
}

/** A year, month or day that the calendar has. */
function isDate(text: string): boolean {
  const found = DATE.exec(text);
  if (found === null || found[1] === '0000') return false;
  const [year, month, day] = [Number(found[1]), Number(found[2] ?? 1), Number(found[3] ?? 1)];
  if (month < 1 || month > 12 || day < 1) return false;
  // Leap years come round every 400 years, and years below 100 are not what Date.UTC takes them for.
  return day <= new Date(Date.UTC(year + 2000, month, 0)).getUTCDate();
}

/** Day, time to the second at least, and a zone: a time without one may be any of 26 hours. */
function isMoment(text: string): boolean {
  if (text[10] !== 'T' || !isDate(text.slice(0, 10))) return false;
  const zone = ZONE.exec(text);
  return zone !== null && TIME.test(text.slice(11, zone.index));
}

/** Groups of four (RFC 4648), blanks between them allowed. */
function isBase64(text: string): boolean {
  const bare = /\s/.test(text) ? text.replaceAll(/\s+/g, '') : text;
  return bare.length % 4 === 0 && bare.length > 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(bare);
}
