/**
 * The ledger as a file of lines, each a JSON object in a fixed order of fields: a head, every chain place by place with what
 * waits for its seal behind it, and an end. Each line carries a hash of what it says, so that a change is found where it is.
 */
import { base64url, utf8 } from '../base/bytes.ts';
import { digestOf } from '../base/digest.ts';
import type { FacilityId } from '../terms/facility.ts';
import type { Instant } from '../terms/instant.ts';
import { type LedgerEntry, type LedgerVisit, NO_VISIT, type Seal } from '../terms/ledger-entry.ts';
import { entryHash } from './entry-hash.ts';

export interface ExportHead {
  readonly form: 1;
  readonly issuer: string;
  readonly at: Instant;
}

export interface ExportedChain {
  readonly chain: FacilityId;
  readonly sealed: number;
  readonly unsealed: number;
}

export type ExportLine =
  | { readonly kind: 'head'; readonly head: ExportHead }
  /** `entry` undefined: the ledger has a seal without one. */
  | { readonly kind: 'place'; readonly entry: LedgerEntry | undefined; readonly seal: Seal }
  | { readonly kind: 'unsealed'; readonly entry: LedgerEntry }
  | { readonly kind: 'end'; readonly chains: readonly ExportedChain[] };

/** Without its line break. */
export function printLine(line: ExportLine): string {
  switch (line.kind) {
    case 'head':
      return hashed({ head: { form: line.head.form, issuer: line.head.issuer, at: line.head.at } });
    case 'place': {
      const { chain, seq, entry: id, entryHash: hash, seal } = line.seal;
      const of = { chain, seq, entry: id, entryHash: hash, seal };
      return JSON.stringify(line.entry === undefined ? { seal: of } : { seal: of, entry: plain(line.entry) });
    }
    case 'unsealed':
      return JSON.stringify({ entry: plain(line.entry), hash: base64url(entryHash(line.entry)) });
    case 'end':
      return hashed({ end: line.chains.map(({ chain, sealed, unsealed }) => ({ chain, sealed, unsealed })) });
  }
}

/** Undefined: the text is not what `printLine` prints of anything, to the byte. */
export function readLine(text: string): ExportLine | undefined {
  try {
    const line = lineOf(JSON.parse(text) as Partial<Plain>);
    return line !== undefined && printLine(line) === text ? line : undefined;
  } catch {
    return undefined;
  }
}

interface Plain {
  readonly head: ExportHead;
  readonly seal: Seal;
  readonly entry: LedgerEntry;
  readonly end: readonly ExportedChain[];
}

function lineOf({ head, seal, entry: plainEntry, end }: Partial<Plain>): ExportLine | undefined {
  const entry = plainEntry?.form === 1 ? { ...plainEntry, visit: NO_VISIT } : plainEntry;
  if (head !== undefined) return { kind: 'head', head };
  if (end !== undefined) return { kind: 'end', chains: end };
  if (seal !== undefined) return { kind: 'place', entry, seal };
  return entry === undefined ? undefined : { kind: 'unsealed', entry };
}

function hashed(content: object): string {
  return JSON.stringify({ ...content, hash: digestOf(utf8(JSON.stringify(content))) });
}

/** Field by field in their order: what has other fields, or another order, is not what was printed. */
function plain(entry: LedgerEntry): Omit<LedgerEntry, 'visit'> & Partial<Pick<LedgerEntry, 'visit'>> {
  return {
    id: entry.id,
    form: entry.form,
    chain: entry.chain,
    kind: entry.kind,
    at: entry.at,
    offer: entry.offer,
    patientMac: entry.patientMac,
    encounterMac: entry.encounterMac,
    orderMac: entry.orderMac,
    target: entry.target,
    savings: entry.savings.map(({ priceItem, fen, source, key }) => ({ priceItem, fen, source, key })),
    catalogueDigest: entry.catalogueDigest,
    results: [...entry.results],
    crossFacility: entry.crossFacility,
    reason: entry.reason,
    countsAsRefusal: entry.countsAsRefusal,
    ...(entry.form === 1 ? {} : { visit: plainVisit(entry.visit) }),
  };
}

function plainVisit({ class: of, drg, payer, split }: LedgerVisit): LedgerVisit {
  const shares = split === null ? null : { patient: split.patient, fund: split.fund, deductible: split.deductible };
  return { class: of, drg, payer, split: shares };
}
