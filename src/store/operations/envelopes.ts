/** Envelopes: a message's bytes, sealed, with what was answered; a resend is found by its unique key. */
import type { Problem } from '../../base/problem.ts';
import type { EnvelopeSummary } from '../../ports/store-reads.ts';
import type { StoreTx } from '../../ports/store-tx.ts';
import type { ChannelId } from '../../terms/channel.ts';
import type { Envelope, EnvelopeAnswer, EnvelopeOutcome } from '../../terms/envelope.ts';
import type { FacilityId } from '../../terms/facility.ts';
import type { Instant } from '../../terms/instant.ts';
import type { Param } from '../driver/client.ts';
import type { Session, TxSession } from '../driver/database.ts';
import { columnsOf, plainBytes, storable } from '../driver/statement.ts';
import { envelope as table } from '../schema/path-tables.ts';
import type { StoreContext } from './context.ts';

type EnvelopeRow = typeof table.$inferSelect;
const NOTHING = new Uint8Array(0);

/** The same bytes first. Messages without a control id are told apart by their bytes alone. */
const SEEN_BEFORE = `select id, outcome, ack, format, key_id as "keyId", digest = $3 as same from envelope
  where facility = $1 and control_mac = $2 order by digest = $3 desc limit 2`;
const SEEN_NAMELESS = `select id, outcome, ack, format, key_id as "keyId", true as same from envelope
  where facility = $1 and control_mac = $2 and digest = $3`;
const COUNT_RECEIPT = 'update envelope set receipts = receipts + 1 where id = $1';

/** A resend that has no answer yet (`pending`, never finished) has an empty `ack`. */
async function seenBefore(
  tx: TxSession,
  context: StoreContext,
  key: Parameters<StoreTx['seenBefore']>[0],
): ReturnType<StoreTx['seenBefore']> {
  const { facility, controlMac, digest } = key;
  const query = controlMac === '' ? SEEN_NAMELESS : SEEN_BEFORE;
  const rows = await tx.run<AnsweredRow & { same: boolean }>(query, [facility, controlMac, digest]);
  const reused = rows.some(({ same }) => !same);
  const [first] = rows;
  if (first === undefined || !first.same) return { resend: undefined, reused };
  tx.send(COUNT_RECEIPT, [first.id]);
  const ack = answerOf(context, first) ?? NOTHING;
  return { resend: { id: first.id, outcome: first.outcome as EnvelopeOutcome, ack }, reused };
}

type AnsweredRow = Pick<EnvelopeRow, 'id' | 'outcome' | 'ack' | 'format' | 'keyId'>;

/** An answer in FHIR tells of the resources that it answers, and is sealed like the bytes; an acknowledgement tells nothing. */
function holdsData(format: string): boolean {
  return format === 'fhir';
}

function answerOf(
  { cipher }: StoreContext,
  { ack, format, keyId }: Omit<AnsweredRow, 'id' | 'outcome'>,
): Uint8Array | null {
  if (ack === null) return null;
  const bytes = plainBytes(ack);
  return holdsData(format) && bytes.length > 0 ? plainBytes(cipher.open(bytes, keyId)) : bytes;
}

const INSERT = `insert into envelope (id, facility, channel, received_at, format, digest, control_mac, test,
    key_id, content, outcome, ack, problems, problem_count, results_in, results_stored, receipts)
  values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, 1)`;
const FINISH = `update envelope set outcome = $2, ack = $3, problems = $4, problem_count = $5,
    results_in = $6, results_stored = $7 where id = $1`;

export type EnvelopeWriter = Pick<StoreTx, 'seenBefore' | 'insertEnvelope' | 'finishEnvelope' | 'readEnvelope'>;

