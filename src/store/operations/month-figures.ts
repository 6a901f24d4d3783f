/**
 * A month's figures from what was appended: orders asked about and known, offers, answers, what became of them, and repeats,
 * all as known at an instant. Offers and answers belong to the month in which the order was offered.
 */
import type { ReadStore } from '../../ports/store-reads.ts';
import type { MonthCell, MonthFigures } from '../../terms/month-report.ts';
import type { Session } from '../driver/database.ts';

/** Without an encounter the local day is the visit. */
const VISIT = `case when encounter_mac = '' then to_char(at at time zone $4, 'YYYY-MM-DD') end`;
const CELL = ['facility', 'target', 'level', 'specialty', 'visitClass', 'payer', 'doctor'] as const;
const DIMENSIONS = `level, specialty, visit_class as "visitClass", payer, practitioner_mac as doctor`;

/** One order a patient, visit and target; its best verdict counts, and what was said of the visit at any time. */
const ASKED = `select facility, target, ${DIMENSIONS}, count(*) as asked,
    count(*) filter (where rank = 2) as recognisable, count(*) filter (where rank = 1) as reviewable
  from (
    select facility, target, max(case verdict when 'recognise' then 2 when 'review' then 1 else 0 end) as rank,
      max(level) as level, max(specialty) as specialty, max(visit_class) as visit_class, max(payer) as payer,
      max(practitioner_mac) as practitioner_mac
    from asked_order where at >= $1 and at < $2 and at <= $3
    group by facility, target, patient_mac, encounter_mac, ${VISIT}
  ) orders
  group by facility, target, level, specialty, visit_class, payer, practitioner_mac`;

const VISITS = `select count(*) as visits from (
    select distinct facility, patient_mac, encounter_mac, ${VISIT} as day from asked_order where at >= $1 and at < $2 and at <= $3
  ) visits`;

/** Offers with the answer that stands, and what time said of it; an offer's visit is that of the order it was made for. */
const ANSWERED = `with offered as (
    select e.offer, e.chain, e.target, q.level, q.specialty, q.visit_class, q.payer, q.practitioner_mac
    from ledger_entry e left join lateral (
      select * from asked_order q where q.at = e.at and q.offer = e.offer order by q.id limit 1
    ) q on true
    where e.kind = 'offered' and e.at >= $1 and e.at < $2 and e.at <= $3
  ), answer as (
    select distinct on (o.offer) o.*, e.id, e.kind, e.position, e.reason, e.counts_as_refusal, e.cross_facility, e.drg, e.split
    from offered o left join ledger_entry e on e.offer = o.offer and e.kind in ('accepted', 'refused', 'revoked') and e.at <= $3
    order by o.offer, e.position desc
  ), line as (
    select a.offer, s.key, s.fen from answer a join ledger_saving s on s.entry = a.id where a.kind = 'accepted'
  ), later as (
    select e.offer, e.kind, s.key from answer a join ledger_entry e on e.offer = a.offer and e.position > a.position
      and e.kind in ('settled', 'reversed') and e.at <= $3
    join ledger_saving s on s.entry = e.id where a.kind = 'accepted'
  ), worth as (
    select l.offer, sum(l.fen) as gross, count(*) filter (where l.fen is null) as unpriced,
      sum(l.fen) filter (where r.key is not null) as reversed, sum(l.fen) filter (where r.key is null and d.key is not null) as settled
    from line l left join later r on r.offer = l.offer and r.key = l.key and r.kind = 'reversed'
    left join later d on d.offer = l.offer and d.key = l.key and d.kind = 'settled'
    group by l.offer
  )`;

const OFFERED = `${ANSWERED}
  select a.chain as facility, a.target, coalesce(a.level, 0) as level, coalesce(a.specialty, '') as specialty,
    coalesce(a.visit_class, '') as "visitClass", coalesce(a.payer, '') as payer, coalesce(a.practitioner_mac, '') as doctor,
    count(*) as offered,
    count(*) filter (where a.kind = 'accepted') as accepted,
    count(*) filter (where a.kind = 'accepted' and a.cross_facility) as "acceptedAcross",
    count(*) filter (where a.kind = 'refused' and a.counts_as_refusal) as refused,
    count(*) filter (where a.kind = 'refused' and not a.counts_as_refusal) as "refusedUncounted",
    count(*) filter (where a.kind is null or a.kind = 'revoked') as unanswered,
    coalesce(sum(w.gross), 0)::bigint as "grossFen", coalesce(sum(w.reversed), 0)::bigint as "reversedFen",
    coalesce(sum(w.settled), 0)::bigint as "settledFen", coalesce(sum(w.unpriced), 0)::bigint as unpriced
  from answer a left join worth w on w.offer = a.offer group by 1, 2, 3, 4, 5, 6, 7`;

