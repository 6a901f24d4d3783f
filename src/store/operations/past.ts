/** What was asked and known: read by bucket and patient, a page a statement, so that years of it take no memory. */
import type { FateQuery, KnownThen, PastStore } from '../../ports/store-past.ts';
import type { AskedOrder } from '../../terms/asked-order.ts';
import type { Bucket } from '../../terms/bucket.ts';
import type { Decision, Verdict } from '../../terms/decision.ts';
import type { FacilityId } from '../../terms/facility.ts';
import type { Instant } from '../../terms/instant.ts';
import type { OfferInputs } from '../../terms/offer.ts';
import type { ResultEntry } from '../../terms/result-entry.ts';
import type { Database } from '../driver/database.ts';
import { columnsOf, plainBytes } from '../driver/statement.ts';
import { resultEntry } from '../schema/clinical-tables.ts';
import { askedOrder } from '../schema/ledger-tables.ts';
import type { StoreContext } from './context.ts';
import { type EntryRow, toEntry, toValue } from './entries.ts';

const ENTRY = columnsOf(resultEntry, 'e');

const COUNT = `select count(*) filter (where inputs is not null) as kept, count(*) filter (where inputs is null) as bare
  from asked_order where at >= $1 and at < $2`;

/** Along the Patients' index: by its time alone, every page would sort all that follow. */
const ASKED = `select ${columnsOf(askedOrder)} from asked_order
  where bucket is not null and inputs is not null and at + interval '0' >= $1 and at + interval '0' < $2`;
const ORDER = 'order by bucket, patient, at, id limit $3';
const FIRST_PAGE = `${ASKED} ${ORDER}`;
const NEXT_PAGE = `${ASKED} and (bucket, patient, at, id) > ($4::smallint, $5::text, $6::timestamptz, $7::text) ${ORDER}`;

/** No person has more of one item, more reports, or a report more results that were closed. */
const PER_ITEM_MAX = 1_000;
const REPORTS_MAX = 10_000;
const PER_REPORT_MAX = 10_000;

/**
 * One index read for each row of a flat list, in the index's order and bounded, so that a plan made while the table was empty
 * walks it no more than a later one (decision 172). A list in a list would be taken for a million rows, and compiled each time.
 */
const OPEN_THEN = `select q.place, ${ENTRY}
  from json_to_recordset($1::text::json) as q(place int, bucket smallint, patient text collate "C", item text collate "C",
    since timestamptz, before timestamptz, at timestamptz)
  cross join lateral (
    select * from result_entry e where e.bucket = q.bucket and e.patient = q.patient and e.item = q.item
      and e.known_to is null and e.effective_start >= q.since and e.effective_start < q.before and e.known_from <= q.at
      order by e.effective_start desc limit ${PER_ITEM_MAX}
  ) e`;

/** What was closed since is found by the Patient's reports. */
const CLOSED_THEN = `select q.place, ${ENTRY}
  from json_to_recordset($1::text::json) as q(place int, bucket smallint, patient text collate "C",
    since timestamptz, before timestamptz, at timestamptz)
  cross join lateral (
    select c.bucket, c.id from container c where c.bucket = q.bucket and c.patient = q.patient and c.version = 1
      order by c.id limit ${REPORTS_MAX}
  ) c
  cross join lateral (
    select * from result_entry e where e.bucket = c.bucket and e.container = c.id and e.known_to is not null
      and e.patient = q.patient and e.effective_start >= q.since and e.effective_start < q.before
      and e.known_from <= q.at and e.known_to > q.at
    order by e.element limit ${PER_REPORT_MAX}
  ) e`;

const FATES = `with query as (
    select * from json_to_recordset($1::text::json) as q(place int, bucket smallint, container text collate "C",
      element text collate "C", item text collate "C", patient_bucket smallint, patient text collate "C", at timestamptz)
  )
  select q.place, o.status as "nowStatus", o.value_kind as "nowValueKind", o.comparator as "nowComparator",
    o.value as "nowValue", o.unit as "nowUnit", o.ucum as "nowUcum", n.*
  from query q
  left join lateral (
    select * from result_entry o where o.bucket = q.bucket and o.container = q.container and o.element = q.element
      and o.known_to is null
    order by o.element limit 1
  ) o on true
  left join lateral (
    select ${ENTRY} from (
      select q.patient_bucket as bucket, q.patient
      union
      select m.bucket, m.patient from patient_link l
      join patient_link m on m.person = l.person and m.closed_at is null and m.certainty = 'certain'
      where l.bucket = q.patient_bucket and l.patient = q.patient and l.closed_at is null and l.certainty = 'certain'
    ) p
    cross join lateral (select * from result_entry e where e.bucket = p.bucket and e.patient = p.patient and e.item = q.item
      and e.known_to is null and e.production and e.status not in ('cancelled', 'entered-in-error')
      and e.effective_start > q.at and e.effective_start <= q.at + interval '30 days'
      order by e.effective_start limit 1) e
    order by e.effective_start, e.bucket, e.element limit 1
  ) n on true
  order by q.place`;

