/** Orders as figures count them: one a patient, visit and target, however often a screen asked; its best verdict counts. */
import { localDay } from '../../base/local-day.ts';
import { savingsOf } from '../../ledger/savings-of.ts';
import { rank } from '../../recognition/judge-entry.ts';
import type { AskedOrder } from '../../terms/asked-order.ts';
import type { Catalogue } from '../../terms/catalogue.ts';
import type { Decision, Verdict } from '../../terms/decision.ts';
import type { Saving } from '../../terms/ledger-entry.ts';
import type { ResultEntry } from '../../terms/result-entry.ts';

/** What one catalogue says of an order. */
export interface Judged {
  readonly verdict: Verdict;
  readonly coverage: Decision['coverage'];
  readonly savings: readonly Saving[];
  /** Results that a recognition rests on, by the item that they answer for. */
  readonly results: readonly { readonly item: string; readonly entry: ResultEntry }[];
}

export interface JudgedOrder {
  readonly asked: AskedOrder;
  readonly was: Judged;
  readonly would: Judged;
}

export function judgedBy(order: AskedOrder, decision: Decision, catalogue: Catalogue): Judged {
  const { verdict, coverage, items } = decision;
  if (verdict !== 'recognise') return { verdict, coverage, savings: [], results: [] };
  const { facility, patient, encounterMac, inputs, at } = order;
  return {
    verdict,
    coverage,
    savings: savingsOf({
      offer: { decision, facility, patient, encounterMac },
      catalogue,
      asker: inputs.asker,
      localDay: localDay(at, inputs.regionZone),
      // Keys are compared here and go nowhere.
      mac: (text) => text,
    }),
    results: items.flatMap(({ item, entry, verdict: of }) =>
      entry === undefined || of !== 'recognise' ? [] : [{ item, entry }],
    ),
  };
}

/** What was recorded of an order that was not recognised: nothing rests on it. */
export function recordedAs({ verdict, coverage }: AskedOrder): Judged {
  return { verdict, coverage, savings: [], results: [] };
}

/** Collects the orders of patients that come one after another. */
export interface VisitOrders {
  take(order: JudgedOrder): void;
  /** Orders of patients that are done, each in its best state; `all`: nobody follows. */
  done(all: boolean): readonly JudgedOrder[];
}

export function createVisitOrders(): VisitOrders {
  let patient = '';
  let open = new Map<string, JudgedOrder>();
  let done: JudgedOrder[] = [];
  const close = (): void => {
    for (const order of open.values()) done.push(order);
    open = new Map();
  };
  return {
    take(order) {
      const { bucket, patient: id } = order.asked.patient;
      if (patient !== `${bucket} ${id}`) close();
      patient = `${bucket} ${id}`;
      const key = visitKey(order.asked);
      const known = open.get(key);
      open.set(key, known === undefined ? order : best(known, order));
    },
    done(all) {
      if (all) close();
      const taken = done;
      done = [];
      return taken;
    },
  };
}

function visitKey({ facility, target, encounterMac, at, inputs }: AskedOrder): string {
  return JSON.stringify([facility, target, encounterMac === '' ? localDay(at, inputs.regionZone) : encounterMac]);
}

function best(known: JudgedOrder, next: JudgedOrder): JudgedOrder {
  const better = (left: Judged, right: Judged): Judged => (rank(right.verdict) > rank(left.verdict) ? right : left);
  return { asked: known.asked, was: better(known.was, next.was), would: better(known.would, next.would) };
}
