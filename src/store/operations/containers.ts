/** Containers: one row per version, its elements as one canonical JSON text that the database never reads. */
import { printResource, readResource } from '../../base/json.ts';
import { LIMITS } from '../../base/limits.ts';
import type { ContainerRef, StoreTx } from '../../ports/store-tx.ts';
import type { Bucket } from '../../terms/bucket.ts';
import type { ContainerElement, ContainerKind, ContainerVersion } from '../../terms/container.ts';
import type { FacilityId } from '../../terms/facility.ts';
import type { PatientRef } from '../../terms/patient-link.ts';
import type { Instant } from '../../terms/instant.ts';
import type { Param } from '../driver/client.ts';
import type { Session, TxSession } from '../driver/database.ts';
import { columnsOf, insertOf, recordsOf, rowsParam } from '../driver/statement.ts';
import { container as table } from '../schema/clinical-tables.ts';

type Row = typeof table.$inferSelect;

/** The elements' list and the container around a resource. */
const LEVELS_AROUND = 3;

/** The long text of a lone container travels as a parameter of its own, not within another JSON text. */
const INSERT_ONE = `insert into container (bucket, id, version, kind, facility, patient, collected_at, known_from, envelope, content)
  values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`;
const INSERT = insertOf(table);

export function insertContainers(tx: TxSession, versions: Parameters<StoreTx['writeContainers']>[0]): void {
  const rows = versions.map(rowOf);
  const [first] = rows;
  if (first === undefined) return;
  if (rows.length > 1) tx.defer('containers', INSERT, [rowsParam(rows)]);
  else tx.defer('container', INSERT_ONE, paramsOf(first));
}

function paramsOf(row: Row): readonly Param[] {
  const { bucket, id, version, kind, facility, patient, collectedAt, knownFrom, envelope, content } = row;
  return [bucket, id, version, kind, facility, patient, collectedAt, knownFrom, envelope, content];
}

function rowOf(version: Parameters<StoreTx['writeContainers']>[0][number]): Row {
  const { bucket, id, kind, facility, patient, knownFrom, envelope } = version;
  return {
    bucket,
    id,
    version: version.version,
    kind,
    facility,
    patient,
    collectedAt: version.collectedAt ?? null,
    knownFrom,
    envelope,
    // The printer escapes NUL and mends half pairs: what it prints can be stored.
    content: printResource({ elements: version.elements }),
  };
}

const READ_HEADS = `select ${columnsOf(table, 'c')} from ${recordsOf(table, 'r', 1, ['bucket', 'id'])}
  cross join lateral (select * from container c where c.bucket = r.bucket and c.id = r.id order by c.version desc limit 1) c`;

/** The newest version of each container that has one. */
export async function readHeads(session: Session, refs: readonly ContainerRef[]): Promise<readonly ContainerVersion[]> {
  if (refs.length === 0) return [];
  const rows = await session.run<Row>(READ_HEADS, [rowsParam(refs.map(({ bucket, id }) => ({ bucket, id })))]);
  return rows.map(toContainerVersion);
}

const READ_NEAR = `select ${columnsOf(table)} from container c where c.bucket = $1 and c.patient = $2 and c.kind = 'recording'
  and c.collected_at between $3 and $4 and c.version = (select max(v.version) from container v where v.bucket = c.bucket and v.id = c.id)
  order by c.id limit $5`;

/** Newest versions of recordings of one Patient that began between two instants. */
export async function readRecordingsNear(
  session: Session,
  query: { readonly patient: PatientRef; readonly from: Instant; readonly until: Instant; readonly limit: number },
): Promise<readonly ContainerVersion[]> {
  const { patient, from, until, limit } = query;
  const rows = await session.run<Row>(READ_NEAR, [patient.bucket, patient.patient, from, until, limit]);
  return rows.map(toContainerVersion);
}

const READ_HEAD = `select ${columnsOf(table)} from container where bucket = $1 and id = $2 order by version desc limit 1`;

export async function readHead(session: Session, ref: ContainerRef): Promise<ContainerVersion | undefined> {
  const [row] = await session.run<Row>(READ_HEAD, [ref.bucket, ref.id]);
  return row === undefined ? undefined : toContainerVersion(row);
}

function toContainerVersion(row: Row): ContainerVersion {
  const read = readResource(row.content, { depthMax: LIMITS.jsonDepthMax + LEVELS_AROUND });
  if (read.value === undefined) throw new Error('a container holds no readable text');
  return {
    kind: row.kind as ContainerKind,
    bucket: row.bucket as Bucket,
    id: row.id,
    version: row.version,
    facility: row.facility as FacilityId,
    patient: row.patient,
    ...(row.collectedAt === null ? {} : { collectedAt: row.collectedAt as Instant }),
    elements: (read.value as { elements: readonly ContainerElement[] }).elements,
  };
}