export function createPastStore(database: Database, { cipher }: StoreContext): PastStore {
  return {
    async countAsked({ from, until }) {
      const [row] = await database.run<{ kept: number; bare: number }>(COUNT, [from, until]);
      return row ?? { kept: 0, bare: 0 };
    },
    async askedOrders({ from, until, after, limit }) {
      const place = after === undefined ? [] : [after.patient.bucket, after.patient.patient, after.at, after.id];
      const text = after === undefined ? FIRST_PAGE : NEXT_PAGE;
      const rows = await database.run<AskedRow>(text, [from, until, limit, ...place]);
      return rows.map((row) => toAsked(row, cipher));
    },
    knownThen: (queries) => knownThen(database, queries),
    fates: (queries) => fates(database, queries),
  };
}

export type AskedRow = typeof askedOrder.$inferSelect;

const decoder = new TextDecoder();

export function toAsked(row: AskedRow, cipher: StoreContext['cipher']): AskedOrder {
  return {
    id: row.id,
    at: row.at as Instant,
    facility: row.facility as FacilityId,
    target: row.target,
    verdict: row.verdict as Verdict,
    coverage: row.coverage as Decision['coverage'],
    patientMac: row.patientMac,
    encounterMac: row.encounterMac,
    orderMac: row.orderMac,
    offer: row.offer,
    patient: { bucket: row.bucket as Bucket, patient: row.patient ?? '', facility: row.facility as FacilityId },
    catalogueDigest: row.catalogueDigest,
    practitionerMac: row.practitionerMac,
    inputs: JSON.parse(
      decoder.decode(cipher.open(plainBytes(row.inputs ?? new Uint8Array()), row.keyId ?? '')),
    ) as OfferInputs,
  };
}

async function knownThen(
  database: Database,
  queries: readonly KnownThen[],
): Promise<readonly (readonly ResultEntry[])[]> {
  if (queries.length === 0) return [];
  const records = queries.flatMap(({ patients, items: _items, ...span }, place) =>
    patients.map(({ bucket, patient }) => ({ place, bucket, patient, ...span })),
  );
  const each = records.flatMap((record) => (queries[record.place]?.items ?? []).map((item) => ({ ...record, item })));
  const [open, closed] = await Promise.all([
    database.run<ThenRow>(OPEN_THEN, [JSON.stringify(each)]),
    database.run<ThenRow>(CLOSED_THEN, [JSON.stringify(records)]),
  ]);
  const wanted = closed.filter(({ place, item }) => item !== null && queries[place]?.items.includes(item) === true);
  const byPlace = Map.groupBy([...open, ...wanted], ({ place }) => place);
  return queries.map((_, place) => (byPlace.get(place) ?? []).map(toEntry).toSorted(newestFirst));
}

interface ThenRow extends EntryRow {
  readonly place: number;
}

function newestFirst(left: ResultEntry, right: ResultEntry): number {
  if (left.effectiveStart !== right.effectiveStart) return left.effectiveStart < right.effectiveStart ? 1 : -1;
  return left.element < right.element ? -1 : left.element > right.element ? 1 : left.version - right.version;
}

interface FateRow extends EntryRow {
  readonly place: number;
  readonly nowStatus: string | null;
  readonly nowValueKind: string;
  readonly nowComparator: string | null;
  readonly nowValue: string | null;
  readonly nowUnit: string | null;
  readonly nowUcum: string | null;
}

async function fates(database: Database, queries: readonly FateQuery[]): ReturnType<PastStore['fates']> {
  if (queries.length === 0) return [];
  const param = JSON.stringify(
    queries.map(({ entry: { bucket, container, element }, item, patient, at }, place) => ({
      place,
      bucket,
      container,
      element,
      item,
      patient_bucket: patient.bucket,
      patient: patient.patient,
      at,
    })),
  );
  const rows = await database.run<FateRow>(FATES, [param]);
  return rows.map((row) => ({
    now:
      row.nowStatus === null
        ? undefined
        : {
            status: row.nowStatus as ResultEntry['status'],
            value: toValue({
              valueKind: row.nowValueKind,
              comparator: row.nowComparator,
              value: row.nowValue,
              unit: row.nowUnit,
              ucum: row.nowUcum,
            }),
          },
    // A left join without a match has a row of nulls.
    next: (row.container as string | null) === null ? undefined : toEntry(row),
  }));
}
