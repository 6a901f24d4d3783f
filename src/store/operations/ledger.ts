/** The ledger: entries with their amounts are appended, sealed later, and never changed. */
import type { LedgerLine } from '../../ports/store-reads.ts';
import type { LedgerStore, StoredAnchor } from '../../ports/store.ts';
import type { FacilityId } from '../../terms/facility.ts';
import type { Instant } from '../../terms/instant.ts';
import type { LedgerEntry, LedgerKind, Saving, Seal } from '../../terms/ledger-entry.ts';
import type { PayerSplit } from '../../terms/visit.ts';
import type { Database, Session, TxSession } from '../driver/database.ts';
import { columnsOf, insertOf, recordsOf, rowsParam } from '../driver/statement.ts';
import {
  ledgerAnchor,
  ledgerChain,
  ledgerEntry,
  ledgerSaving,
  ledgerSavingClaim,
  ledgerSeal,
} from '../schema/ledger-tables.ts';

type EntryRow = typeof ledgerEntry.$inferSelect;

/** The entry's row, its amounts as one JSON text in their order. */
const ENTRY = `${columnsOf(ledgerEntry, 'e')}, (select json_agg(json_build_object('priceItem', s.price_item,
    'fen', s.fen, 'source', s.source, 'key', s.key) order by s.ordinal)::text from ledger_saving s where s.entry = e.id) as savings`;

const APPEND = `with entered as (${insertOf(ledgerEntry, 'returning chain, position, id')})
  insert into ledger_unsealed (chain, position, entry) select chain, position, id from entered`;
const APPEND_SAVINGS = insertOf(ledgerSaving);
const APPEND_CHAINS = insertOf(ledgerChain, 'on conflict do nothing');
/** A second open acceptance of one saving breaks the primary key: its transaction starts anew and finds the first. */
const CLAIM_SAVINGS = insertOf(ledgerSavingClaim);
const RELEASE_SAVINGS = `delete from ledger_saving_claim c using ${recordsOf(ledgerSavingClaim, 'r', 1, ['offer'])} where c.offer = r.offer`;

/** A revocation frees the saving keys of its offer. */
export function appendLedger(tx: TxSession, entries: readonly LedgerEntry[]): void {
  if (entries.length === 0) return;
  const chains = [...new Set(entries.map(({ chain }) => chain))].toSorted();
  tx.send(APPEND_CHAINS, [rowsParam(chains.map((chain) => ({ chain })))]);
  tx.send(APPEND, [rowsParam(entries.map(toRow))]);
  const savings = entries.flatMap(({ id, savings }) =>
    savings.map((saving, place) => ({ entry: id, ordinal: place + 1, ...saving })),
  );
  if (savings.length > 0) tx.send(APPEND_SAVINGS, [rowsParam(savings)]);
  const revoked = entries.filter(({ kind }) => kind === 'revoked');
  if (revoked.length > 0) tx.send(RELEASE_SAVINGS, [rowsParam(revoked.map(({ offer }) => ({ offer })))]);
  const claims = entries
    .filter(({ kind }) => kind === 'accepted')
    .flatMap(({ id, offer, savings }) => savings.map(({ key }) => ({ key, offer, entry: id })))
    .toSorted((a, b) => (a.key < b.key ? -1 : 1));
  if (claims.length > 0) tx.send(CLAIM_SAVINGS, [rowsParam(claims)]);
}

function toRow(entry: LedgerEntry): Omit<EntryRow, 'position'> {
  const { savings: _savings, results, visit, ...rest } = entry;
  const split = visit.split === null ? null : JSON.stringify(visit.split);
  return {
    ...rest,
    results: JSON.stringify(results),
    visitClass: visit.class,
    drg: visit.drg,
    payer: visit.payer,
    split,
  };
}

const SAVED_KEYS = `select c.key from ${recordsOf(ledgerSavingClaim, 'r', 1, ['key'])} join ledger_saving_claim c on c.key = r.key`;

