/** Numbers for the page and the demo's print; no person's data. */
import type { Counts } from '../../ports/store-reads.ts';
import type { EnvelopeOutcome } from '../../terms/envelope.ts';
import type { Session } from '../driver/database.ts';

const ENVELOPES = `select outcome, count(*) as envelopes, sum(receipts) as receipts, sum(results_in) as "resultsIn",
  sum(results_stored) as "resultsStored" from envelope group by outcome`;

/** Results that are told by a problem at their own position, counted from the problems and not by subtraction. */
const REFUSED = String.raw`select count(*) as results from envelope e cross join lateral (
    select distinct p->>'at' from jsonb_array_elements(e.problems::jsonb) p
    where p->>'severity' in ('error', 'fatal') and p->>'at' ~ '^OBX\[[0-9]+\]$') told
  where e.outcome = 'quarantined'`;

/**
 * Saved, gross: the amounts of accepted entries whose offer has no later revoked entry; what became of it by later entries. An accepted entry
 * without any amount, or with an unknown one, is counted apart.
 */
const LEDGER = `with standing as (
    select a.id, a.offer, a.position from ledger_entry a where a.kind = 'accepted' and not exists (
      select 1 from ledger_entry r where r.offer = a.offer and r.kind = 'revoked' and r.position > a.position)
  ), later as (
    select e.kind, e.offer, s.key, s.fen from standing a
    join ledger_entry e on e.offer = a.offer and e.position > a.position and e.kind in ('settled', 'reversed')
    join ledger_saving s on s.entry = e.id
  )
  select
    (select count(*) from directory where kind = 'patient') as patients,
    (select count(*) from directory where kind = 'person') as persons,
    (select count(*) from offer) as offers,
    (select count(*) from ledger_entry where kind = 'accepted') as accepted,
    (select count(*) from ledger_entry where kind = 'refused') as refused,
    (select count(*) from ledger_entry where kind = 'revoked') as revoked,
    (select coalesce(sum(s.fen), 0)::bigint from ledger_saving s join standing on standing.id = s.entry) as "savedFen",
    (select coalesce(sum(fen), 0)::bigint from later where kind = 'reversed') as "reversedFen",
    (select coalesce(sum(l.fen), 0)::bigint from later l where l.kind = 'settled' and not exists (
      select 1 from later r where r.kind = 'reversed' and r.offer = l.offer and r.key = l.key)) as "settledFen",
    (select count(*) from standing where not exists (
      select 1 from ledger_saving s where s.entry = standing.id and s.fen is not null)) as "acceptedWithoutAmount",
    (select count(*) from ledger_entry) as "ledgerEntries",
    (select count(*) from ledger_seal) as "sealedEntries"`;

interface EnvelopeCount {
  readonly outcome: EnvelopeOutcome;
  readonly envelopes: number;
  readonly receipts: number;
  readonly resultsIn: number;
  readonly resultsStored: number;
}

export async function readCounts(session: Session): Promise<Counts> {
  const [envelopes, [refused], [ledger]] = await Promise.all([
    session.run<EnvelopeCount>(ENVELOPES),
    session.run<{ results: number }>(REFUSED),
    session.run<Omit<Counts, 'envelopes' | 'receipts' | 'resultsIn' | 'resultsStored' | 'resultProblems'>>(LEDGER),
  ]);
  if (ledger === undefined || refused === undefined) throw new Error('a query of counts gave no row');
  const byOutcome: Record<EnvelopeOutcome, number> = { stored: 0, quarantined: 0, rejected: 0, pending: 0 };
  for (const { outcome, envelopes: count } of envelopes) byOutcome[outcome] = count;
  const total = (of: (row: EnvelopeCount) => number): number => envelopes.reduce((sum, row) => sum + of(row), 0);
  const resultsIn = total((row) => row.resultsIn);
  const resultsStored = total((row) => row.resultsStored);
  return {
    envelopes: byOutcome,
    receipts: total((row) => row.receipts),
    resultsIn,
    resultsStored,
    resultProblems: refused.results,
    ...ledger,
  };
}
