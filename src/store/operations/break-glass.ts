/** Break-glass openings: appended, and judged once. */
import { utf8 } from '../../base/bytes.ts';
import type { AuditStore } from '../../ports/store-audit.ts';
import type { StoreTx } from '../../ports/store-tx.ts';
import type { Bucket } from '../../terms/bucket.ts';
import type { BreakGlass, GlassJudgement, GlassOpening } from '../../terms/break-glass.ts';
import type { ChannelId } from '../../terms/channel.ts';
import type { FacilityId } from '../../terms/facility.ts';
import type { Instant } from '../../terms/instant.ts';
import type { Database, TxSession } from '../driver/database.ts';
import { byteaText, columnsOf, insertOf, plainBytes, rowsParam } from '../driver/statement.ts';
import { breakGlass as table } from '../schema/path-tables.ts';
import type { StoreContext } from './context.ts';

type Row = typeof table.$inferSelect;

const INSERT = insertOf(table);

/** Two first looks at one moment would both see no opening: they take turns. */
const TURN = "select pg_advisory_xact_lock(hashtextextended('break-glass ' || $1, 0))";

export async function openGlass(
  tx: TxSession,
  { cipher }: StoreContext,
  glass: BreakGlass,
  { since, max }: Parameters<StoreTx['openGlass']>[1],
): Promise<GlassOpening> {
  const { patient, reason, ...rest } = glass;
  const { facility, channel, at } = glass;
  tx.send(TURN, [channel]);
  const [standing, counted] = await Promise.all([
    tx.run(OPEN, [facility, patient.bucket, patient.patient, at, channel]),
    tx.run<{ count: number }>(SINCE, [channel, since]),
  ]);
  if (standing.length > 0) return 'standing';
  if ((counted[0]?.count ?? 0) >= max) return 'too-many';
  const sealed = { keyId: cipher.keyId, reason: byteaText(cipher.seal(utf8(reason))) };
  tx.send(INSERT, [rowsParam([{ ...rest, bucket: patient.bucket, patient: patient.patient, ...sealed }])]);
  return 'opened';
}

const COLUMNS = columnsOf(table);
const OPEN = `select ${COLUMNS} from break_glass where facility = $1 and bucket = $2 and patient = $3 and until > $4 and channel = $5
  order by until desc limit 1`;
const SINCE = 'select count(*) as count from break_glass where channel = $1 and at >= $2';
const LIST = `select ${COLUMNS} from break_glass where ($1::boolean or reviewed_at is null) order by at, id limit $2`;
const JUDGE = `update break_glass set reviewed_at = $2, reviewed_by = $3, judgement = $4
  where id = $1 and reviewed_at is null returning id`;

export function createGlassReads(database: Database, context: StoreContext): Omit<AuditStore, 'page'> {
  return {
    openGlass: async ({ facility, channel, patient, now }) =>
      (await database.run<Row>(OPEN, [facility, patient.bucket, patient.patient, now, channel])).map((row) =>
        toGlass(row, context),
      )[0],
    glasses: async ({ reviewed, limit }) =>
      (await database.run<Row>(LIST, [reviewed, limit])).map((row) => toGlass(row, context)),
    judgeGlass: async (id, { as, by, at }) => (await database.run(JUDGE, [id, at, by, as])).length > 0,
  };
}

const decoder = new TextDecoder();

function toGlass(row: Row, { cipher }: StoreContext): BreakGlass {
  return {
    id: row.id,
    at: row.at as Instant,
    facility: row.facility as FacilityId,
    channel: row.channel as ChannelId,
    patient: { bucket: row.bucket as Bucket, patient: row.patient, facility: row.facility as FacilityId },
    encounterMac: row.encounterMac,
    reason: decoder.decode(cipher.open(plainBytes(row.reason), row.keyId)),
    until: row.until as Instant,
    reviewedAt: row.reviewedAt as Instant | null,
    reviewedBy: row.reviewedBy,
    judgement: row.judgement as GlassJudgement | null,
  };
}
