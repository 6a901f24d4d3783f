/** Shared small resources, sealed: written only when their canonical text changed. */
import { utf8 } from '../../base/bytes.ts';
import { printResource, readResource } from '../../base/json.ts';
import type { Cipher } from '../../ports/keys.ts';
import type { Bucket } from '../../terms/bucket.ts';
import type { FacilityId } from '../../terms/facility.ts';
import type { Instant } from '../../terms/instant.ts';
import type { MappedShared } from '../../terms/mapped.ts';
import type { Session, TxSession } from '../driver/database.ts';
import { byteaText, columnsOf, plainBytes, recordsOf, rowsParam } from '../driver/statement.ts';
import { resource as table } from '../schema/clinical-tables.ts';
import type { StoreContext } from './context.ts';

type Row = typeof table.$inferSelect;

const COLUMNS = 'bucket, id, version, type, facility, patient, known_from, content_mac, key_id, content';

/** A lost race for a first version leaves the winner's: both are what one facility said at one moment. */
const WRITE = `insert into resource (${COLUMNS})
  select r.bucket, r.id, coalesce(h.version, 0) + 1, r.type, r.facility, r.patient, r."knownFrom", r."contentMac", r."keyId", r.content
  from ${recordsOf(table, 'r')}
  left join lateral (select version, content_mac from resource s where s.bucket = r.bucket and s.id = r.id
    order by version desc limit 1) h on true
  where h.content_mac is distinct from r."contentMac"
  on conflict (bucket, id, version) do nothing`;

export function writeResources(
  tx: TxSession,
  { cipher, contentMac }: StoreContext,
  resources: readonly MappedShared[],
  from: { readonly facility: FacilityId; readonly at: Instant },
): void {
  // The last one of an id counts; keys in order, so that two transactions never wait for each other.
  const byId = new Map(resources.map((one) => [one.resource.id, one]));
  const sorted = [...byId.values()].toSorted((a, b) => a.bucket - b.bucket || (a.resource.id < b.resource.id ? -1 : 1));
  if (sorted.length === 0) return;
  const rows = sorted.map(({ bucket, resource }) => {
    const text = printResource(resource);
    return {
      bucket,
      id: resource.id,
      type: resource.resourceType,
      facility: from.facility,
      patient: patientIdOf(resource),
      knownFrom: from.at,
      contentMac: contentMac.text(text),
      keyId: cipher.keyId,
      content: byteaText(cipher.seal(utf8(text))),
    };
  });
  tx.defer('resources', WRITE, [rowsParam(rows)]);
}

/** Id of the Patient that a shared resource is or is about; '' when it is about nobody of ours. */
export function patientIdOf(resource: MappedShared['resource']): string {
  if (resource.resourceType === 'Patient') return resource.id;
  const { subject, patient } = resource as { subject?: { reference?: unknown }; patient?: { reference?: unknown } };
  const reference = subject?.reference ?? patient?.reference;
  return typeof reference === 'string' && reference.startsWith('Patient/') ? reference.slice('Patient/'.length) : '';
}

const READ = `select ${columnsOf(table, 'c')} from ${recordsOf(table, 'r', 1, ['bucket', 'id'])}
  cross join lateral (select * from resource c where c.bucket = r.bucket and c.id = r.id order by c.version desc limit 1) c`;

export async function readResources(
  session: Session,
  context: StoreContext,
  refs: readonly { bucket: Bucket; id: string }[],
): Promise<readonly (MappedShared & { version: number })[]> {
  if (refs.length === 0) return [];
  const rows = await session.run<Row>(READ, [rowsParam(refs.map(({ bucket, id }) => ({ bucket, id })))]);
  return rows.map((row) => toShared(row, context));
}

const decoder = new TextDecoder();

function toShared(row: Row, { cipher }: StoreContext): MappedShared & { version: number } {
  return { bucket: row.bucket as Bucket, version: row.version, resource: openText(cipher, row) };
}

/** The resource of a row's sealed text. */
export function openText(
  cipher: Cipher,
  row: { readonly content: Uint8Array; readonly keyId: string },
): MappedShared['resource'] {
  const read = readResource(decoder.decode(cipher.open(plainBytes(row.content), row.keyId)));
  if (read.value === undefined) throw new Error('a resource row holds no readable text');
  return read.value as MappedShared['resource'];
}