/** An envelope that is inserted and finished in one transaction is written once, with its answer. */
export function createEnvelopeWriter(tx: TxSession, context: StoreContext): EnvelopeWriter {
  const unfinished = new Map<string, { readonly params: readonly Param[]; readonly sealed: boolean }>();
  const insert = (params: readonly Param[], answer: readonly Param[]): void =>
    tx.defer('envelope', INSERT, [...params, ...answer]);
  const flush = (): void => {
    for (const { params } of unfinished.values()) insert(params, UNANSWERED);
    unfinished.clear();
  };
  tx.beforeCommit(flush);
  return {
    seenBefore: (key) => {
      flush();
      return seenBefore(tx, context, key);
    },
    insertEnvelope: async (envelope) => {
      unfinished.set(envelope.id, { params: envelopeParams(context, envelope), sealed: holdsData(envelope.format) });
    },
    finishEnvelope: async (id, answer) => {
      const own = unfinished.get(id);
      unfinished.delete(id);
      if (own === undefined) tx.send(FINISH, [id, ...answerParams(answer)]);
      else insert(own.params, answerParams(own.sealed ? sealedAnswer(context, answer) : answer));
    },
    readEnvelope: (id) => {
      flush();
      return readEnvelope(tx, context, id);
    },
  };
}

function envelopeParams({ cipher }: StoreContext, envelope: Envelope): readonly Param[] {
  const { id, facility, channel, receivedAt, format, digest, controlMac, test, bytes } = envelope;
  return [id, facility, channel, receivedAt, format, digest, controlMac, test, cipher.keyId, cipher.seal(bytes)];
}

function sealedAnswer({ cipher }: StoreContext, answer: EnvelopeAnswer): EnvelopeAnswer {
  return answer.ack.length === 0 ? answer : { ...answer, ack: cipher.seal(answer.ack) };
}

const UNANSWERED: readonly Param[] = ['pending', null, '[]', 0, 0, 0];

function answerParams({ outcome, ack, problems, resultsIn, resultsStored }: EnvelopeAnswer): readonly Param[] {
  return [outcome, ack, storable(problemsText(problems)), problems.length, resultsIn, resultsStored];
}

function problemsText(problems: readonly Problem[]): string {
  return JSON.stringify(problems.map(({ code, severity, at }) => ({ code, severity, at })));
}

const READ = `select ${columnsOf(table)} from envelope where id = $1`;

async function readEnvelope(tx: Session, context: StoreContext, id: string): ReturnType<StoreTx['readEnvelope']> {
  const [row] = await tx.run<EnvelopeRow>(READ, [id]);
  if (row === undefined) return undefined;
  return {
    id: row.id,
    facility: row.facility as FacilityId,
    channel: row.channel as ChannelId,
    receivedAt: row.receivedAt as Instant,
    format: row.format as Envelope['format'],
    bytes: plainBytes(context.cipher.open(plainBytes(row.content), row.keyId)),
    digest: row.digest,
    controlMac: row.controlMac,
    test: row.test,
    outcome: row.outcome as EnvelopeOutcome,
    ack: answerOf(context, row),
  };
}

const FILE = `select key_id as "keyId", content from envelope where facility = $1 and control_mac = $2 and digest = $3`;

export async function readFile(
  session: Session,
  { cipher }: StoreContext,
  {
    facility,
    controlMac,
    digest,
  }: { readonly facility: FacilityId; readonly controlMac: string; readonly digest: string },
): Promise<Uint8Array | undefined> {
  const [row] = await session.run<Pick<EnvelopeRow, 'keyId' | 'content'>>(FILE, [facility, controlMac, digest]);
  return row === undefined ? undefined : plainBytes(cipher.open(plainBytes(row.content), row.keyId));
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

const PENDING = `select e.id from envelope e where e.outcome = 'pending'
    and not exists (select 1 from job j where j.kind = 'map-envelope' and j.reference = e.id)
  order by e.received_at, e.id limit $1`;

/** Oldest first; those that a job will take up are left to it. */
export async function pendingEnvelopes(session: Session, limit: number): Promise<readonly string[]> {
  return (await session.run<{ id: string }>(PENDING, [limit])).map(({ id }) => id);
}

const CHANNELS = `select e.id, e.channel from envelope e
  where e.id in (select json_array_elements_text($1::text::json) collate "C")`;

export async function channelsOf(
  session: Session,
  envelopes: readonly string[],
): Promise<ReadonlyMap<string, ChannelId>> {
  if (envelopes.length === 0) return new Map();
  const rows = await session.run<{ id: string; channel: ChannelId }>(CHANNELS, [JSON.stringify(envelopes)]);
  return new Map(rows.map(({ id, channel }) => [id, channel]));
}
