/** Reads of the FHIR door: newest versions and histories of container elements and of shared rows, as texts. */
import { printResource } from '../../base/json.ts';
import type { FeedPlace, FeedQuery, FhirStore, PatientQuery } from '../../ports/store-fhir.ts';
import type { Place } from '../../ports/store-tx.ts';
import type { Bucket } from '../../terms/bucket.ts';
import type { ContainerKind } from '../../terms/container.ts';
import type { FacilityId } from '../../terms/facility.ts';
import type { Instant } from '../../terms/instant.ts';
import type { StoredResource } from '../../terms/stored-resource.ts';
import type { Session, TxSession } from '../driver/database.ts';
import { rowsParam } from '../driver/statement.ts';
import { elementsIn } from './container-text.ts';
import type { StoreContext } from './context.ts';
import { openText } from './resources.ts';

/** Types that live in containers; the others have rows of their own. */
const IN_CONTAINERS: ReadonlySet<string> = new Set([
  'Observation',
  'DiagnosticReport',
  'Specimen',
  'Media',
  'ImagingStudy',
  'DocumentReference',
]);

export function livesInContainers(type: string): boolean {
  return IN_CONTAINERS.has(type);
}

const PLACES = 'json_to_recordset($1::text::json) as p(bucket smallint, id text collate "C")';
/** When each version became known, in order: an element shows the version in which it last changed. */
const KNOWN = `case when c.version > 1 then (select json_agg(v.known_from order by v.version)::text
  from container v where v.bucket = c.bucket and v.id = c.id) end as known`;
const CONTAINER = `c.bucket, c.id, c.version, c.kind, c.facility, c.patient, c.known_from as "knownFrom", c.envelope, c.content, ${KNOWN}`;
const SHARED = `c.bucket, c.id, c.version, c.facility, c.patient, c.known_from as "knownFrom", c.key_id as "keyId", c.content, c.type`;

interface ContainerRow {
  readonly bucket: Bucket;
  readonly id: string;
  readonly version: number;
  readonly kind: ContainerKind;
  readonly facility: FacilityId;
  readonly patient: string;
  readonly knownFrom: Instant;
  readonly envelope: string;
  readonly content: string;
  readonly known: string | null;
}

interface SharedRow {
  readonly bucket: Bucket;
  readonly id: string;
  readonly version: number;
  readonly facility: FacilityId;
  readonly patient: string;
  readonly knownFrom: Instant;
  readonly keyId: string;
  readonly content: Uint8Array;
  readonly type: string;
}

const CURRENT_CONTAINERS = `select ${CONTAINER} from ${PLACES}
  cross join lateral (select * from container c where c.bucket = p.bucket and c.id = p.id order by c.version desc limit 1) c`;
const CURRENT_SHARED = `select ${SHARED} from ${PLACES}
  cross join lateral (select * from resource c where c.bucket = p.bucket and c.id = p.id order by c.version desc limit 1) c`;

/** Both tables are asked at once: an id does not say which of them holds it. */
export async function readCurrent(
  session: Session,
  context: StoreContext,
  places: readonly Place[],
): Promise<readonly StoredResource[]> {
  if (places.length === 0) return [];
  const wanted = new Set(places.map(({ id }) => id));
  const containers = new Map(places.map(({ bucket, id }) => [containerOf(id), { bucket, id: containerOf(id) }]));
  const rows = places.filter(({ id }) => !id.includes('.'));
  const [held, shared] = await Promise.all([
    session.run<ContainerRow>(CURRENT_CONTAINERS, [rowsParam([...containers.values()])]),
    rows.length === 0
      ? []
      : session.run<SharedRow>(CURRENT_SHARED, [rowsParam(rows.map(({ bucket, id }) => ({ bucket, id })))]),
  ]);
  return [
    ...held.flatMap((row) => elementsOf(row, (_, id) => wanted.has(id))),
    ...shared.map((row) => sharedOf(row, context)),
  ];
}

const LOCK = `select c.id from ${PLACES} join resource c on c.bucket = p.bucket and c.id = p.id and c.version = 1
  order by c.bucket, c.id for no key update of c`;

/** Rows of shared resources are locked first, so that two writers of one take turns; containers by their directory row. */
export async function readAndLock(
  tx: TxSession,
  context: StoreContext,
  places: readonly Place[],
): Promise<readonly StoredResource[]> {
  const rows = places.filter(({ id }) => !id.includes('.'));
  if (rows.length > 0) tx.send(LOCK, [rowsParam(rows.map(({ bucket, id }) => ({ bucket, id })))]);
  return readCurrent(tx, context, places);
}

