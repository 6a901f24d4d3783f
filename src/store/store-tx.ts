/**
 * The operations of one transaction. What writes is sent without waiting: its failure fails the
 * transaction, and all of a message's writes share one round trip with the commit.
 */
import type { DirectoryRow, StoreTx } from '../ports/store-tx.ts';
import type { ContainerKind } from '../terms/container.ts';
import type { TxSession } from './driver/database.ts';
import { insertAudit } from './operations/audit.ts';
import { openGlass } from './operations/break-glass.ts';
import { noteUnmapped } from './operations/codes.ts';
import { insertContainers, readHeads, readRecordingsNear } from './operations/containers.ts';
import type { StoreContext } from './operations/context.ts';
import { claim, type DirectoryMemory, FIRST_VERSION, isContainerKind, moveHeads } from './operations/directory.ts';
import { insertEntries, reindex, retireEntries } from './operations/entries.ts';
import { createEnvelopeWriter } from './operations/envelopes.ts';
import * as identity from './operations/identity.ts';
import { insertDelivery, reviveDelivery } from './operations/deliveries.ts';
import { enqueue, finishJob } from './operations/jobs.ts';
import { appendLedger, entriesOf, savedKeys } from './operations/ledger.ts';
import { readAndLock, readOfPatients } from './operations/fhir-reads.ts';
import { noteKnownOrders } from './operations/known-orders.ts';
import { insertNotices, isReliedOn, openEntries } from './operations/notices.ts';
import { performed } from './operations/performed.ts';
import { insertReply, readOffer, repliesOf } from './operations/offers.ts';
import { findByIdentifier, writeResourceIdentifiers } from './operations/resource-identifiers.ts';
import { readResources, writeResources } from './operations/resources.ts';

export function createStoreTx(tx: TxSession, context: StoreContext, memory: DirectoryMemory): StoreTx {
  return {
    ...createEnvelopeWriter(tx, context),
    ...createContainerWriter(tx, memory),
    readHeads: (refs) => readHeads(tx, refs),
    recordingsNear: (query) => readRecordingsNear(tx, query),
    readResources: (refs) => readResources(tx, context, refs),
    writeResources: async (resources, from) => writeResources(tx, context, resources, from),
    consentsOf: (patients, limit) => readOfPatients(tx, context, { patients, types: ['Consent'], limit }),
    readPlaces: (places) => readAndLock(tx, context, places),
    writeResourceIdentifiers: async (rows) => writeResourceIdentifiers(tx, rows),
    findByIdentifier: (query) => findByIdentifier(tx, query),
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
    noteUnmapped: async (codes) => noteUnmapped(tx, codes),
    reindex: (changes) => reindex(tx, changes, context.clock.now()),
    performed: (query) => performed(tx, query),
    readOffer: (id) => readOffer(tx, context, id),
    repliesOf: (offer) => repliesOf(tx, offer),
    insertReply: async (reply) => insertReply(tx, reply),
    entriesOf: (offer) => entriesOf(tx, offer),
    noteKnownOrders: async (orders) => noteKnownOrders(tx, orders),
    isReliedOn: (reports) => isReliedOn(tx, reports),
    openEntries: (elements) => openEntries(tx, elements),
    insertNotices: (notices) => insertNotices(tx, context, notices),
    savedKeys: (keys) => savedKeys(tx, keys),
    appendLedger: async (entries) => appendLedger(tx, entries),
    openGlass: (glass, bound) => openGlass(tx, context, glass, bound),
    insertAudit: async (events) => insertAudit(tx, context, events),
    insertDelivery: async (delivery) => insertDelivery(tx, delivery),
    reviveDelivery: async (id, at) => reviveDelivery(tx, id, at),
    finishJob: (job) => finishJob(tx, job),
    enqueue: async (job) => enqueue(tx, job),
  };
}

/**
 * Claims, containers and entries know of each other. A container's row is claimed with the head that its
 * first version will have; the few that get none are set right before the commit.
 */
function createContainerWriter(
  tx: TxSession,
  memory: DirectoryMemory,
): Pick<StoreTx, 'claim' | 'writeContainers' | 'insertEntries'> {
  const claimed = new Map<string, DirectoryRow>();
  /** Rows of this transaction without a version yet. */
  const unwritten = new Map<string, DirectoryRow>();
  /** Containers without entries yet. */
  const untouched = new Set<string>();
  tx.beforeCommit(() =>
    moveHeads(
      tx,
      [...unwritten.values()].map((row) => ({ ...row, headVersion: 0 })),
    ),
  );
  return {
    claim: async (claims) => {
      const rows = await claim(tx, memory, claims);
      return rows.map((row) => {
        const key = keyOf(row);
        if (row.fresh && isContainerKind(row.kind)) unwritten.set(key, row);
        const answer = unwritten.has(key) ? { ...row, headVersion: 0 } : row;
        claimed.set(key, answer);
        if (answer.headVersion === 0) untouched.add(answer.id);
        return answer;
      });
    },
    writeContainers: async (versions) => {
      insertContainers(tx, versions);
      const heads = new Map<string, DirectoryRow>();
      for (const version of versions) {
        const key = keyOf(version);
        const row = claimed.get(key);
        if (row === undefined) throw new Error('a container is written whose directory row was not claimed before');
        const headVersion = Math.max(version.version, heads.get(key)?.headVersion ?? 0);
        heads.set(key, { ...row, headVersion });
      }
      moveHeads(
        tx,
        [...heads]
          .filter(([key, { headVersion }]) => headVersion !== FIRST_VERSION || !unwritten.has(key))
          .map(([, row]) => row),
      );
      for (const key of heads.keys()) unwritten.delete(key);
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
