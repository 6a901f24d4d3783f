/**
 * The directory: claims meet here. A row's bucket and id never change, so that rows of shared
 * resources, once seen committed, are remembered and cost no statement.
 */
import type { DirectoryRow, StoreTx } from '../../ports/store-tx.ts';
import type { Bucket } from '../../terms/bucket.ts';
import type { DirectoryClaim, DirectoryKind } from '../../terms/directory.ts';
import type { FacilityId } from '../../terms/facility.ts';
import type { TxSession } from '../driver/database.ts';
import { columnsOf, insertOf, recordsOf, rowsParam } from '../driver/statement.ts';
import { directory as table } from '../schema/path-tables.ts';

type Row = typeof table.$inferSelect;

/** Kinds whose row is locked until commit: messages of one report, or of one patient, take turns. */
const LOCKED: ReadonlySet<DirectoryKind> = new Set(['report', 'recording', 'loose', 'patient']);

/** What is written with a first sight: the head that the container's first version will have. */
export const FIRST_VERSION = 1;

export function isContainerKind(kind: DirectoryKind): boolean {
  return kind === 'report' || kind === 'recording' || kind === 'loose';
}

/** The update changes nothing: it locks the row and lets the statement return it. */
const CLAIM_LOCKED = insertOf(
  table,
  `on conflict (facility, kind, mac) do update set head_version = directory.head_version
   returning ${columnsOf(table, 'directory')}, (xmax = 0) as fresh`,
);
const CLAIM_SHARED = insertOf(table, `on conflict (facility, kind, mac) do nothing returning ${columnsOf(table)}`);
const READ_SHARED = `select ${columnsOf(table, 'd')} from directory d join ${recordsOf(table, 'r', 1, ['facility', 'kind', 'mac'])}
  on d.facility = r.facility and d.kind = r.kind and d.mac = r.mac`;

const REMEMBERED_MAX = 50_000;

/** Committed rows of shared kinds by key. */
export type DirectoryMemory = Map<string, DirectoryRow>;

export async function claim(
  tx: TxSession,
  memory: DirectoryMemory,
  claims: readonly DirectoryClaim[],
): ReturnType<StoreTx['claim']> {
  const wanted = new Map<string, DirectoryClaim>();
  for (const one of claims) if (!wanted.has(keyOf(one))) wanted.set(keyOf(one), one);
  const sorted = [...wanted].toSorted(([left], [right]) => (left < right ? -1 : 1)).map(([, one]) => one);
  const known = new Map<string, DirectoryRow>();
  const [locked, shared] = await Promise.all([
    claimLocked(
      tx,
      sorted.filter(({ kind }) => LOCKED.has(kind)),
    ),
    claimShared(
      tx,
      memory,
      sorted.filter(({ kind }) => !LOCKED.has(kind)),
    ),
  ]);
  for (const row of [...locked, ...shared]) known.set(keyOf(row), row);
  return claims.map((one) => known.get(keyOf(one)) as DirectoryRow);
}

async function claimLocked(tx: TxSession, claims: readonly DirectoryClaim[]): Promise<readonly DirectoryRow[]> {
  if (claims.length === 0) return [];
  const rows = await tx.run<Row & { fresh: boolean }>(CLAIM_LOCKED, [rowsParam(claims.map(rowOf))]);
  return rows.map((row) => toDirectoryRow(row, row.fresh));
}

async function claimShared(
  tx: TxSession,
  memory: DirectoryMemory,
  claims: readonly DirectoryClaim[],
): Promise<readonly DirectoryRow[]> {
  const remembered = claims.flatMap((one) => memory.get(keyOf(one)) ?? []);
  const unknown = claims.filter((one) => !memory.has(keyOf(one)));
  if (unknown.length === 0) return remembered;
  const param = [rowsParam(unknown.map(rowOf))];
  // The second statement has a later snapshot: it sees what a racing claim committed meanwhile.
  const [written, standing] = await Promise.all([tx.run<Row>(CLAIM_SHARED, param), tx.run<Row>(READ_SHARED, param)]);
  const fresh = new Set(written.map((row) => keyOf(row)));
  const rows = standing.map((row) => toDirectoryRow(row, fresh.has(keyOf(row))));
  if (memory.size > REMEMBERED_MAX) memory.clear();
  // A row that this transaction wrote may yet be rolled back.
  for (const row of rows) if (!row.fresh) memory.set(keyOf(row), row);
  return [...remembered, ...rows];
}

function keyOf({ facility, kind, mac }: { facility: string; kind: string; mac: string }): string {
  return `${facility}\n${kind}\n${mac}`;
}

function rowOf({ facility, kind, mac, bucket, id }: DirectoryClaim): Row {
  return { facility, kind, mac, bucket, id, headVersion: isContainerKind(kind) ? FIRST_VERSION : 0 };
}

function toDirectoryRow(row: Row, fresh: boolean): DirectoryRow {
  return {
    facility: row.facility as FacilityId,
    kind: row.kind as DirectoryKind,
    mac: row.mac,
    bucket: row.bucket as Bucket,
    id: row.id,
    headVersion: row.headVersion,
    fresh,
  };
}

const MOVE_HEAD = `update directory d set head_version = r."headVersion"
  from ${recordsOf(table, 'r', 1, ['facility', 'kind', 'mac', 'headVersion'])}
  where d.facility = r.facility and d.kind = r.kind and d.mac = r.mac`;

export function moveHeads(
  tx: TxSession,
  heads: readonly Pick<DirectoryRow, 'facility' | 'kind' | 'mac' | 'headVersion'>[],
): void {
  if (heads.length === 0) return;
  const rows = heads.map(({ facility, kind, mac, headVersion }) => ({ facility, kind, mac, headVersion }));
  tx.send(MOVE_HEAD, [rowsParam(rows)]);
}