const CONTAINER_VERSIONS = `select ${CONTAINER} from container c where c.bucket = $1 and c.id = $2 order by c.version`;
const SHARED_VERSIONS = `select ${SHARED} from resource c where c.bucket = $1 and c.id = $2 order by c.version`;

export async function readVersions(
  session: Session,
  context: StoreContext,
  { bucket, id }: Place,
): Promise<readonly StoredResource[]> {
  const [held, shared] = await Promise.all([
    session.run<ContainerRow>(CONTAINER_VERSIONS, [bucket, containerOf(id)]),
    id.includes('.') ? [] : session.run<SharedRow>(SHARED_VERSIONS, [bucket, id]),
  ]);
  const versions = held.flatMap((row) => elementsOf(row, (_, found) => found === id));
  // A container version in which the element did not change is no version of the element.
  const own = versions.filter((version) => version.version === version.containerVersion);
  return [...own, ...shared.map((row) => sharedOf(row, context))];
}

const ONE_VERSION = `select ${CONTAINER} from container c where c.bucket = $1 and c.id = $2 and c.version = $3`;

export async function readChangedIn(
  session: Session,
  { bucket, id, version }: Place & { readonly version: number },
): Promise<readonly StoredResource[]> {
  const rows = await session.run<ContainerRow>(ONE_VERSION, [bucket, id, version]);
  return rows.flatMap((row) => elementsOf(row, () => true)).filter((one) => one.version === one.containerVersion);
}

const PATIENTS = 'json_to_recordset($1::text::json) as p(bucket smallint, patient text collate "C")';
const OF_PATIENTS = `select ${CONTAINER}, null as elements from ${PATIENTS} cross join lateral (
    select distinct on (h.id) h.* from container h where h.bucket = p.bucket and h.patient = p.patient
    order by h.id, h.version desc limit $2) c`;
/** By the registry: containers that hold an Observation which may have one of the codes, and which ones. */
const OF_PATIENTS_BY_CODE = `select ${CONTAINER}, f.elements from ${PATIENTS} cross join lateral (
    select e.container, json_agg(e.element)::text as elements from result_entry e
    where e.bucket = p.bucket and e.patient = p.patient and e.known_to is null
      and (e.more_codes or e.code in (select json_array_elements_text($3::text::json))
        or e.loinc in (select json_array_elements_text($3::text::json)))
    group by e.container limit $2) f
  cross join lateral (select * from container c where c.bucket = p.bucket and c.id = f.container order by c.version desc limit 1) c`;
const SHARED_OF_PATIENTS = `select ${SHARED} from ${PATIENTS} cross join lateral (
    select distinct on (h.id) h.* from resource h where h.bucket = p.bucket and h.patient = p.patient
      and h.type in (select json_array_elements_text($3::text::json)) order by h.id, h.version desc limit $2) c`;

export async function readOfPatients(
  session: Session,
  context: StoreContext,
  query: PatientQuery,
): ReturnType<FhirStore['ofPatients']> {
  const { types, codes, limit } = query;
  if (query.patients.length === 0) return { resources: [], cut: false };
  const patients = rowsParam(query.patients.map(({ bucket, patient }) => ({ bucket, patient })));
  const held = types.filter(livesInContainers);
  const shared = types.filter((type) => !livesInContainers(type));
  const [containers, rows] = await Promise.all([
    held.length === 0
      ? []
      : codes === undefined
        ? session.run<ContainerRow & Found>(OF_PATIENTS, [patients, limit])
        : session.run<ContainerRow & Found>(OF_PATIENTS_BY_CODE, [patients, limit, JSON.stringify(codes)]),
    shared.length === 0 ? [] : session.run<SharedRow>(SHARED_OF_PATIENTS, [patients, limit, JSON.stringify(shared)]),
  ]);
  const resources = [
    ...containers.flatMap((row) => {
      const found = row.elements === null ? undefined : new Set(JSON.parse(row.elements) as string[]);
      return elementsOf(row, (type, id) => held.includes(type) && (found === undefined || found.has(id)));
    }),
    ...rows.map((row) => sharedOf(row, context)),
  ];
  return { resources, cut: isFull(containers, limit) || isFull(rows, limit) };
}

