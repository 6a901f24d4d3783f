/**
 * A question in one round trip: the asking facility's Patient, who is certainly the same human, what speaks
 * against asking, and the open entries of all of them for the items asked. Every step is an index read by bucket.
 */
import type { ReadStore } from '../../ports/store-reads.ts';
import type { Bucket } from '../../terms/bucket.ts';
import type { Patient } from '../../terms/fhir.ts';
import type { PatientRef } from '../../terms/patient-link.ts';
import type { Session } from '../driver/database.ts';
import { columnsOf } from '../driver/statement.ts';
import { resultEntry } from '../schema/clinical-tables.ts';
import type { StoreContext } from './context.ts';
import { type EntryRow, toEntry } from './entries.ts';
import { openText } from './resources.ts';

const ENTRY = columnsOf(resultEntry, 'e');

/** One row for each entry, and one without where there is none; what belongs to the Patient stands in the first alone. */
export const ASKED = `with asker as (
    select c.* from directory d
    cross join lateral (select * from resource c where c.bucket = d.bucket and c.id = d.id order by c.version desc limit 1) c
    where d.facility = $1 and d.kind = 'patient' and d.mac = $2
  ), members as (
    select a.bucket, a.id as patient, $1::text as facility from asker a
    union
    select m.bucket, m.patient, m.facility from asker a
    join patient_link l on l.bucket = a.bucket and l.patient = a.id and l.closed_at is null and l.certainty = 'certain'
    join patient_link m on m.person = l.person and m.closed_at is null and m.certainty = 'certain'
  ), found as (
    select ${ENTRY}, row_number() over (order by e.effective_start desc, e.bucket, e.element) as place
    from members m cross join json_array_elements_text($3::text::json) as i(item)
    cross join lateral (
      select * from result_entry e where e.bucket = m.bucket and e.patient = m.patient and e.item = i.item
        and e.known_to is null and e.effective_start >= $4 order by e.effective_start desc limit $5
    ) e
    order by e.effective_start desc, e.bucket, e.element limit $5
  )
  select f.*, case when coalesce(f.place, 1) = 1 then a.asker::text end as asker,
    case when coalesce(f.place, 1) = 1 then a.key_id end as "keyId", case when coalesce(f.place, 1) = 1 then a.content end as content
  from (
    select a.key_id, a.content, json_build_object('bucket', a.bucket, 'id', a.id, 'version', a.version,
      'set', (select json_agg(json_build_object('bucket', m.bucket, 'patient', m.patient, 'facility', m.facility)
        order by m.bucket, m.patient) from members m),
      'optedOut', exists (select 1 from members m join opt_out o
        on o.bucket = m.bucket and o.patient = m.patient and o.opted_out),
      'reasons', (select coalesce(json_agg(distinct q.reason), '[]') from identity_queue q
        where q.bucket = a.bucket and q.patient = a.id and q.closed_at is null)) as asker
    from asker a) a
  left join found f on true order by f.place`;

interface AskerFacts {
  readonly bucket: Bucket;
  readonly id: string;
  readonly set: readonly PatientRef[];
  readonly optedOut: boolean;
  readonly reasons: readonly string[];
}

interface FoundRow extends EntryRow {
  readonly place: number | null;
  /** JSON of AskerFacts, and the Patient's sealed text, in the first row. */
  readonly asker: string | null;
  readonly keyId: string;
  readonly content: Uint8Array;
}

export async function asked(
  session: Session,
  { cipher }: StoreContext,
  query: Parameters<ReadStore['asked']>[0],
): ReturnType<ReadStore['asked']> {
  const { facility, mac, items, since, limit } = query;
  const rows = await session.run<FoundRow>(ASKED, [facility, mac, JSON.stringify(items), since, limit]);
  const [first] = rows;
  if (first === undefined || first.asker === null) return undefined;
  const { bucket, id, set, optedOut, reasons } = JSON.parse(first.asker) as AskerFacts;
  const ref: PatientRef = { bucket, patient: id, facility };
  return {
    ref,
    resource: openText(cipher, first) as unknown as Patient,
    set: [ref, ...set.filter((one) => one.patient !== id || one.bucket !== bucket)],
    openReasons: reasons,
    optedOut,
    entries: rows.filter(({ place }) => place !== null).map(toEntry),
  };
}
