/** SHA-256 and HMAC-SHA-256, synchronous (decision 4: `crypto.subtle` makes every pure function async). */
import { hmac } from '@noble/hashes/hmac.js';
import { sha1 as nobleSha1 } from '@noble/hashes/legacy.js';
import { sha256 as nobleSha256 } from '@noble/hashes/sha2.js';
import { base64url, utf8 } from './bytes.ts';

/** 32 bytes. */
export function sha256(bytes: Uint8Array): Uint8Array {
  return nobleSha256(bytes);
}

/** SHA-256 of parts one after the other, texts as UTF-8. */
export function sha256Of(parts: readonly (Uint8Array | string)[]): Uint8Array {
  const hash = nobleSha256.create();
  for (const part of parts) hash.update(typeof part === 'string' ? utf8(part) : part);
  return hash.digest();
}

/** 20 bytes: FHIR R4 names files by it (Attachment.hash). No secret and no proof rests on it. */
export function sha1(bytes: Uint8Array): Uint8Array {
  return nobleSha1(bytes);
}

/** SHA-256 as 43 characters of base64url. */
export function digestOf(bytes: Uint8Array): string {
  return base64url(nobleSha256(bytes));
}

/** A UUID that names a text (RFC 9562, version 8: the first bits of its SHA-256). */
export function uuidOf(text: string): string {
  const bytes = sha256(utf8(text)).subarray(0, 16);
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x80;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}

/** A keyed hash with its key schedule prepared once; 32 bytes per call. */
export interface Mac {
  bytes(text: string): Uint8Array;
  /** 43 characters of base64url. */
  text(text: string): string;
}

export function createMac(key: Uint8Array): Mac {
  const prepared = hmac.create(nobleSha256, key);
  // One working copy and one buffer, used anew each time: making them costs as much as the hashing.
  const working = prepared.clone();
  const buffer = new Uint8Array(1024);
  const bytes = (text: string): Uint8Array => {
    prepared._cloneInto(working);
    // A UTF-16 unit is at most three bytes of UTF-8.
    if (text.length * 3 > buffer.length) working.update(utf8(text));
    else working.update(buffer.subarray(0, encoder.encodeInto(text, buffer).written));
    const digest = new Uint8Array(32);
    working.digestInto(digest);
    return digest;
  };
  return { bytes, text: (text) => base64url(bytes(text)) };
}

const encoder = new TextEncoder();

/** Joins the parts of a business key so that no two lists of parts give one text. */
export function joinKey(...parts: readonly string[]): string {
  return parts.map((part) => `${part.length}:${part}`).join('');
}
