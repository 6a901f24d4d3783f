/**
 * A month's figures from what was appended: orders asked about, offers, answers and what became of them, all as known at an
 * instant. Offers and answers belong to the month in which the order was offered.
 */
import type { ReadStore } from '../../ports/store-reads.ts';
import type { FlowLine, MonthFigures, MonthLine, RefusalLine } from '../../terms/month-report.ts';
import type { Session } from '../driver/database.ts';

/** One order a patient, visit and target; its best verdict counts. Without an encounter the local day is the visit. */
const ASKED = `select facility, target, count(*) as asked, count(*) filter (where rank = 2) as recognisable,
    count(*) filter (where rank = 1) as reviewable
  from (
    select facility, target, max(case verdict when 'recognise' then 2 when 'review' then 1 else 0 end) as rank
    from asked_order where at >= $1 and at < $2 and at <= $3
    group by facility, target, patient_mac, encounter_mac,
      case when encounter_mac = '' then to_char(at at time zone $4, 'YYYY-MM-DD') end
  ) orders
  group by facility, target`;

const ANSWERED = `with offered as (
    select offer, chain, target from ledger_entry where kind = 'offered' and at >= $1 and at < $2 and at <= $3
  ), answer as (
    select distinct on (o.offer) o.offer, o.chain, o.target, e.id, e.kind, e.position, e.reason, e.counts_as_refusal, e.cross_facility
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

const LINES = `${ANSWERED}
  select a.chain as facility, a.target, count(*) as offered,
    count(*) filter (where a.kind = 'accepted') as accepted,
    count(*) filter (where a.kind = 'accepted' and a.cross_facility) as "acceptedAcross",
    count(*) filter (where a.kind = 'refused' and a.counts_as_refusal) as refused,
    count(*) filter (where a.kind = 'refused' and not a.counts_as_refusal) as "refusedUncounted",
    count(*) filter (where a.kind is null or a.kind = 'revoked') as unanswered,
    coalesce(sum(w.gross), 0)::bigint as "grossFen", coalesce(sum(w.reversed), 0)::bigint as "reversedFen",
    coalesce(sum(w.settled), 0)::bigint as "settledFen", coalesce(sum(w.unpriced), 0)::bigint as unpriced
  from answer a left join worth w on w.offer = a.offer group by a.chain, a.target`;

const REFUSALS = `${ANSWERED}
  select chain as facility, reason, count(*) as refused from answer where kind = 'refused'
  group by chain, reason order by chain, reason`;

const FLOWS = `${ANSWERED}
  select g.giver, g.receiver, count(*) as accepted from (
    select distinct c.facility as giver, a.chain as receiver, a.offer from answer a
    join offer_result r on r.offer = a.offer
    join container c on c.bucket = r.bucket and c.id = r.container and c.version = r.version
    where a.kind = 'accepted'
  ) g group by g.giver, g.receiver order by g.giver, g.receiver`;

type Asked = Pick<MonthLine, 'facility' | 'target' | 'asked' | 'recognisable' | 'reviewable'>;
type Answered = Omit<MonthLine, 'asked' | 'recognisable' | 'reviewable'>;

export async function monthFigures(
  session: Session,
  { from, until, asOf, zone }: Parameters<ReadStore['monthFigures']>[0],
): Promise<MonthFigures> {
  const span = [from, until, asOf];
  const [asked, answered, refusals, flows] = await Promise.all([
    session.run<Asked>(ASKED, [...span, zone]),
    session.run<Answered>(LINES, span),
    session.run<RefusalLine>(REFUSALS, span),
    session.run<FlowLine>(FLOWS, span),
  ]);
  return { lines: joined(asked, answered), refusals, flows };
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

/** By facility, then by target, byte by byte: one database, one order. */
function joined(asked: readonly Asked[], answered: readonly Answered[]): readonly MonthLine[] {
  const keyOf = ({ facility, target }: Pick<MonthLine, 'facility' | 'target'>): string => `${facility}\n${target}`;
  const byKey = new Map(answered.map((line) => [keyOf(line), line]));
  const lines = asked.map((line): MonthLine => ({ ...line, ...(byKey.get(keyOf(line)) ?? NOT_OFFERED) }));
  const known = new Set(asked.map(keyOf));
  const unasked = answered.filter((line) => !known.has(keyOf(line))).map((line) => ({ ...line, ...NOT_ASKED }));
  return [...lines, ...unasked].toSorted((left, right) => (keyOf(left) < keyOf(right) ? -1 : 1));
}
