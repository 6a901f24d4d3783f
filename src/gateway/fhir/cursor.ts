/**
 * The cursor of a `next` link: the search as it was asked and where it goes on, sealed and signed. It is bound to the
 * caller and to an hour, it shows nobody an identifier, and a forged one is told from an old one by nobody.
 */
import { createMac, type Mac } from '../../base/digest.ts';
import { LIMITS } from '../../base/limits.ts';
import type { FeedPlace } from '../../ports/store-fhir.ts';
import type { SortKey } from '../../search/order.ts';
import type { Pairs } from '../../search/parse-query.ts';
import type { Circumstances, FhirCaller } from '../../terms/fhir-caller.ts';
import type { Gateway } from '../gateway.ts';
import { openText, sealText } from '../sealed-text.ts';

export interface Cursor {
  readonly type: string;
  readonly pairs: Pairs;
  readonly lenient: boolean;
  readonly circumstances: Circumstances;
  /** Goes on behind this key; absent: from the start. */
  readonly after?: SortKey;
  /** Of a feed: goes on with this place, behind the element. */
  readonly feed?: FeedPlace & { readonly element: string };
}

interface Sealed extends Cursor {
  readonly channel: string;
  /** Unix seconds. */
  readonly until: number;
}

export function writeCursor(gateway: Gateway, caller: FhirCaller, cursor: Cursor): string {
  const until = Math.floor(Date.parse(gateway.clock.now()) / 1000) + LIMITS.fhirCursorSeconds;
  const sealed: Sealed = { ...cursor, channel: caller.channel.id, until };
  const signed = sealText(gateway.keys.cipher, JSON.stringify(sealed));
  return `${signed}.${macOf(gateway).text(signed)}`;
}

/** Undefined: not one of ours, not this caller's, or too old. */
export function readCursor(gateway: Gateway, caller: FhirCaller, text: string): Cursor | undefined {
  const [keyId = '', body = '', mac = '', ...more] = text.split('.');
  if (more.length > 0 || !sameText(mac, macOf(gateway).text(`${keyId}.${body}`))) return undefined;
  const opened = openText(gateway.keys.cipher, `${keyId}.${body}`);
  if (opened === undefined) return undefined;
  const { channel, until, ...cursor } = JSON.parse(opened) as Sealed;
  const isOld = until * 1000 < Date.parse(gateway.clock.now());
  return channel !== caller.channel.id || isOld ? undefined : cursor;
}

/** A key of its own use, made from the one that signs tokens. */
const MACS = new WeakMap<Gateway, Mac>();

function macOf(gateway: Gateway): Mac {
  let mac = MACS.get(gateway);
  if (mac === undefined) {
    mac = createMac(createMac(gateway.keys.token).bytes('fhir-cursor'));
    MACS.set(gateway, mac);
  }
  return mac;
}

/** In time that does not depend on where the texts differ. */
function sameText(left: string, right: string): boolean {
  if (left.length !== right.length) return false;
  let difference = 0;
  for (let i = 0; i < left.length; i++) difference |= left.charCodeAt(i) ^ right.charCodeAt(i);
  return difference === 0;
}
