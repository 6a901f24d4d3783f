/**
 * The operations of one transaction. What writes is sent without waiting: its failure fails the
 * transaction, and all of a message's writes share one round trip with the commit.
 */
import type { DirectoryRow, StoreTx } from '../ports/store.ts';
import type { ContainerKind } from '../terms/container.ts';
import type { TxSession } from './driver/database.ts';
import { insertAudit } from './operations/audit.ts';
import { noteUnmapped } from './operations/codes.ts';
import { insertContainers, readHeads } from './operations/containers.ts';
import type { StoreContext } from './operations/context.ts';
import { claim, type DirectoryMemory, moveHeads } from './operations/directory.ts';
import { insertEntries, reindex, retireEntries } from './operations/entries.ts';
import * as envelopes from './operations/envelopes.ts';
import * as identity from './operations/identity.ts';
import { enqueue } from './operations/jobs.ts';
import { appendLedger, entriesOf, savedKeys } from './operations/ledger.ts';
import { insertReply, readOffer, repliesOf } from './operations/offers.ts';
import { readResources, writeResources } from './operations/resources.ts';

export function createStoreTx(tx: TxSession, context: StoreContext, memory: DirectoryMemory): StoreTx {
  const containers = createContainerWriter(tx, memory);
  return {
    ...containers,
    seenBefore: (key) => envelopes.seenBefore(tx, key),
    insertEnvelope: async (envelope) => envelopes.insertEnvelope(tx, context, envelope),
    finishEnvelope: async (id, answer) => envelopes.finishEnvelope(tx, id, answer),
    readEnvelope: (id) => envelopes.readEnvelope(tx, context, id),
    readHeads: (refs) => readHeads(tx, refs),
    readResources: (refs) => readResources(tx, context, refs),
    writeResources: async (resources, at) => writeResources(tx, context, resources, at),
    retireEntries: async (elements, at) => retireEntries(tx, elements, at),
    patientsByIdentifier: (mac) => identity.patientsByIdentifier(tx, mac),
    writeIdentifiers: async (patient, rows) => identity.writeIdentifiers(tx, patient, rows),
    linksOf: (patient) => identity.linksOf(tx, patient),
    membersOf: (person) => identity.membersOf(tx, person),
    openLink: async (link) => identity.openLink(tx, link),
    closeLink: async (patient, person, to, by) => identity.closeLink(tx, { patient, person, to, by }),
    queueIdentity: async (item) => identity.queueIdentity(tx, item),
    identityHistory: (patient) => identity.identityHistory(tx, patient),
    closeIdentityItems: async (patient, at) => identity.closeIdentityItems(tx, patient, at),
    setOptOut: async (patient, optOut, at) => identity.setOptOut(tx, patient, optOut, at),
    optedOut: (patients) => identity.optedOut(tx, patients),
    noteUnmapped: async (codes, at) => noteUnmapped(tx, codes, at),
    reindex: (change) => reindex(tx, change, context.clock.now()),
    readOffer: (id) => readOffer(tx, id),
    repliesOf: (offer) => repliesOf(tx, offer),
    insertReply: async (reply) => insertReply(tx, reply),
    entriesOf: (offer) => entriesOf(tx, offer),
    savedKeys: (keys) => savedKeys(tx, keys),
    appendLedger: async (entries) => appendLedger(tx, entries),
    insertAudit: async (events) => insertAudit(tx, events),
    enqueue: async (job) => enqueue(tx, job),
  };
}

/** Claims, containers and entries know of each other: heads move by the claimed row, first entries need no look. */
function createContainerWriter(
  tx: TxSession,
  memory: DirectoryMemory,
): Pick<StoreTx, 'claim' | 'writeContainers' | 'insertEntries'> {
  const claimed = new Map<string, DirectoryRow>();
  const untouched = new Set<string>();
  return {
    claim: async (claims) => {
      const rows = await claim(tx, memory, claims);
      for (const row of rows) {
        claimed.set(keyOf(row), row);
        if (row.headVersion === 0) untouched.add(row.id);
      }
      return rows;
    },
    writeContainers: async (versions) => {
      insertContainers(tx, versions);
      const heads = new Map<string, { facility: string; kind: string; mac: string; headVersion: number }>();
      for (const version of versions) {
        const row = claimed.get(keyOf(version));
        if (row === undefined)
          throw new Error('a container is written whose directory row was not claimed in its transaction');
        const { facility, kind, mac } = row;
        const headVersion = Math.max(version.version, heads.get(row.id)?.headVersion ?? 0);
        heads.set(row.id, { facility, kind, mac, headVersion });
      }
      moveHeads(tx, [...heads.values()]);
    },
    insertEntries: async (entries) => {
      insertEntries(tx, entries, (container) => !untouched.has(container));
      for (const { container } of entries) untouched.delete(container);
    },
  };
}

function keyOf({ kind, id }: { kind: ContainerKind | DirectoryRow['kind']; id: string }): string {
  return `${kind} ${id}`;
}