export async function savedKeys(session: Session, keys: readonly string[]): Promise<readonly string[]> {
  if (keys.length === 0) return [];
  const rows = await session.run<{ key: string }>(SAVED_KEYS, [rowsParam(keys.map((key) => ({ key })))]);
  return rows.map(({ key }) => key);
}

const ENTRIES_OF = `select ${ENTRY} from ledger_entry e where e.offer = $1 order by e.position`;

export async function entriesOf(session: Session, offer: string): Promise<readonly LedgerEntry[]> {
  return (await session.run<EntryRow & WithSavings>(ENTRIES_OF, [offer])).map(toEntry);
}

/** The newest of each chain along its index, then the newest of those. */
const LATEST = `with latest as (
    select newest.id from ledger_chain c cross join lateral (
      select id, position from ledger_entry where chain = c.chain order by position desc limit $1) newest
    order by newest.position desc limit $1
  )
  select ${ENTRY}, s.seq, s.entry_hash as "entryHash" from latest l join ledger_entry e on e.id = l.id left join ledger_seal s on s.entry = e.id
  order by e.position desc`;

export async function latestLedger(session: Session, limit: number): Promise<readonly LedgerLine[]> {
  const rows = await session.run<EntryRow & WithSavings & Place>(LATEST, [limit]);
  return rows.map(({ seq, entryHash, ...row }) => ({
    entry: toEntry(row),
    seal: seq === null || entryHash === null ? null : { seq, entryHash },
  }));
}

interface Place {
  readonly seq: number | null;
  readonly entryHash: string | null;
}

interface WithSavings {
  readonly savings: string | null;
}

function toEntry(row: EntryRow & WithSavings): LedgerEntry {
  return {
    id: row.id,
    form: row.form as LedgerEntry['form'],
    chain: row.chain as FacilityId,
    kind: row.kind as LedgerKind,
    at: row.at as Instant,
    offer: row.offer,
    patientMac: row.patientMac,
    encounterMac: row.encounterMac,
    orderMac: row.orderMac,
    target: row.target,
    savings: row.savings === null ? [] : (JSON.parse(row.savings) as Saving[]),
    catalogueDigest: row.catalogueDigest,
    results: JSON.parse(row.results) as string[],
    crossFacility: row.crossFacility,
    reason: row.reason,
    countsAsRefusal: row.countsAsRefusal,
    visit: {
      class: row.visitClass as LedgerEntry['visit']['class'],
      drg: row.drg,
      payer: row.payer,
      split: row.split === null ? null : (JSON.parse(row.split) as PayerSplit),
    },
  };
}

/** The chain's row is the lease: whoever finds it locked leaves the chain to its sealer. */
const LEASE = 'select chain from ledger_chain where chain = $1 for update skip locked';
const LAST_SEAL = `select ${columnsOf(ledgerSeal)} from ledger_seal where chain = $1 order by seq desc limit 1`;
const UNSEALED_NEXT = `select ${ENTRY} from ledger_unsealed u join ledger_entry e on e.id = u.entry
  where u.chain = $1 order by u.position limit $2`;
const APPEND_SEALS = insertOf(ledgerSeal);
const FORGET_UNSEALED = `delete from ledger_unsealed u using ${recordsOf(ledgerSeal, 'r', 1, ['chain', 'entry'])}
  where u.chain = r.chain and u.entry = r.entry`;

const SEALS_IN_ORDER = `select ${ENTRY}, ${columnsOf(ledgerSeal, 's').replaceAll(/"(\w+)"/g, '"seal_$1"')}
  from ledger_seal s left join ledger_entry e on e.id = s.entry
  where s.chain = $1 and s.seq > $2 order by s.seq limit $3`;
/** By looking, not by the sealer's queue: an entry that was slipped in is found too. */
const UNSEALED = `select ${ENTRY} from ledger_entry e
  where e.chain = $1 and not exists (select 1 from ledger_seal s where s.entry = e.id) order by e.at, e.position`;
