/** Sentences of the ledger: refusals of replies, and what `verify` finds. */
import type { ProblemSentences } from '../base/problem.ts';

export const SENTENCES = {
  'ledger/unknown-reason':
    'The reason of the refusal is not in the catalogue (reason) — send one of its coded reasons, or none.',
  'ledger/answered-otherwise':
    'The offer has another answer already (offer) — revoke that one first, then answer anew.',
  'ledger/nothing-to-revoke': 'The offer has no answer that could be revoked (offer) — accept or refuse it instead.',
  'ledger/not-offered': 'The decision was not to recognise, so nothing was offered (offer) — ask again.',
  'ledger/edited-entry':
    'The entry is not what was sealed (chain, place) — compare it with a backup and with the receipt of its reply.',
  'ledger/edited-seal': 'The seal is not what was written (chain, place) — compare the seals with a backup.',
  'ledger/broken-link':
    'The seal does not follow from the one before it: an entry was moved, left out, put in or changed with its seal (chain, place) — compare with a backup from here on.',
  'ledger/missing':
    'A place in the chain has no seal, or a seal has no entry (chain, place) — restore it from a backup.',
  'ledger/duplicated': 'The same place in the chain came twice (chain, place) — remove what was put in.',
  'ledger/reordered':
    'A seal came after one that follows it (chain, place) — read the chain in the order of its places.',
  'ledger/wrong-chain':
    'The entry or its seal belongs to another chain (chain, place) — restore both chains from a backup.',
  'ledger/truncated':
    'The chain ends before, or otherwise than, the last seal that is known (chain, its end) — restore its end from a backup.',
  'ledger/export-altered':
    'A line of the export is not what was written there (line) — compare it with another copy of the file.',
  'ledger/export-cut':
    'The export ends before its end, or holds other chains than its end says (the end) — export again.',
  'ledger/long-unsealed':
    'An entry waits for its seal longer than the sealer ever needs (chain, entry) — see whether the sealer runs.',
} as const satisfies ProblemSentences;

export type LedgerCode = keyof typeof SENTENCES;
