/** Envelopes: a message's bytes, sealed, with what was answered; a resend is found by its unique key. */
import type { Problem } from '../../base/problem.ts';
import type { EnvelopeSummary, StoreTx } from '../../ports/store.ts';
import type { ChannelId } from '../../terms/channel.ts';
import type { Envelope, EnvelopeAnswer, EnvelopeOutcome } from '../../terms/envelope.ts';
import type { FacilityId } from '../../terms/facility.ts';
import type { Instant } from '../../terms/instant.ts';
import type { Session, TxSession } from '../driver/database.ts';
import { columnsOf, plainBytes, storable } from '../driver/statement.ts';
import { envelope as table } from '../schema/path-tables.ts';
import type { StoreContext } from './context.ts';

type EnvelopeRow = typeof table.$inferSelect;
const NOTHING = new Uint8Array(0);

const SEEN_BEFORE = `with counted as (
    update envelope set receipts = receipts + 1
    where facility = $1 and control_mac = $2 and digest = $3 returning id, outcome, ack
  )
  select c.id, c.outcome, c.ack, exists (select 1 from envelope e where e.facility = $1 and e.control_mac = $2
    and e.control_mac <> '' and e.digest <> $3) as reused
  from (select 1) one left join counted c on true`;

/** A resend that has no answer yet (`pending`, never finished) has an empty `ack`. */
export async function seenBefore(
  tx: TxSession,
  key: Parameters<StoreTx['seenBefore']>[0],
): ReturnType<StoreTx['seenBefore']> {
  const [row] = await tx.run<Pick<EnvelopeRow, 'outcome' | 'ack'> & { id: string | null; reused: boolean }>(
    SEEN_BEFORE,
    [key.facility, key.controlMac, key.digest],
  );
  if (row === undefined || row.id === null) return { resend: undefined, reused: row?.reused ?? false };
  const ack = row.ack === null ? NOTHING : plainBytes(row.ack);
  return { resend: { id: row.id, outcome: row.outcome as EnvelopeOutcome, ack }, reused: row.reused };
}

const INSERT = `insert into envelope (id, facility, channel, received_at, format, digest, control_mac, test,
    key_id, content, outcome, problems, problem_count, results_in, results_stored, receipts)
  values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 'pending', '[]', 0, 0, 0, 1)`;

export function insertEnvelope(tx: TxSession, { cipher }: StoreContext, envelope: Envelope): void {
  tx.send(INSERT, [
    envelope.id,
    envelope.facility,
    envelope.channel,
    envelope.receivedAt,
    envelope.format,
    envelope.digest,
    envelope.controlMac,
    envelope.test,
    cipher.keyId,
    cipher.seal(envelope.bytes),
  ]);
}

const FINISH = `update envelope set outcome = $2, ack = $3, problems = $4, problem_count = $5,
    results_in = $6, results_stored = $7 where id = $1`;

export function finishEnvelope(tx: TxSession, id: string, answer: EnvelopeAnswer): void {
  const { outcome, ack, problems, resultsIn, resultsStored } = answer;
  tx.send(FINISH, [id, outcome, ack, storable(problemsText(problems)), problems.length, resultsIn, resultsStored]);
}

function problemsText(problems: readonly Problem[]): string {
  return JSON.stringify(problems.map(({ code, severity, at }) => ({ code, severity, at })));
}

const READ = `select ${columnsOf(table)} from envelope where id = $1`;

export async function readEnvelope(
  tx: Session,
  { cipher }: StoreContext,
  id: string,
): ReturnType<StoreTx['readEnvelope']> {
  const [row] = await tx.run<EnvelopeRow>(READ, [id]);
  if (row === undefined) return undefined;
  return {
    id: row.id,
    facility: row.facility as FacilityId,
    channel: row.channel as ChannelId,
    receivedAt: row.receivedAt as Instant,
    format: 'hl7v2',
    bytes: plainBytes(cipher.open(plainBytes(row.content), row.keyId)),
    digest: row.digest,
    controlMac: row.controlMac,
    test: row.test,
    outcome: row.outcome as EnvelopeOutcome,
    ack: row.ack === null ? null : plainBytes(row.ack),
  };
}

const SUMMARY = `select id, facility, received_at as "receivedAt", outcome, results_in as "resultsIn",
    results_stored as "resultsStored", problem_count as "problems", receipts from envelope`;
const ORDER = 'order by received_at desc, id desc limit $1';
const BEFORE = '(received_at, id) < (select received_at, id from envelope where id = $2)';
const PAGES = {
  all: `${SUMMARY} ${ORDER}`,
  before: `${SUMMARY} where ${BEFORE} ${ORDER}`,
  outcome: `${SUMMARY} where outcome = $2 ${ORDER}`,
  outcomeBefore: `${SUMMARY} where ${BEFORE} and outcome = $3 ${ORDER}`,
};

/** Newest first; `before` is the id of the last envelope of the page before. */
export async function pageEnvelopes(
  session: Session,
  page: { limit: number; outcome?: EnvelopeOutcome; before?: string },
): Promise<readonly EnvelopeSummary[]> {
  const { limit, outcome, before } = page;
  if (before === undefined && outcome === undefined) return session.run(PAGES.all, [limit]);
  if (before === undefined) return session.run(PAGES.outcome, [limit, outcome ?? '']);
  if (outcome === undefined) return session.run(PAGES.before, [limit, before]);
  return session.run(PAGES.outcomeBefore, [limit, before, outcome]);
}

const PENDING = `select id from envelope where outcome = 'pending' order by received_at, id limit $1`;

/** Oldest first. */
export async function pendingEnvelopes(session: Session, limit: number): Promise<readonly string[]> {
  return (await session.run<{ id: string }>(PENDING, [limit])).map(({ id }) => id);
}
