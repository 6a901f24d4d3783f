/**
 * What the ledger's hash covers (SETTLED 12): SHA-256 of the UTF-8 JSON of one array, whose members stand in
 * the order listed here. Integers and strings only, so that any language writes the same bytes. A form never
 * changes: other fields make another one. Form 2 adds the visit at the end.
 */
import { utf8 } from '../base/bytes.ts';
import { sha256 } from '../base/digest.ts';
import type { LedgerEntry, LedgerVisit } from '../terms/ledger-entry.ts';

const LABEL = 'concord-ledger-entry';

/** 32 bytes. */
export function entryHash(entry: LedgerEntry): Uint8Array {
  return sha256(utf8(hashedText(entry)));
}

/** The text that is hashed; an auditor may write it in any language and get the receipt. */
export function hashedText(entry: LedgerEntry): string {
  return JSON.stringify([
    LABEL,
    entry.form,
    entry.id,
    entry.chain,
    entry.kind,
    entry.at,
    entry.offer,
    entry.patientMac,
    entry.encounterMac,
    entry.orderMac,
    entry.target,
    // An amount that is not known is '', never 0: nothing saved and nothing known are two things.
    entry.savings.map(({ priceItem, fen, source, key }) => [priceItem, fen === null ? '' : wholeFen(fen), source, key]),
    entry.catalogueDigest,
    entry.results,
    entry.crossFacility ? 1 : 0,
    entry.reason,
    entry.countsAsRefusal ? 1 : 0,
    ...(entry.form === 1 ? [] : [visitFields(entry.visit)]),
  ]);
}

function visitFields({ class: of, drg, payer, split }: LedgerVisit): readonly unknown[] {
  return [of, drg ? 1 : 0, payer, split === null ? [] : [split.patient, split.fund, split.deductible]];
}

function wholeFen(fen: number): number {
  if (!Number.isSafeInteger(fen) || fen < 0) throw new Error('an amount in the ledger is no whole number of fen');
  return fen;
}
