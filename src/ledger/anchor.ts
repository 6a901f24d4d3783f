/**
 * Anchors: once a day the last seal of every chain, signed. Whoever keeps one can prove later that what came before it was
 * neither changed nor cut off. A JWS (RFC 7515) with EdDSA over Ed25519 (RFC 8037), so that any library verifies it.
 */
import { CompactSign, compactVerify, decodeProtectedHeader, EmbeddedJWK, exportJWK, importPKCS8, type JWK } from 'jose';
import { utf8 } from '../base/bytes.ts';
import type { FacilityId } from '../terms/facility.ts';
import type { Instant } from '../terms/instant.ts';

export interface Anchor {
  /** Version of this form. */
  readonly form: 1;
  /** The gateway that signed, by its public address. */
  readonly issuer: string;
  /** The local day in the region's zone, YYYY-MM-DD. */
  readonly day: string;
  readonly at: Instant;
  /** By chain. */
  readonly chains: readonly AnchoredChain[];
}

export interface AnchoredChain {
  readonly chain: FacilityId;
  readonly seq: number;
  /** The seal at that place, base64url. */
  readonly seal: string;
}

const TYPE = 'concord-ledger-anchor+jws';
/** PKCS #8 of an Ed25519 key (RFC 8410) up to its 32 bytes of seed. */
const PKCS8 = [0x30, 0x2e, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20];

/** Signs with the Ed25519 key of a seed of 32 bytes. The public key stands in the header: an auditor knows it from earlier anchors. */
export async function signAnchor(anchor: Anchor, seed: Uint8Array): Promise<string> {
  const der = Uint8Array.of(...PKCS8, ...seed);
  const pem = `-----BEGIN PRIVATE KEY-----\n${btoa(String.fromCharCode(...der))}\n-----END PRIVATE KEY-----`;
  const key = await importPKCS8(pem, 'EdDSA', { extractable: true });
  const { kty, crv, x } = await exportJWK(key);
  return new CompactSign(utf8(JSON.stringify(anchor)))
    .setProtectedHeader({ alg: 'EdDSA', typ: TYPE, jwk: { kty, crv, x } as JWK })
    .sign(key);
}

export interface ReadAnchor {
  readonly anchor: Anchor;
  /** The public key that signed it (RFC 8037 `x`): the same in every anchor of a gateway. */
  readonly key: string;
}

/** Undefined: it is no anchor, or was changed since it was signed. */
export async function readAnchor(jws: string): Promise<ReadAnchor | undefined> {
  try {
    const { typ, jwk } = decodeProtectedHeader(jws);
    if (typ !== TYPE || jwk?.x === undefined) return undefined;
    const { payload } = await compactVerify(jws, EmbeddedJWK, { algorithms: ['EdDSA'] });
    const anchor = JSON.parse(new TextDecoder().decode(payload)) as Anchor;
    return anchor.form === 1 ? { anchor, key: jwk.x } : undefined;
  } catch {
    return undefined;
  }
}