const REFUSALS = `${ANSWERED}
  select chain as facility, reason, count(*) as refused from answer where kind = 'refused'
  group by chain, reason order by chain, reason`;

const PAID = `${ANSWERED}
  select a.drg, a.split, coalesce(sum(coalesce(w.gross, 0) - coalesce(w.reversed, 0)), 0)::bigint as "netFen"
  from answer a join worth w on w.offer = a.offer group by a.drg, a.split order by a.drg, a.split`;

const FLOWS = `${ANSWERED}
  select g.giver, g.receiver, count(*) as accepted from (
    select distinct c.facility as giver, a.chain as receiver, a.offer from answer a
    join offer_result r on r.offer = a.offer
    join container c on c.bucket = r.bucket and c.id = r.container and c.version = r.version
    where a.kind = 'accepted'
  ) g group by g.giver, g.receiver order by g.giver, g.receiver`;

/** An order counts as asked about when its patient's target was, within three days of it. */
const KNOWN = `select k.facility, k.target, count(*) as known, count(*) filter (where not exists (
      select 1 from asked_order a where a.bucket = k.bucket and a.patient = k.patient and a.target = k.target
        and a.at >= k.at - interval '3 days' and a.at <= k.at + interval '3 days' and a.at <= $3
    )) as unasked
  from known_order k where k.at >= $1 and k.at < $2 and k.at <= $3 and not k.cancelled and not exists (
    select 1 from known_order c where c.facility = k.facility and c.order_mac = k.order_mac and c.cancelled and c.at <= $3)
  group by k.facility, k.target order by k.facility, k.target`;

const REPEATS = `select facility, giver, price_item as "priceItem", justification, count(*) as repeats, count(offer) as offered,
    coalesce(sum(fen), 0)::bigint as fen, count(*) filter (where fen is null) as unpriced
  from repeat_found where performed_at >= $1 and performed_at < $2 and at <= $3
  group by 1, 2, 3, 4 order by 1, 2, 3, 4`;

const REGISTERED = 'select count(*) as registered from facility where registered_at is null or registered_at <= $1';

type Cell = Pick<MonthCell, (typeof CELL)[number]>;
type Asked = Cell & Pick<MonthCell, 'asked' | 'recognisable' | 'reviewable'>;
type Answered = Omit<MonthCell, 'asked' | 'recognisable' | 'reviewable'>;

export async function monthFigures(
  session: Session,
  { from, until, asOf, zone }: Parameters<ReadStore['monthFigures']>[0],
): Promise<MonthFigures> {
  const span = [from, until, asOf];
  const read = <K extends keyof MonthFigures>(text: string): Promise<MonthFigures[K]> =>
    session.run(text, span) as unknown as Promise<MonthFigures[K]>;
  const [asked, answered, visits, registered, known, refusals, repeats, accepted, paid] = await Promise.all([
    session.run<Asked>(ASKED, [...span, zone]),
    session.run<Answered>(OFFERED, span),
    session.run<{ visits: number }>(VISITS, [...span, zone]),
    session.run<{ registered: number }>(REGISTERED, [asOf]),
    read<'known'>(KNOWN),
    read<'refusals'>(REFUSALS),
    read<'repeats'>(REPEATS),
    read<'accepted'>(FLOWS),
    read<'paid'>(PAID),
  ]);
  return {
    cells: joined(asked, answered),
    known,
    refusals,
    repeats,
    accepted,
    paid,
    visits: visits[0]?.visits ?? 0,
    registered: registered[0]?.registered ?? 0,
  };
}

const NOT_ASKED = { asked: 0, recognisable: 0, reviewable: 0 };
const NOT_OFFERED = {
  offered: 0,
  accepted: 0,
  acceptedAcross: 0,
  refused: 0,
  refusedUncounted: 0,
  unanswered: 0,
  grossFen: 0,
  reversedFen: 0,
  settledFen: 0,
  unpriced: 0,
};

/** In the order of their keys, byte by byte: one database, one order. */
function joined(asked: readonly Asked[], answered: readonly Answered[]): readonly MonthCell[] {
  const keyOf = (cell: Cell): string => CELL.map((name) => String(cell[name])).join('\n');
  const byKey = new Map(answered.map((cell) => [keyOf(cell), cell]));
  const cells = asked.map((cell): MonthCell => ({ ...cell, ...(byKey.get(keyOf(cell)) ?? NOT_OFFERED) }));
  const known = new Set(asked.map(keyOf));
  const unasked = answered.filter((cell) => !known.has(keyOf(cell))).map((cell) => ({ ...cell, ...NOT_ASKED }));
  return [...cells, ...unasked].toSorted((left, right) => (keyOf(left) < keyOf(right) ? -1 : 1));
}
