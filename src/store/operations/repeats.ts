/** Reports as they became known, what was asked before them, and the repeats that were found. */
import type { AskedBefore, RepeatStore, ReportPlace } from '../../ports/store-repeats.ts';
import type { Instant } from '../../terms/instant.ts';
import type { PatientRef } from '../../terms/patient-link.ts';
import type { ReplyOutcome } from '../../terms/reply.ts';
import type { Database } from '../driver/database.ts';
import { columnsOf, insertOf, recordsOf, rowsParam } from '../driver/statement.ts';
import { resultEntry } from '../schema/clinical-tables.ts';
import { askedOrder, repeatFound } from '../schema/ledger-tables.ts';
import type { StoreContext } from './context.ts';
import { type EntryRow, toEntry } from './entries.ts';
import { type AskedRow, toAsked } from './past.ts';

const SEARCHED = `select until from progress where kind = 'repeats'`;
/** When it began stays: what became known before was never looked at. */
const SET_SEARCHED = `insert into progress (kind, until) values ('repeats-since', $1), ('repeats', $1)
  on conflict (kind) do update set until = greatest(progress.until, excluded.until) where progress.kind = 'repeats'`;

const PENDING = `select received_at as at from envelope where outcome = 'pending' order by received_at limit 1`;

const KNOWN = `select bucket, id as container, known_from as "knownFrom" from container
  where facility = $1 and kind = 'report' and known_from <= $2 and known_from > $3`;
const KNOWN_ORDER = 'order by known_from, bucket, id limit $4';
const KNOWN_AFTER = `${KNOWN} and (known_from, bucket, id) > ($5::timestamptz, $6::smallint, $7::text) ${KNOWN_ORDER}`;

/** As each was first final: what was done was done, whatever became of it later. */
const RESULTS = `select ${columnsOf(resultEntry, 'e')}
  from ${recordsOf(resultEntry, 'r', 1, ['bucket', 'container'])}
  cross join lateral (
    select distinct on (e.element) * from result_entry e
    where e.bucket = r.bucket and e.container = r.container and e.production and e.status in ('final', 'amended', 'corrected')
    order by e.element, e.known_from limit 10000
  ) e
  order by e.bucket, e.container, e.element`;

const ASKS = `select q.place, ${columnsOf(askedOrder, 'a')}, r.outcome as "replyOutcome", r.reason as "replyReason"
  from json_to_recordset($1::text::json) as q(place int, bucket smallint, patient text collate "C", since timestamptz, until timestamptz)
  cross join lateral (
    select * from asked_order a where a.bucket = q.bucket and a.patient = q.patient and a.at > q.since and a.at <= q.until
      and a.inputs is not null order by a.at desc limit 1000
  ) a
  left join lateral (select outcome, reason from reply where offer = a.offer order by ordinal desc limit 1) r on true
  order by q.place, a.at desc, a.id`;

/** Each Patient first, then whoever was certainly the same human at that instant, and whether a steward was awaited then. */
const HUMANS = `select q.place, h.bucket, h.patient, h.facility, exists (
      select 1 from identity_queue i where i.bucket = h.bucket and i.patient = h.patient and i.opened_at <= q.at
        and (i.closed_at is null or i.closed_at > q.at) and h.facility = q.facility
        and exists (select 1 from json_array_elements_text($2::text::json) as r(reason) where r.reason = i.reason)) as held,
    exists (select 1 from opt_out o where o.bucket = h.bucket and o.patient = h.patient and o.opted_out) as "optedOut"
  from json_to_recordset($1::text::json) as q(place int, bucket smallint, patient text collate "C", facility text collate "C", at timestamptz)
  cross join lateral (
    select q.bucket, q.patient, q.facility
    union
    select m.bucket, m.patient, m.facility from patient_link l
    join patient_link m on m.person = l.person and m.certainty = 'certain' and m.opened_at <= q.at
      and (m.closed_at is null or m.closed_at > q.at)
    where l.bucket = q.bucket and l.patient = q.patient and l.certainty = 'certain' and l.opened_at <= q.at
      and (l.closed_at is null or l.closed_at > q.at)
  ) h
  order by q.place, h.bucket, h.patient`;

const NOTE = insertOf(repeatFound, 'on conflict do nothing');

export function createRepeatStore(database: Database, { cipher }: StoreContext): RepeatStore {
  return {
    searchedUntil: async () => (await database.run<{ until: Instant }>(SEARCHED))[0]?.until,
    setSearchedUntil: async (until) => void (await database.run(SET_SEARCHED, [until])),
    pendingSince: async () => (await database.run<{ at: Instant }>(PENDING))[0]?.at,
    reportsKnown: ({ facility, since, until, after, limit }) => {
      const span = [facility, until, since, limit];
      return after === undefined
        ? database.run<ReportPlace>(`${KNOWN} ${KNOWN_ORDER}`, span)
        : database.run<ReportPlace>(KNOWN_AFTER, [...span, after.knownFrom, after.bucket, after.container]);
    },
    resultsOf: async (reports) => {
      const keys = reports.map(({ bucket, container }) => ({ bucket, container }));
      return (await database.run<EntryRow>(RESULTS, [rowsParam(keys)])).map(toEntry);
    },
    async humansOf(queries, holding) {
      const param = JSON.stringify(queries.map((query, place) => ({ place, ...query })));
      const rows = await database.run<HumanRow>(HUMANS, [param, JSON.stringify(holding)]);
      const byPlace = Map.groupBy(rows, ({ place }) => place);
      return queries.map((_, place) => {
        const found = byPlace.get(place) ?? [];
        return {
          set: found.map(({ bucket, patient, facility }) => ({ bucket, patient, facility })),
          held: found.some(({ held }) => held),
          optedOut: found.some(({ optedOut }) => optedOut),
        };
      });
    },
    async asksOf(queries) {
      const param = JSON.stringify(queries.map((query, place) => ({ place, ...query })));
      const rows = await database.run<AskRow>(ASKS, [param]);
      const byPlace = Map.groupBy(rows, ({ place }) => place);
      return queries.map((_, place) =>
        (byPlace.get(place) ?? []).map((row): AskedBefore => ({ order: toAsked(row, cipher), reply: replyOf(row) })),
      );
    },
    note: async (repeats) => void (await database.run(NOTE, [rowsParam(repeats)])),
  };
}

interface HumanRow extends PatientRef {
  readonly place: number;
  readonly held: boolean;
  readonly optedOut: boolean;
}

interface AskRow extends AskedRow {
  readonly place: number;
  readonly replyOutcome: string | null;
  readonly replyReason: string | null;
}

function replyOf({ replyOutcome, replyReason }: AskRow): AskedBefore['reply'] {
  return replyOutcome === null ? undefined : { outcome: replyOutcome as ReplyOutcome, reason: replyReason ?? '' };
}