/** Steps from chain to chain along an index, however long the chains are. */
const chainsIn = (table: string, alias: string): string => `${alias}(chain) as (
    (select chain from ${table} order by chain limit 1)
    union all
    select (select t.chain from ${table} t where t.chain > ${alias}.chain order by t.chain limit 1)
    from ${alias} where ${alias}.chain is not null
  )`;
const CHAINS = `with recursive ${chainsIn('ledger_entry', 'entered')}, ${chainsIn('ledger_seal', 'sealed')}
  select chain from entered where chain is not null union select chain from sealed where chain is not null order by chain`;

const HEADS = `with recursive ${chainsIn('ledger_seal', 'sealed')}
  select head.* from sealed cross join lateral (
    select chain, seq, seal from ledger_seal s where s.chain = sealed.chain order by s.seq desc limit 1) head
  order by head.chain`;
const ANCHORS = `select * from (
    select ${columnsOf(ledgerAnchor)} from ledger_anchor where day >= $1 order by day desc limit $2) newest order by day`;
const PUT_ANCHOR = insertOf(ledgerAnchor, 'on conflict do nothing');

export function createLedgerStore(database: Database): LedgerStore {
  return {
    seal: (chain, limit, seal) => database.transaction((tx) => sealChain(tx, chain, limit, seal)),
    chains: async () => (await database.run<{ chain: FacilityId }>(CHAINS)).map(({ chain }) => chain),
    page: (chain, afterSeq, limit) => readPage(database, chain, afterSeq, limit),
    heads: () => database.run<Pick<Seal, 'chain' | 'seq' | 'seal'>>(HEADS),
    anchors: ({ since, limit }) => database.run<StoredAnchor>(ANCHORS, [since, limit]),
    putAnchor: async (anchor) => void (await database.run(PUT_ANCHOR, [rowsParam([anchor])])),
    unsealed: async (chain) => (await database.run<EntryRow & WithSavings>(UNSEALED, [chain])).map(toEntry),
  };
}

async function sealChain(
  tx: TxSession,
  chain: FacilityId,
  limit: number,
  seal: (last: Seal | undefined, entries: readonly LedgerEntry[]) => readonly Seal[],
): Promise<{ sealed: number } | false> {
  const [lease] = await tx.run(LEASE, [chain]);
  if (lease === undefined) return false;
  const [lasts, rows] = await Promise.all([
    tx.run<Seal>(LAST_SEAL, [chain]),
    tx.run<EntryRow & WithSavings>(UNSEALED_NEXT, [chain, limit]),
  ]);
  if (rows.length === 0) return { sealed: 0 };
  const seals = seal(lasts[0], rows.map(toEntry));
  if (seals.length > 0) {
    tx.send(APPEND_SEALS, [rowsParam(seals)]);
    tx.send(FORGET_UNSEALED, [rowsParam(seals.map(({ entry }) => ({ chain, entry })))]);
  }
  return { sealed: seals.length };
}

type SealedRow = Omit<EntryRow, 'id'> & { id: string | null } & WithSavings & {
    [Property in keyof Seal as `seal_${Property}`]: Seal[Property];
  };

async function readPage(
  session: Session,
  chain: FacilityId,
  afterSeq: number,
  limit: number,
): ReturnType<LedgerStore['page']> {
  const rows = await session.run<SealedRow>(SEALS_IN_ORDER, [chain, afterSeq, limit]);
  return rows.map((row) => ({
    entry: row.id === null ? undefined : toEntry({ ...row, id: row.id }),
    seal: toSeal(row),
  }));
}

function toSeal(row: SealedRow): Seal {
  return {
    chain: row.seal_chain,
    seq: row.seal_seq,
    entry: row.seal_entry,
    entryHash: row.seal_entryHash,
    seal: row.seal_seal,
  };
}
