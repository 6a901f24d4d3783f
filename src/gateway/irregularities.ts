/** Signs of gaming in a month, each with what an auditor looks at next. They accuse nobody: there may be good reasons. */
import { done, type Outcome, refuse } from '../base/outcome.ts';
import { similarItems } from '../ledger/similar-items.ts';
import type { AcceptedCharge, PerformedQuery, Signs } from '../ports/store-irregularities.ts';
import type { Span } from '../ports/store-past.ts';
import { answering } from '../recognition/catalogue-index.ts';
import type { Instant } from '../terms/instant.ts';
import type { Irregularity, IrregularityKind } from '../terms/irregularity.ts';
import { refusalOf } from './answer.ts';
import { catalogueOf } from './catalogue-of.ts';
import type { Gateway } from './gateway.ts';
import { monthSpan } from './month-report.ts';

/** Nobody reads a result and decides in less. */
const QUICK_SECONDS = 5;
/** A habit, and no chance: so many acceptances, and so large a share of them. */
const QUICK_MIN = 10;
const QUICK_SHARE = 0.8;
const SIMILAR_DAYS = 30;
const EVIDENCE_MAX = 20;

export async function findIrregularities(
  gateway: Gateway,
  { month }: { readonly month: string },
): Promise<Outcome<readonly Irregularity[]>> {
  const span = monthSpan(month, gateway.regionZone);
  if (span === undefined) return refuse(refusalOf('incorrect', 'gateway/bad-month', 'month'));
  const { irregularities } = gateway.store;
  const [quick, own, moved, similar] = await Promise.all([
    irregularities.quickAcceptances({ ...span, seconds: QUICK_SECONDS }),
    irregularities.ownAsOther(span),
    irregularities.movedTimes(span),
    similarPerformed(gateway, span),
  ]);
  return done([
    ...told(
      'quick-acceptance',
      quick.filter(({ count, of }) => count >= QUICK_MIN && count >= QUICK_SHARE * of),
    ),
    ...told('own-as-other', own),
    ...told('similar-performed', similar),
    ...told('moved-time', moved),
  ]);
}

function told(kind: IrregularityKind, signs: readonly Signs[]): readonly Irregularity[] {
  return signs.filter(({ count }) => count > 0).map((sign) => ({ kind, ...sign }));
}

/** By facility and pair of codes: what was saved, and what was done instead. */
async function similarPerformed(gateway: Gateway, span: Span): Promise<readonly Signs[]> {
  const charges = await gateway.store.irregularities.acceptedCharges(span);
  const asked: { readonly charge: AcceptedCharge; readonly query: PerformedQuery }[] = [];
  for (const charge of charges) {
    const items = await similarTo(gateway, charge);
    const until = new Date(Date.parse(charge.at) + SIMILAR_DAYS * 86_400_000).toISOString() as Instant;
    if (items.length > 0) asked.push({ charge, query: { patient: charge.patient, items, after: charge.at, until } });
  }
  const found = await gateway.store.irregularities.performedAfter(asked.map(({ query }) => query));
  const of = Map.groupBy(charges, ({ facility, priceItem }) => `${facility}\n${priceItem}`);
  const signs = asked.flatMap(({ charge }, place) => (found[place] ?? []).map((item) => ({ charge, item })));
  const grouped = Map.groupBy(signs, ({ charge, item }) => `${charge.facility}\n${charge.priceItem} → ${item}`);
  return [...grouped]
    .toSorted(([left], [right]) => (left < right ? -1 : 1))
    .map(([key, group]): Signs => {
      const [{ charge }] = group as [(typeof group)[number], ...typeof group];
      return {
        facility: charge.facility,
        subject: key.slice(key.indexOf('\n') + 1),
        count: group.length,
        of: of.get(`${charge.facility}\n${charge.priceItem}`)?.length ?? group.length,
        evidence: group.slice(0, EVIDENCE_MAX).map((sign) => sign.charge.offer),
      };
    });
}

async function similarTo(gateway: Gateway, { catalogueDigest, priceItem }: AcceptedCharge): Promise<readonly string[]> {
  const catalogue = await catalogueOf(gateway, catalogueDigest);
  const charge = catalogue?.priceItems.get(priceItem);
  if (catalogue === undefined || charge === undefined) return [];
  return similarItems(charge, catalogue, (item) => answering(catalogue, item));
}
