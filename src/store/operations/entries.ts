/** The registry: entries open and close, candidates are read by (bucket, patient, item). */
import type { Decimal } from '../../base/decimal.ts';
import type { ReadStore } from '../../ports/store-reads.ts';
import type { StoreTx } from '../../ports/store-tx.ts';
import type { Bucket } from '../../terms/bucket.ts';
import type { FacilityId } from '../../terms/facility.ts';
import type { Instant } from '../../terms/instant.ts';
import type { EntryValue, ResultEntry, ResultStatus, TimeBasis } from '../../terms/result-entry.ts';
import type { Session, TxSession } from '../driver/database.ts';
import { columnsOf, insertOf, recordsOf, rowsParam } from '../driver/statement.ts';
import { resultEntry as table } from '../schema/clinical-tables.ts';

export type EntryRow = typeof table.$inferSelect;

const ELEMENT = ['bucket', 'container', 'element'];

/** Closed at `at`, or at once when the clock went back meanwhile. */
const RETIRE = `update result_entry e set known_to = greatest($2::timestamptz, e.known_from)
  from ${recordsOf(table, 'r', 1, ELEMENT)}
  where e.bucket = r.bucket and e.container = r.container and e.element = r.element and e.known_to is null`;

export function retireEntries(tx: TxSession, elements: Parameters<StoreTx['retireEntries']>[0], at: Instant): void {
  if (elements.length === 0) return;
  const rows = elements.map(({ bucket, container, element }) => ({ bucket, container, element }));
  tx.send(RETIRE, [rowsParam(rows), at]);
}

const INSERT = insertOf(table);
/** An element's version may be entered again (a change of the report's status alone): the next generation. */
const INSERT_AGAIN = INSERT.replace(
  'r."generation"',
  `coalesce((select max(o.generation) + 1 from result_entry o where o.bucket = r.bucket
    and o.container = r.container and o.element = r.element and o.version = r.version), 0)`,
);

/** `known`: containers that may have entries already; the others' first entries need no look. */
export function insertEntries(
  tx: TxSession,
  entries: readonly ResultEntry[],
  known: (container: string) => boolean,
): void {
  const first = entries.filter((entry) => !known(entry.container));
  const again = entries.filter((entry) => known(entry.container));
  if (first.length > 0) tx.defer('entries', INSERT, [rowsParam(first.map(toRow))]);
  if (again.length > 0) tx.send(INSERT_AGAIN, [rowsParam(again.map(toRow))]);
}

/** One prepared index read for each pair and item, newest first; laterally, so that no table is small enough to be walked. */
export const CANDIDATES = `select ${columnsOf(table, 'e')}
  from json_to_recordset($1::text::json) as p(bucket smallint, patient text collate "C", item text collate "C")
  cross join lateral (
    select * from result_entry e where e.bucket = p.bucket and e.patient = p.patient and e.item = p.item
      and e.known_to is null and e.effective_start >= $2 order by e.effective_start desc limit $3
  ) e
  order by e.effective_start desc, e.bucket, e.element limit $3`;

export async function candidates(
  session: Session,
  query: Parameters<ReadStore['candidates']>[0],
): Promise<readonly ResultEntry[]> {
  const { pairs, items, since, limit } = query;
  if (pairs.length === 0 || items.length === 0) return [];
  const wanted = new Map(pairs.map(({ bucket, patient }) => [`${bucket} ${patient}`, { bucket, patient }]));
  const distinct = [...new Set(items)];
  const keys = [...wanted.values()].flatMap(({ bucket, patient }) =>
    distinct.map((item) => ({ bucket, patient, item })),
  );
  const rows = await session.run<EntryRow>(CANDIDATES, [rowsParam(keys), since, limit]);
  return rows.map(toEntry);
}

/** Every column of a closed row, but for its generation, item and times. */
const COPIED = columnNames().map((name) => {
  if (name === 'generation') return 'generation + 1';
  if (name === 'item') return 'new_item';
  if (name === 'known_from') return 'known_to';
  return name === 'known_to' ? 'null' : name;
});

const CODE = ['facility', 'system', 'code', 'loinc', 'item'];

const REINDEX = `with closed as (
    update result_entry e set known_to = greatest($2::timestamptz, e.known_from)
    from ${recordsOf(table, 'r', 1, CODE)}
    where e.facility = r.facility and e.code = r.code and e.system = r.system and e.loinc is not distinct from r.loinc
      and e.known_to is null and e.item is distinct from r.item
    returning e.*, r.item as new_item
  ), opened as (
    insert into result_entry (${columnNames().join(', ')}) select ${COPIED.join(', ')} from closed returning 1
  )
  select count(*) as count from opened`;

/** Closes the open entries of these codes and opens them again under their items: what was known before stays readable. */
export async function reindex(tx: TxSession, changes: Parameters<StoreTx['reindex']>[0], at: Instant): Promise<number> {
  const rows = changes.map(({ facility, system, code, loinc, item }) => ({ facility, system, code, loinc, item }));
  const [row] = await tx.run<{ count: number }>(REINDEX, [rowsParam(rows), at]);
  return row?.count ?? 0;
}

