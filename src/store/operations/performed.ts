/** What was done for a person within a time: for settling, one index read by (bucket, patient, item) for each record. */
import type { PerformedResult, StoreTx } from '../../ports/store-tx.ts';
import type { Session } from '../driver/database.ts';

export const PERFORMED = `with members as (
    select $1::smallint as bucket, $2::text collate "C" as patient
    union
    select m.bucket, m.patient from patient_link l
    join patient_link m on m.person = l.person and m.closed_at is null and m.certainty = 'certain'
    where l.bucket = $1::smallint and l.patient = $2::text and l.closed_at is null and l.certainty = 'certain'
  )
  select e.item, e.facility, e.container, e.version, e.effective_start as "effectiveStart"
  from members m cross join json_array_elements_text($3::text::json) as i(item)
  join result_entry e on e.bucket = m.bucket and e.patient = m.patient and e.item = i.item and e.known_to is null
    and e.effective_start > $4::timestamptz and e.effective_start <= $5::timestamptz
  where e.production and e.status not in ('cancelled', 'entered-in-error')
  order by e.effective_start, e.bucket, e.element`;

export function performed(
  session: Session,
  { patient, items, after, until }: Parameters<StoreTx['performed']>[0],
): Promise<readonly PerformedResult[]> {
  return session.run<PerformedResult>(PERFORMED, [
    patient.bucket,
    patient.patient,
    JSON.stringify(items),
    after,
    until,
  ]);
}