/** True when one Patient has as many rows as were to be read. */
function isFull(rows: readonly { readonly bucket: Bucket; readonly patient: string }[], limit: number): boolean {
  if (rows.length < limit) return false;
  const counts = new Map<string, number>();
  for (const { bucket, patient } of rows) {
    const key = `${bucket} ${patient}`;
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return Math.max(...counts.values()) >= limit;
}

interface Found {
  /** JSON list of the elements that were found; null: all of them. */
  readonly elements: string | null;
}

const FEED_BOUNDS = `c.facility = $1 and ($2::timestamptz is null or c.known_from >= $2)
  and ($3::timestamptz is null or c.known_from < $3)`;
/** A newer version of a container may still hold an element as it was in this one: its text tells. */
const HEAD = `(select n.content from container n where n.bucket = c.bucket and n.id = c.id and n.version > c.version
  order by n.version desc limit 1) as head`;
const NEWEST = `and c.type = $9 and not exists (select 1 from resource n
  where n.bucket = c.bucket and n.id = c.id and n.version > c.version)`;

function feedOf(table: 'container' | 'resource', ascending: boolean): string {
  const [columns, only] = table === 'container' ? [`${CONTAINER}, ${HEAD}`, ''] : [SHARED, NEWEST];
  const [compare, direction] = ascending ? ['>=', 'asc'] : ['<=', 'desc'];
  return `select ${columns} from ${table} c where ${FEED_BOUNDS} and ($4::timestamptz is null
    or (c.known_from, c.bucket, c.id, c.version) ${compare} ($4::timestamptz, $5::smallint, $6::text collate "C", $7::integer)) ${only}
    order by c.known_from ${direction}, c.bucket ${direction}, c.id ${direction}, c.version ${direction} limit $8`;
}

const FEEDS = {
  container: { up: feedOf('container', true), down: feedOf('container', false) },
  resource: { up: feedOf('resource', true), down: feedOf('resource', false) },
} as const;

export async function readFeed(
  session: Session,
  context: StoreContext,
  query: FeedQuery,
): ReturnType<FhirStore['feed']> {
  const { facility, type, from = null, before = null, onFrom, limit } = query;
  const place = onFrom === undefined ? [null, null, null, null] : [onFrom.at, onFrom.bucket, onFrom.id, onFrom.version];
  const bounds = [facility, from, before, ...place, limit];
  const direction = query.ascending ? 'up' : 'down';
  if (!livesInContainers(type)) {
    const rows = await session.run<SharedRow>(FEEDS.resource[direction], [...bounds, type]);
    return { resources: rows.map((row) => sharedOf(row, context)), rows: rows.length, last: placeOf(rows.at(-1)) };
  }
  const rows = await session.run<ContainerRow & { head: string | null }>(FEEDS.container[direction], bounds);
  const resources = rows.flatMap((row) => lastChangedIn(row, row.head).filter((found) => found.type === type));
  return { resources, rows: rows.length, last: placeOf(rows.at(-1)) };
}

/** What changed last in this version, by id: it has not changed in a newer one since. */
function lastChangedIn(row: ContainerRow, head: string | null): readonly StoredResource[] {
  const now = head === null ? undefined : new Map(elementsIn(head).map(({ id, version }) => [id, version]));
  return elementsOf(row, () => true)
    .filter(({ id, version }) => version === row.version && (now === undefined || now.get(id) === version))
    .toSorted((left, right) => (left.id < right.id ? -1 : 1));
}

function placeOf(row: ContainerRow | SharedRow | undefined): FeedPlace | undefined {
  return row === undefined ? undefined : { at: row.knownFrom, bucket: row.bucket, id: row.id, version: row.version };
}

function elementsOf(row: ContainerRow, wanted: (type: string, id: string) => boolean): readonly StoredResource[] {
  const known = row.known === null ? [] : (JSON.parse(row.known) as string[]);
  return elementsIn(row.content)
    .filter(({ type, id }) => wanted(type, id))
    .map(({ type, id, version, text }) => ({
      type,
      id,
      bucket: row.bucket,
      facility: row.facility,
      patient: row.patient,
      container: row.id,
      kind: row.kind,
      version,
      lastUpdated: version === row.version ? row.knownFrom : instantOf(known[version - 1] ?? row.knownFrom),
      containerVersion: row.version,
      envelope: row.envelope,
      text,
    }));
}

function instantOf(text: string): Instant {
  return new Date(text).toISOString() as Instant;
}

function sharedOf(row: SharedRow, { cipher }: StoreContext): StoredResource {
  const { bucket, id, version, facility, patient, type, knownFrom } = row;
  return {
    type,
    id,
    bucket,
    facility,
    patient,
    container: '',
    kind: 'shared',
    version,
    lastUpdated: knownFrom,
    containerVersion: version,
    envelope: '',
    text: printResource(openText(cipher, row)),
  };
}

function containerOf(id: string): string {
  const point = id.indexOf('.');
  return point < 0 ? id : id.slice(0, point);
}
