/** Signs of gaming, from what was appended. For an auditor's month: none of it is on a path that somebody waits for. */
import type { AcceptedCharge, IrregularityStore, Signs } from '../../ports/store-irregularities.ts';
import type { Bucket } from '../../terms/bucket.ts';
import type { FacilityId } from '../../terms/facility.ts';
import type { Instant } from '../../terms/instant.ts';
import type { Database } from '../driver/database.ts';

const EVIDENCE = 'limit 20';

/** Acceptances of the time that stand, with when and to whom their offer was made. */
const STANDING = `with accepted as (
    select e.id, e.offer, e.chain, e.at, e.cross_facility, e.catalogue_digest from ledger_entry e
    where e.kind = 'accepted' and e.at >= $1 and e.at < $2 and not exists (
      select 1 from ledger_entry l where l.offer = e.offer and l.position > e.position and l.kind in ('accepted', 'refused', 'revoked'))
  )`;

const QUICK = `${STANDING}, told as (
    select a.offer, a.chain, coalesce(q.practitioner_mac, '') as doctor, a.at - o.at <= $3 * interval '1 second' as quick
    from accepted a join offer o on o.id = a.offer
    left join lateral (select practitioner_mac from asked_order q where q.at = o.at and q.offer = o.id order by q.id limit 1) q on true
  )
  select chain as facility, doctor as subject, count(*) filter (where quick) as count, count(*) as of,
    (select coalesce(json_agg(offer), '[]')::text from (select offer from told t
      where t.chain = told.chain and t.doctor = told.doctor and t.quick order by offer ${EVIDENCE}) e) as evidence
  from told group by chain, doctor order by chain, doctor`;

/** The same house: one is the other's parent, both have one, or the result says that the asker performed it. */
const OWN = `${STANDING}, given as (
    select distinct a.offer, a.chain, r.facility as giver,
      coalesce(g.parent = a.chain or h.parent = r.facility or g.parent = h.parent, false) or coalesce(r.performer = h.name, false) as own
    from accepted a join offer_result o on o.offer = a.offer
    join result_entry r on r.bucket = o.bucket and r.container = o.container and r.element = o.element and r.version = o.version
    join facility h on h.id = a.chain left join facility g on g.id = r.facility
    where a.cross_facility and r.facility <> a.chain
  )
  select chain as facility, giver as subject, count(distinct offer) filter (where own) as count, count(distinct offer) as of,
    (select coalesce(json_agg(offer), '[]')::text from (select distinct offer from given g
      where g.chain = given.chain and g.giver = given.giver and g.own order by offer ${EVIDENCE}) e) as evidence
  from given group by chain, giver order by chain, giver`;

const CHARGES = `${STANDING}
  select a.offer, a.chain as facility, o.bucket, o.patient, a.at, s.price_item as "priceItem", a.catalogue_digest as "catalogueDigest"
  from accepted a join offer o on o.id = a.offer join ledger_saving s on s.entry = a.id order by a.at, a.offer, s.ordinal`;

const PERFORMED = `with query as (
    select * from json_to_recordset($1::text::json) as q(place int, bucket smallint, patient text collate "C", item text collate "C",
      after timestamptz, until timestamptz)
  ), member as (
    select q.place, q.bucket, q.patient, q.item, q.after, q.until from query q
    union all
    select q.place, m.bucket, m.patient, q.item, q.after, q.until from query q
    join patient_link l on l.bucket = q.bucket and l.patient = q.patient and l.closed_at is null and l.certainty = 'certain'
    join patient_link m on m.person = l.person and m.closed_at is null and m.certainty = 'certain'
  )
  select distinct m.place, e.item from member m
  cross join lateral (
    select e.item from result_entry e where e.bucket = m.bucket and e.patient = m.patient and e.item = m.item and e.known_to is null
      and e.production and e.status not in ('cancelled', 'entered-in-error')
      and e.effective_start > m.after and e.effective_start <= m.until
    order by e.effective_start desc limit 1000
  ) e
  order by m.place, e.item`;

const MOVED = `with known as (
    select distinct c.facility, c.bucket, c.id from container c
    where c.kind = 'report' and c.known_from >= $1 and c.known_from < $2
  ), told as (
    select k.facility, k.id, exists (
      select 1 from result_entry e left join result_entry b on b.bucket = e.bucket and b.container = e.container
        and b.element = e.element and b.version < e.version
      where e.bucket = k.bucket and e.container = k.id and e.production and e.known_from >= $1 and e.known_from < $2
        and (e.effective_start > e.known_from + interval '1 hour' or e.effective_start > b.effective_start + interval '1 hour')
    ) as moved from known k
  )
  select facility, '' as subject, count(*) filter (where moved) as count, count(*) as of,
    (select coalesce(json_agg(id), '[]')::text from (select id from told t
      where t.facility = told.facility and t.moved order by id ${EVIDENCE}) e) as evidence
  from told group by facility order by facility`;

type SignRow = Omit<Signs, 'evidence'> & { readonly evidence: string };

export function createIrregularityStore(database: Database): IrregularityStore {
  const signs = async (text: string, parameters: readonly unknown[]): Promise<readonly Signs[]> =>
    (await database.run<SignRow>(text, [...parameters] as never)).map((row) => ({
      ...row,
      evidence: JSON.parse(row.evidence) as string[],
    }));
  return {
    quickAcceptances: ({ from, until, seconds }) => signs(QUICK, [from, until, seconds]),
    ownAsOther: ({ from, until }) => signs(OWN, [from, until]),
    movedTimes: ({ from, until }) => signs(MOVED, [from, until]),
    async acceptedCharges({ from, until }) {
      const rows = await database.run<ChargeRow>(CHARGES, [from, until]);
      return rows.map(
        ({ bucket, patient, ...row }): AcceptedCharge => ({ ...row, patient: { bucket: bucket as Bucket, patient } }),
      );
    },
    async performedAfter(queries) {
      if (queries.length === 0) return [];
      const param = JSON.stringify(
        queries.flatMap(({ patient: { bucket, patient }, items, after, until }, place) =>
          items.map((item) => ({ place, bucket, patient, item, after, until })),
        ),
      );
      const rows = await database.run<{ place: number; item: string }>(PERFORMED, [param]);
      const byPlace = Map.groupBy(rows, ({ place }) => place);
      return queries.map((_, place) => (byPlace.get(place) ?? []).map(({ item }) => item));
    },
  };
}

interface ChargeRow {
  readonly offer: string;
  readonly facility: FacilityId;
  readonly bucket: number;
  readonly patient: string;
  readonly at: Instant;
  readonly priceItem: string;
  readonly catalogueDigest: string;
}
