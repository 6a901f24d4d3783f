/** An old decision made again from what its offer kept, and whether anything differs: the auditor's question. */
import { done, type Outcome, refuse } from '../base/outcome.ts';
import { decide } from '../recognition/decide.ts';
import type { Decision } from '../terms/decision.ts';
import type { FacilityFacts } from '../terms/facility.ts';
import type { Offer } from '../terms/offer.ts';
import { refusalOf } from './answer.ts';
import { catalogueOf } from './catalogue-of.ts';
import type { Gateway } from './gateway.ts';
import { inputOf, recorded } from './offer-inputs.ts';

export interface Explanation {
  readonly offer: Offer;
  /** As it is made today from the inputs of then, with every sentence. */
  readonly decision: Decision;
  /** Facilities as they were. */
  readonly facilities: readonly FacilityFacts[];
  /** Where the decision that was kept and the one made again are not the same; empty: nowhere. */
  readonly differences: readonly Difference[];
}

export interface Difference {
  /** `items[2].checks[4].state` */
  readonly at: string;
  /** JSON; '' for what was, or is, not there. */
  readonly kept: string;
  readonly made: string;
}

export async function explain(gateway: Gateway, id: string): Promise<Outcome<Explanation>> {
  const offer = await gateway.store.transaction((tx) => tx.readOffer(id));
  if (offer === undefined) return refuse(refusalOf('not-found', 'gateway/unknown-offer', 'offer'));
  const { inputs } = offer;
  if (inputs === undefined) return refuse(refusalOf('conflict', 'gateway/no-inputs', 'offer'));
  const catalogue = await catalogueOf(gateway, offer.catalogueDigest);
  if (catalogue === undefined) return refuse(refusalOf('not-found', 'gateway/unknown-catalogue', 'catalogue'));
  const [decision] = decide(inputOf(offer, inputs, catalogue));
  if (decision === undefined) throw new Error('an order was not decided');
  const differences = differencesOf(plain(offer.decision), plain(recorded(decision)), '');
  return done({ offer, decision, facilities: inputs.facilities, differences });
}

type Plain = null | boolean | number | string | readonly Plain[] | { readonly [name: string]: Plain };

/** As it stands in the row: what is undefined is absent. */
function plain(value: unknown): Plain {
  return JSON.parse(JSON.stringify(value)) as Plain;
}

function differencesOf(kept: Plain | undefined, made: Plain | undefined, at: string): readonly Difference[] {
  if (isObject(kept) && isObject(made)) {
    const [before, after] = [new Map(Object.entries(kept)), new Map(Object.entries(made))];
    return [...new Set([...before.keys(), ...after.keys()])].flatMap((name) =>
      differencesOf(before.get(name), after.get(name), placeOf(at, name, Array.isArray(kept))),
    );
  }
  const [before, after] = [textOf(kept), textOf(made)];
  return before === after ? [] : [{ at, kept: before, made: after }];
}

function textOf(value: Plain | undefined): string {
  return value === undefined ? '' : JSON.stringify(value);
}

function isObject(value: Plain | undefined): value is readonly Plain[] | { readonly [name: string]: Plain } {
  return typeof value === 'object' && value !== null;
}

function placeOf(at: string, name: string, isList: boolean): string {
  if (isList) return `${at}[${name}]`;
  return at === '' ? name : `${at}.${name}`;
}