const CODES = 'select e.facility, e.system, e.code, e.loinc, e.item, max(e.display) as display';
const CODES_OF_ALL = `${CODES} from result_entry e where e.known_to is null group by 1, 2, 3, 4, 5`;
/** By the code itself along its index; by LOINC only where one of the codes is one. */
const CODES_OF = `${CODES} from (
    select e.* from ${recordsOf(table, 'r', 1, ['facility', 'code'])}
      join result_entry e on e.facility = r.facility and e.code = r.code and e.known_to is null
    union all select e.* from ${recordsOf(table, 'r', 2, ['facility', 'code'])}
      join result_entry e on e.facility = r.facility and e.loinc = r.code and e.known_to is null
  ) e group by 1, 2, 3, 4, 5`;
const LOINC = /^\d{1,7}-\d$/;

/** Which codes the open entries have, and under which item they stand. */
export async function entryCodes(
  session: Session,
  of?: Parameters<ReadStore['entryCodes']>[0],
): ReturnType<ReadStore['entryCodes']> {
  const keys = (of ?? []).map(({ facility, code }) => ({ facility, code }));
  const loinc = keys.filter(({ code }) => LOINC.test(code));
  const rows = await (of === undefined
    ? session.run<CodeRow>(CODES_OF_ALL)
    : session.run<CodeRow>(CODES_OF, [rowsParam(keys), rowsParam(loinc)]));
  return rows.map(({ loinc: stated, ...row }) => ({
    ...row,
    facility: row.facility as FacilityId,
    ...(stated === null ? {} : { loinc: stated }),
  }));
}

type CodeRow = Pick<typeof table.$inferSelect, 'facility' | 'system' | 'code' | 'loinc' | 'item' | 'display'>;

function columnNames(): readonly string[] {
  return columnsOf(table)
    .split(', ')
    .map((part) => part.slice(0, part.indexOf(' ')));
}

/** Absent facts are left out: the database reads them as null. */
function toRow(entry: ResultEntry): typeof table.$inferInsert {
  const { value } = entry;
  const quantity = value.kind === 'quantity' ? value : undefined;
  return {
    bucket: entry.bucket,
    container: entry.container,
    element: entry.element,
    version: entry.version,
    generation: 0,
    patient: entry.patient,
    item: entry.item,
    facility: entry.facility,
    performer: entry.performer,
    system: entry.system,
    code: entry.code,
    display: entry.display,
    loinc: entry.loinc,
    moreCodes: entry.moreCodes ?? false,
    effectiveStart: entry.effectiveStart,
    effectiveEnd: entry.effectiveEnd,
    basis: entry.basis,
    status: entry.status,
    valueKind: value.kind,
    comparator: quantity?.comparator,
    value: quantity?.value ?? (value.kind === 'text' ? value.text : undefined),
    unit: quantity?.unit,
    ucum: quantity?.ucum,
    referenceText: entry.referenceText,
    interpretation: JSON.stringify(entry.interpretation),
    method: entry.method,
    specimen: entry.specimen,
    bodySite: entry.bodySite,
    qualityFlags: JSON.stringify(entry.qualityFlags),
    production: entry.production,
    knownFrom: entry.knownFrom,
    knownTo: entry.knownTo ?? undefined,
  };
}

export function toEntry(row: EntryRow): ResultEntry {
  return {
    bucket: row.bucket as Bucket,
    patient: row.patient,
    item: row.item,
    facility: row.facility as FacilityId,
    ...(row.performer === null ? {} : { performer: row.performer }),
    system: row.system,
    code: row.code,
    display: row.display,
    ...(row.loinc === null ? {} : { loinc: row.loinc }),
    ...(row.moreCodes ? { moreCodes: true } : {}),
    effectiveStart: row.effectiveStart as Instant,
    effectiveEnd: row.effectiveEnd as Instant,
    basis: row.basis as TimeBasis,
    status: row.status as ResultStatus,
    value: toValue(row),
    ...(row.referenceText === null ? {} : { referenceText: row.referenceText }),
    interpretation: codes(row.interpretation),
    ...(row.method === null ? {} : { method: row.method }),
    ...(row.specimen === null ? {} : { specimen: row.specimen }),
    ...(row.bodySite === null ? {} : { bodySite: row.bodySite }),
    qualityFlags: codes(row.qualityFlags),
    production: row.production,
    container: row.container,
    element: row.element,
    version: row.version,
    knownFrom: row.knownFrom as Instant,
    knownTo: row.knownTo as Instant | null,
  };
}

export function toValue(row: Pick<EntryRow, 'valueKind' | 'comparator' | 'value' | 'unit' | 'ucum'>): EntryValue {
  if (row.valueKind === 'text') return { kind: 'text', text: row.value ?? '' };
  if (row.valueKind !== 'quantity' || row.value === null) return { kind: 'none' };
  return {
    kind: 'quantity',
    ...(row.comparator === null ? {} : { comparator: row.comparator as '<' | '<=' | '>=' | '>' }),
    value: row.value as Decimal,
    ...(row.unit === null ? {} : { unit: row.unit }),
    ...(row.ucum === null ? {} : { ucum: row.ucum }),
  };
}

function codes(text: string): readonly string[] {
  return text === '[]' ? [] : (JSON.parse(text) as string[]);
}
