/** What every use case works with: ports, keys prepared once, and the reference data in force. */
import { createMac, type Mac } from '../base/digest.ts';
import type { Clock, Randomness } from '../ports/clock.ts';
import { type Meter, noMeter } from '../ports/meter.ts';
import type { Outbound } from '../ports/outbound.ts';
import type { Keys } from '../ports/keys.ts';
import type { Store } from '../ports/store.ts';
import { refuse } from '../base/outcome.ts';
import { SENTENCES } from './problems.ts';
import { createReferenceCache, type ReferenceCache, type ReferenceMemory } from './reference-cache.ts';
import { createIdKeys, type IdKeys } from './id-source.ts';

export interface Gateway {
  readonly store: Store;
  readonly clock: Clock;
  readonly random: Randomness;
  readonly reference: ReferenceCache;
  readonly ids: IdKeys;
  /** Pseudonyms of audit and ledger. */
  readonly pseudonym: Mac;
  readonly keys: Keys;
  /** Ordered codes without a map that this process has put into the mapping queue. */
  readonly notedOrders: Set<string>;
  /** IANA zone that bounds days and months (DESIGN 4). */
  readonly regionZone: string;
  /** How the world knows this gateway, without a slash at its end. */
  readonly publicUrl: string;
  /** The platform that hears of offers, views and acts; absent: none does. */
  readonly events?: EventSink;
  /** A SMART app that cards lead to; absent: none. */
  readonly smartApp?: string;
  /** The way out to hospitals' servers and endpoints. */
  readonly outbound: Outbound;
  /** Told of a fault of ours where nobody waits for an answer; the code is for the log, the error is not. */
  readonly onFault: OnFault;
  /** What is counted while it works. */
  readonly meter: Meter;
}

export interface EventSink {
  readonly url: string;
  readonly token?: string;
}

export type OnFault = (fault: { readonly code: string; readonly error: unknown }) => void;

export function createGateway(parts: {
  readonly store: Store;
  readonly clock: Clock;
  readonly random: Randomness;
  readonly keys: Keys;
  readonly regionZone: string;
  readonly publicUrl?: string;
  readonly events?: EventSink;
  readonly smartApp?: string;
  /** Absent: nothing outside is spoken to. */
  readonly outbound?: Outbound;
  readonly onFault?: OnFault;
  /** Absent: nothing is counted. */
  readonly meter?: Meter;
  /** Shared with other gateways of this process; absent: its own. */
  readonly referenceMemory?: ReferenceMemory;
}): Gateway {
  const { store, clock, random, keys, regionZone } = parts;
  return {
    store,
    clock,
    random,
    keys,
    notedOrders: new Set(),
    regionZone,
    ...(parts.events === undefined ? {} : { events: parts.events }),
    ...(parts.smartApp === undefined ? {} : { smartApp: parts.smartApp }),
    outbound: parts.outbound ?? CLOSED,
    publicUrl: (parts.publicUrl ?? 'http://localhost').replace(/\/+$/, ''),
    onFault: parts.onFault ?? (() => undefined),
    meter: parts.meter ?? noMeter,
    reference: createReferenceCache(store.reference, clock, parts.referenceMemory),
    ids: createIdKeys(createMac(keys.index), createMac(keys.id)),
    pseudonym: createMac(keys.pseudonym),
  };
}

const CLOSED: Outbound = {
  allows: () => false,
  send: () =>
    Promise.resolve(
      refuse({
        category: 'forbidden',
        code: 'gateway/no-outbound',
        sentence: SENTENCES['gateway/no-outbound'],
        at: 'OUTBOUND_HOSTS',
      }),
    ),
};
