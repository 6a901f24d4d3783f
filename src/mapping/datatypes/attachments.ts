/** ED and RP (v2.5 2.A.24, 2.A.65) → Attachment; data always ends as base64, whatever ED.4 says. */
import type { Attachment } from 'fhir/r4';
import { utf8 } from '../../base/bytes.ts';
import { lookUp } from '../code-table.ts';
import { table0834 } from '../generated/codes.ts';
import type { Reading } from '../reading.ts';
import type { Run } from '../run.ts';

const BASE64 = /^[A-Za-z0-9+/]+={0,2}$/;

export function edToAttachment(s: Reading, f: number, r: number, _c: number, run: Run): Attachment | undefined {
  const written = s.part(f, r, 0, 5);
  if (isWithoutData(s, f, r)) {
    run.problem('mapping/attachment-empty', 'warning', s.at(f, 5, r));
    return undefined;
  }
  const [source, type, subtype, encoding] = [1, 2, 3, 4].map((n) => s.part(f, r, 0, n));
  if (written === undefined) return undefined;
  const data = toBase64(written, (encoding ?? '').toUpperCase());
  if (data === undefined) {
    run.problem('mapping/attachment-unreadable', 'error', s.at(f, 5, r));
    return undefined;
  }
  const contentType = contentTypeOf(type, subtype) ?? contentTypeOfData(data);
  if (contentType === undefined) run.problem('mapping/attachment-type-unknown', 'information', s.at(f, 2, r));
  return {
    contentType: contentType ?? 'application/octet-stream',
    data,
    ...(source === undefined ? {} : { title: source }),
  };
}

/** ED.5 is empty and not by a slip: ED.4 says how it would be encoded, or nothing at all is stated. */
export function isWithoutData(s: Reading, f: number, r: number): boolean {
  if (s.peek(f, r, 0, 5) !== undefined) return false;
  return s.peek(f, r, 0, 4) !== undefined || [1, 2, 3].every((n) => s.peek(f, r, 0, n) === undefined);
}

/** RP.1 is kept as an address when it is one; nobody follows it. */
export function rpToAttachment(s: Reading, f: number, r: number, _c: number, run: Run): Attachment | undefined {
  const url = s.part(f, r, 0, 1);
  if (url === undefined || !/^(https?|ftps?|file|urn|dicomweb):\S+$/i.test(url)) {
    if (url !== undefined) run.problem('mapping/attachment-address', 'warning', s.at(f, 1, r));
    return undefined;
  }
  const [application, type, subtype] = [2, 3, 4].map((n) => s.part(f, r, 0, n));
  const contentType = contentTypeOf(type, subtype);
  return {
    ...(contentType === undefined ? {} : { contentType }),
    url,
    ...(application === undefined ? {} : { title: application }),
  };
}

/** `AP^PDF`, `Application^PDF`, `TEXT^HTML`, `IM^JPEG`, `^PDF`, `application/pdf`. */
function contentTypeOf(type: string | undefined, subtype: string | undefined): string | undefined {
  if (type !== undefined && /^[a-z]+\/[a-z0-9.+-]+$/i.test(type)) return type.toLowerCase();
  const known =
    lookUp(table0834, `${type ?? ''}/${subtype ?? ''}`) ??
    (subtype === undefined ? undefined : lookUp(table0834, `/${subtype}`));
  return known?.code;
}

const MAGIC: readonly (readonly [string, string])[] = [
  ['JVBERi', 'application/pdf'],
  ['/9j/', 'image/jpeg'],
  ['iVBORw0KGgo', 'image/png'],
  ['R0lGOD', 'image/gif'],
  ['SUkqAA', 'image/tiff'],
  ['TU0AKg', 'image/tiff'],
];

function contentTypeOfData(data: string): string | undefined {
  return MAGIC.find(([start]) => data.startsWith(start))?.[1];
}

function toBase64(written: string, encoding: string): string | undefined {
  if (encoding === 'A') return base64OfBytes(utf8(written));
  const packed = written.replace(/\s+/g, '');
  if (encoding === 'HEX') return /^([0-9A-Fa-f]{2})+$/.test(packed) ? base64OfBytes(bytesOfHex(packed)) : undefined;
  const bare = packed.replace(/=+$/, '');
  const whole = BASE64.test(packed) && bare.length % 4 !== 1;
  if (whole && (encoding === 'BASE64' || contentTypeOfData(packed) !== undefined || packed.length % 4 === 0)) {
    return bare.padEnd(Math.ceil(bare.length / 4) * 4, '=');
  }
  return encoding === '' ? base64OfBytes(utf8(written)) : undefined;
}

function bytesOfHex(hex: string): Uint8Array {
  const bytes = new Uint8Array(hex.length / 2);
  for (let i = 0; i < bytes.length; i++) bytes[i] = Number.parseInt(hex.slice(2 * i, 2 * i + 2), 16);
  return bytes;
}

function base64OfBytes(bytes: Uint8Array): string {
  let binary = '';
  for (let i = 0; i < bytes.length; i += 8192) binary += String.fromCharCode(...bytes.subarray(i, i + 8192));
  return btoa(binary);
}
