/**
 * `npm run prove:region [-- --short]`: the events of a large region alone, 50 facilities and 200,000 people, an order each: what
 * was asked, offered, answered and became of it. The month's figures and the page's must be those that were written, the chains
 * must hold, and the export must be verified without the database.
 */
import { exportLedger } from '../../src/gateway/export-ledger.ts';
import { reportMonth } from '../../src/gateway/month-report.ts';
import { sealChains } from '../../src/gateway/seal-ledger.ts';
import { verifyLedger } from '../../src/gateway/verify-ledger.ts';
import { createExportVerifier } from '../../src/ledger/verify-export.ts';
import type { AskedOrder } from '../../src/terms/asked-order.ts';
import type { Bucket } from '../../src/terms/bucket.ts';
import type { FacilityId } from '../../src/terms/facility.ts';
import type { Instant } from '../../src/terms/instant.ts';
import type { LedgerEntry, LedgerKind } from '../../src/terms/ledger-entry.ts';
import type { Offer } from '../../src/terms/offer.ts';
import type { PatientRef } from '../../src/terms/patient-link.ts';
import { expectOk, openWorld } from '../support/gateway.ts';
import { startPostgres } from '../support/postgres.ts';
import { openSql } from '../support/sql.ts';
import { ledgerEntry, offer as offerOf } from '../store/contract/kit.ts';

const SHORT = process.argv.includes('--short');
const PEOPLE = SHORT ? 5_000 : 200_000;
const FACILITIES = 50;
const BATCH = 500;
const FEN = 480;
const START = Date.parse('2026-03-01T00:00:00Z');
const MONTH_MS = 29 * 86_400_000;

/** By the last digit of a person's number, what the doctor did and what became of it. */
const STORIES: readonly (readonly LedgerKind[])[] = [
  ...Array.from({ length: 5 }, () => ['accepted', 'settled'] as const),
  ['accepted', 'reversed'],
  ['refused'],
  ['accepted', 'revoked'],
  [],
  [],
];

const truth = { accepted: 0, refused: 0, unanswered: 0, grossFen: 0, reversedFen: 0, settledFen: 0 };
const lap = createLap();

const server = await startPostgres();
const world = await openWorld({ name: 'PostgreSQL', url: server.url, close: () => server.stop() });
const sql = openSql(server.url);
const { store } = world;
for (let start = 0; start < PEOPLE; start += BATCH) await write(start, Math.min(start + BATCH, PEOPLE));
lap(`${PEOPLE} orders of ${FACILITIES} facilities written`);
world.clock.turnTo('2026-04-01T00:00:00Z');
lap(`${await sealChains(world.gateway)} entries sealed`);
// As PostgreSQL does by itself after a while.
await sql`analyze`;
const report = expectOk(await reportMonth(world.gateway, { month: '2026-03' }));
lap(`month told: ${report.lines.length} lines`);
const verified = await verifyLedger(world.gateway, { running: true });
lap(`chains verified: ${verified.ok ? 'hold' : 'BROKEN'}`);
const verifier = createExportVerifier({});
for await (const lines of exportLedger(world.gateway))
  for (const line of lines.split('\n')) if (line !== '') verifier.take(line);
const exported = verifier.report();
lap(`export of ${exported.lines} lines verified: ${exported.ok ? 'holds' : 'BROKEN'}`);
const counts = await store.read.counts();
const right =
  verified.ok &&
  exported.ok &&
  report.totals.asked === PEOPLE &&
  report.coverage.asking === FACILITIES &&
  Object.entries(truth).every(([name, value]) => report.totals[name as keyof typeof truth] === value) &&
  counts.savedFen === truth.grossFen &&
  counts.reversedFen === truth.reversedFen;
console.log(
  `${right ? 'right' : 'WRONG'}: ${JSON.stringify(truth)}; memory ${Math.round(process.memoryUsage().rss / 2 ** 20)} MiB`,
);
await sql.end();
await world.close();
await server.stop();
process.exitCode = right ? 0 : 1;

/** Each person of a facility of its own turn, an offer, and what came of it. */
async function write(from: number, until: number): Promise<void> {
  const people = Array.from({ length: until - from }, (_, index) => personOf(from + index));
  await store.recordAnswer({
    audit: [],
    offers: people.map(({ offer }) => offer),
    entries: people.map(({ offer, patient }) => entryOf(offer, patient, 'offered')),
    asked: people.map(({ offer, patient }) => askedOf(offer, patient)),
  });
  await store.transaction(async (tx) => {
    for (const step of [0, 1])
      await tx.appendLedger(
        people.flatMap(({ offer, patient, story }) => {
          const kind = story[step];
          return kind === undefined ? [] : [entryOf(offer, patient, kind)];
        }),
      );
  });
}

function personOf(number: number) {
  const facility = `f${String(number % FACILITIES).padStart(2, '0')}` as FacilityId;
  const patient: PatientRef = { bucket: (number % 1024) as Bucket, patient: `p${number}`, facility };
  const at = new Date(START + Math.floor((number * MONTH_MS) / PEOPLE)).toISOString() as Instant;
  const offer: Offer = { ...offerOf(patient, at), encounterMac: `e${number}` };
  const story = STORIES[number % STORIES.length] ?? [];
  const last = story.includes('revoked') ? 'unanswered' : story[0] === 'accepted' ? 'accepted' : story[0];
  if (last === 'accepted') {
    truth.accepted++;
    truth.grossFen += FEN;
    if (story[1] === 'reversed') truth.reversedFen += FEN;
    if (story[1] === 'settled') truth.settledFen += FEN;
  } else if (last === 'refused') truth.refused++;
  else truth.unanswered++;
  return { offer, patient, story };
}

function entryOf(offer: Offer, { patient }: PatientRef, kind: LedgerKind): LedgerEntry {
  const saves = kind === 'accepted' || kind === 'settled' || kind === 'reversed';
  return ledgerEntry(offer, kind, {
    patientMac: patient,
    savings: saves ? [{ priceItem: 'P-K', fen: FEN, source: 'prove', key: `saving ${patient}` }] : [],
    ...(kind === 'refused' ? { reason: '01', countsAsRefusal: true } : {}),
  });
}

function askedOf(offer: Offer, patient: PatientRef): AskedOrder {
  const { at, facility, encounterMac, orderMac, catalogueDigest, id } = offer;
  const asker = { id: facility, name: facility, level: 2, area: '990101', alliances: [] } as const;
  return {
    id: `asked ${id}`,
    at,
    facility,
    target: offer.decision.target ?? '',
    verdict: 'recognise',
    coverage: 'full',
    patientMac: patient.patient,
    encounterMac,
    orderMac,
    offer: id,
    patient,
    catalogueDigest,
    practitionerMac: '',
    inputs: {
      legal: { encounter: 'known', optedOut: false },
      circumstances: {},
      beside: [],
      patients: [patient],
      asker,
      facilities: [asker],
      others: [],
      regionZone: 'Asia/Shanghai',
    },
  };
}

function createLap(): (what: string) => void {
  let last = performance.now();
  return (what) => {
    console.log(`${((performance.now() - last) / 1000).toFixed(1).padStart(7)} s  ${what}`);
    last = performance.now();
  };
}
