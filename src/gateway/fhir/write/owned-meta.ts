/**
 * What the server owns is the server's (R4 resource.html#Meta): id, version, time, source, security labels and tags of
 * ours go, whatever a client says of them; profiles and its own tags stay. What comes over a test channel is labelled so.
 */
import type { Fields } from '../present.ts';

export const TEST_LABEL = { system: 'http://terminology.hl7.org/CodeSystem/v3-ActReason', code: 'HTEST' } as const;
/** The scheme and the namespace of a URN have no case (RFC 8141 3.1). */
const OURS = /^urn:concord\b/i;

export function withOwnedMeta(resource: Fields, { test }: { readonly test: boolean }): Fields {
  const { id: _id, meta: stated, ...rest } = resource;
  const { profile, tag } = (stated ?? {}) as { profile?: unknown; tag?: readonly { system?: unknown }[] };
  const kept = tag?.filter(({ system }) => typeof system !== 'string' || !OURS.test(system)) ?? [];
  const meta = {
    ...(profile === undefined ? {} : { profile }),
    ...(kept.length === 0 ? {} : { tag: kept }),
    ...(test ? { security: [TEST_LABEL] } : {}),
  };
  return Object.keys(meta).length === 0 ? rest : { ...rest, meta };
}

/** True for what came over a test channel: it is changed over one only, and the real over a real one. */
export function isTestData(resource: Fields): boolean {
  const { security } = (resource['meta'] ?? {}) as { security?: readonly { code?: unknown }[] };
  return security?.some(({ code }) => code === TEST_LABEL.code) === true;
}
