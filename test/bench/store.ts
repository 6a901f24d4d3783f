/**
 * Measures the store beside its yardsticks on one durable PostgreSQL in one run (DESIGN 8): writes of a message
 * beside plain INSERT of the same rows, gather beside a bare prepared lookup and over a growing registry,
 * recorded answers beside single durable inserts.
 */
import { randomUUID } from 'node:crypto';
import postgres from 'postgres';
import type { Decimal } from '../../src/base/decimal.ts';
import type { Store } from '../../src/ports/store.ts';
import { systemClock } from '../../src/runtime/node/clock.ts';
import { openStore } from '../../src/store/open-store.ts';
import type { Bucket } from '../../src/terms/bucket.ts';
import type { ChannelId } from '../../src/terms/channel.ts';
import type { FacilityId } from '../../src/terms/facility.ts';
import type { Instant } from '../../src/terms/instant.ts';
import type { Offer } from '../../src/terms/offer.ts';
import type { PatientRef } from '../../src/terms/patient-link.ts';
import type { ResultEntry } from '../../src/terms/result-entry.ts';
import { startPostgres } from '../support/postgres.ts';
import { testKeys } from '../support/store-kit.ts';
import { type BenchLine, median, perSecond } from './bench-line.ts';

const RESULTS = 10;
const ITEMS = Array.from({ length: RESULTS }, (_, place) => `ITEM${place}`);
const CONNECTIONS = 8;
const AT_ONCE = 16;
const BATCH = 50;
/** Envelope, directory, container and the entries. */
const ROWS_PER_MESSAGE = 3 + RESULTS;
const RAW = new TextEncoder().encode('OBX|1|NM|ALT^丙氨酸氨基转移酶||31.0|U/L|9-50|N|||F\r'.repeat(20));

interface Message {
  readonly patient: PatientRef;
  readonly report: string;
  readonly at: Instant;
  readonly entries: readonly ResultEntry[];
}

type Size = 'short' | 'plain' | 'large';

const MESSAGES: Readonly<Record<Size, number>> = { short: 400, plain: 4_000, large: 8_000 };
/** Results in the registry before and after it grew. */
const GROWTH: Readonly<Record<Size, readonly [number, number]>> = {
  short: [10_000, 40_000],
  plain: [50_000, 500_000],
  large: [100_000, 10_000_000],
};

export async function benchStore(size: Size): Promise<readonly BenchLine[]> {
  const server = await startPostgres({ durable: true });
  const { url } = server;
  const store = await openStore({ url, keys: testKeys, clock: systemClock, lanes: CONNECTIONS, readers: CONNECTIONS });
  const sql = postgres(url, { max: CONNECTIONS, fetch_types: false, onnotice: () => undefined });
  try {
    const lines = [await ingestLine(store, sql, MESSAGES[size])];
    lines.push(...(await readLines(store, sql, MESSAGES[size])), await growthLine(store, sql, GROWTH[size]));
    return lines;
  } finally {
    await store.close();
    await sql.end();
    await server.stop();
  }
}

async function ingestLine(store: Store, sql: postgres.Sql, messages: number): Promise<BenchLine> {
  await ingest(store, makeMessages('warm', 200));
  await plainInsert(sql, makeMessages('warm-plain', 200));
  const own: number[] = [];
  const plain: number[] = [];
  // Turn and turn about, so that neither has the fuller tables or the quieter machine.
  for (let turn = 0; turn < 4; turn++) {
    own.push(await ingest(store, makeMessages(`own-${turn}`, messages / 4)));
    plain.push(await plainInsert(sql, makeMessages(`plain-${turn}`, messages / 4)));
  }
  const mean = (list: readonly number[]): number => list.length / list.reduce((sum, one) => sum + 1 / one, 0);
  return {
    what: 'store: durable writes of a message of ten results, one transaction each',
    unit: 'rows/s',
    ours: mean(own) * ROWS_PER_MESSAGE,
    yardstick: `plain INSERT of the same rows, ${BATCH} messages a transaction`,
    theirs: mean(plain) * ROWS_PER_MESSAGE,
    target: { ratio: 0.5, sense: 'at-least' },
  };
}

async function readLines(store: Store, sql: postgres.Sql, messages: number): Promise<readonly BenchLine[]> {
  await sql`analyze result_entry`;
  const known = makeMessages('own-0', messages / 4).map(({ patient }) => patient);
  const patient = (n: number): PatientRef => known[n % known.length] as PatientRef;
  const [gather, lookup] = [new Array<Rate>(), new Array<Rate>()];
  for (let turn = 0; turn < 3; turn++) {
    gather.push(await rate(messages, (n) => gatherOne(store, patient(n))));
    lookup.push(await rate(messages, (n) => lookupOne(sql, patient(n))));
  }
  const answers = await rate(messages, (n) => answerOne(store, patient(n)));
  const singles = await rate(messages, () => auditOne(sql));
  const middle = (rates: readonly Rate[], of: (one: Rate) => number): number => median(rates.map(of));
  return [
    {
      what: 'store: gather for a ten-item panel',
      unit: 'questions/s',
      ours: middle(gather, ({ perSecond }) => perSecond),
      yardstick: 'bare prepared index lookup of the same rows',
      theirs: middle(lookup, ({ perSecond }) => perSecond),
      target: { ratio: 0.5, sense: 'at-least' },
    },
    {
      what: 'store: gather, 99th percentile',
      unit: 'ms',
      ours: middle(gather, ({ p99 }) => p99),
      yardstick: "the lookup's",
      theirs: middle(lookup, ({ p99 }) => p99),
      target: { ratio: 5, sense: 'at-most' },
    },
    {
      what: 'store: answers with offer and audit durable',
      unit: 'answers/s',
      ours: answers.perSecond,
      yardstick: 'single durable inserts',
      theirs: singles.perSecond,
      target: { ratio: 0.5, sense: 'at-least' },
    },
  ];
}

/** The middle time of a gather, one at a time, before and after the registry grew. */
async function growthLine(store: Store, sql: postgres.Sql, [from, to]: readonly [number, number]): Promise<BenchLine> {
  const patients = Array.from({ length: 500 }, (_, n): PatientRef => {
    const bucket = (n % 1024) as Bucket;
    return { bucket, facility: 'grown' as FacilityId, patient: `grown-${n}` };
  });
  const p50 = async (): Promise<number> => {
    await sql`analyze result_entry`;
    const once = (n: number) => gatherOne(store, patients[n % patients.length] as PatientRef);
    await rate(1_000, once, 1);
    return (await rate(2_000, once, 1)).p50;
  };
  await grow(sql, 0, from);
  const before = await p50();
  await grow(sql, from, to);
  return {
    what: `store: gather, median, ${to.toLocaleString('en')} results`,
    unit: 'ms',
    ours: await p50(),
    yardstick: `${from.toLocaleString('en')} results`,
    theirs: before,
    target: { ratio: 1.3, sense: 'at-most' },
  };
}

/** Patients of ten results each, numbers `from` / 10 to `to` / 10, made inside the database. */
async function grow(sql: postgres.Sql, from: number, to: number): Promise<void> {
  await sql`insert into result_entry (bucket, container, element, version, generation, patient, item, facility, system, code,
      display, effective_start, effective_end, basis, status, value_kind, value, unit, ucum, interpretation, quality_flags,
      production, more_codes, known_from)
    select (n / 10) % 1024, 'grown-report-' || n / 10, 'grown-report-' || n / 10 || '.' || n % 10, 1, 0, 'grown-' || n / 10,
      'ITEM' || n % 10, 'grown', 'urn:example:codes', 'C' || n % 10, 'x', t.at, t.at, 'collected', 'final', 'quantity', '31.0',
      'U/L', 'U/L', '[]', '[]', true, false, t.at
    from generate_series(${from}::int, ${to - 1}::int) n, (select timestamptz '2026-01-01' as at) t`;
}

function makeMessages(prefix: string, count: number): readonly Message[] {
  return Array.from({ length: count }, (_, n) => {
    const facility = `facility-${n % 20}` as FacilityId;
    const bucket = (n % 1024) as Bucket;
    const at = new Date(Date.UTC(2026, 0, 1) + n * 60_000).toISOString() as Instant;
    const report = `${prefix}-report-${n}-abcdefghijkl`;
    const patient = { bucket, facility, patient: `${prefix}-patient-${n}-abcdefghijk` };
    const entries = ITEMS.map((item, place) => entryOf(patient, report, item, place, at));
    return { patient, report, at, entries };
  });
}

function entryOf(patient: PatientRef, report: string, item: string, place: number, at: Instant): ResultEntry {
  return {
    ...patient,
    item,
    system: 'urn:example:codes',
    code: `C${place}`,
    display: '丙氨酸氨基转移酶',
    effectiveStart: at,
    effectiveEnd: at,
    basis: 'collected',
    status: 'final',
    value: { kind: 'quantity', value: `3${place}.0` as Decimal, unit: 'U/L', ucum: 'U/L' },
    referenceText: '9-50',
    interpretation: [],
    specimen: 'serum',
    qualityFlags: [],
    production: true,
    container: report,
    element: `${report}.${place}abcdefgh`,
    version: 1,
    knownFrom: at,
    knownTo: null,
  };
}

function elementsOf({ report, entries, at }: Message) {
  const observation = (entry: ResultEntry) => ({
    resourceType: 'Observation',
    id: entry.element,
    status: 'final',
    code: { coding: [{ system: entry.system, code: entry.code, display: entry.display }] },
    subject: { reference: `Patient/${entry.patient}` },
    effectiveDateTime: entry.effectiveStart,
    valueQuantity: { value: '31.0', unit: 'U/L', system: 'http://unitsofmeasure.org', code: 'U/L' },
    referenceRange: [{ text: '9-50' }],
  });
  return [
    { key: '', version: 1, statedAt: at, resource: { resourceType: 'DiagnosticReport', id: report, status: 'final' } },
    ...entries.map((entry) => ({ key: entry.code, version: 1, statedAt: at, resource: observation(entry) })),
  ];
}

/** Messages a second, each answered after its commit, through the operations that the path uses. */
async function ingest(store: Store, messages: readonly Message[]): Promise<number> {
  return (await rate(messages.length, (n) => ingestOne(store, messages[n] as Message))).perSecond;
}

async function ingestOne(store: Store, message: Message): Promise<void> {
  const { patient, report, at, entries } = message;
  const { bucket, facility } = patient;
  const envelope = {
    id: randomUUID(),
    facility,
    channel: 'channel' as ChannelId,
    receivedAt: at,
    format: 'hl7v2' as const,
    bytes: RAW,
    digest: `digest-${report}`,
    controlMac: `control-${report}`,
    test: false,
  };
  await store.transaction(async (tx) => {
    await tx.seenBefore(envelope);
    await tx.insertEnvelope(envelope);
    await tx.claim([{ facility, kind: 'report', mac: `mac-${report}-abcdefghijklmnop`, bucket, id: report }]);
    await tx.writeContainers([
      {
        kind: 'report',
        bucket,
        id: report,
        version: 1,
        facility,
        patient: patient.patient,
        elements: elementsOf(message),
        knownFrom: at,
        envelope: envelope.id,
      },
    ]);
    await tx.insertEntries(entries);
    await tx.finishEnvelope(envelope.id, {
      outcome: 'stored',
      problems: [],
      ack: RAW.subarray(0, 80),
      resultsIn: RESULTS,
      resultsStored: RESULTS,
    });
  });
}

/** The same rows by plain multi-row INSERT, `BATCH` messages a transaction. Messages a second. */
async function plainInsert(sql: postgres.Sql, messages: readonly Message[]): Promise<number> {
  const batches = Array.from({ length: Math.ceil(messages.length / BATCH) }, (_, n) =>
    messages.slice(n * BATCH, (n + 1) * BATCH),
  );
  const done = await rate(batches.length, (n) => plainBatch(sql, batches[n] ?? []), CONNECTIONS);
  return (done.perSecond * messages.length) / batches.length;
}

async function plainBatch(sql: postgres.Sql, batch: readonly Message[]): Promise<void> {
  const envelopes = batch.map(({ patient, report, at }) => ({
    id: randomUUID(),
    facility: patient.facility,
    channel: 'channel',
    received_at: at,
    format: 'hl7v2',
    digest: `digest-${report}`,
    control_mac: `control-${report}`,
    test: false,
    key_id: 'k',
    content: RAW,
    outcome: 'stored',
    ack: RAW.subarray(0, 80),
    problems: '[]',
    problem_count: 0,
    results_in: RESULTS,
    results_stored: RESULTS,
    receipts: 1,
  }));
  const rows = batch.map(({ patient, report }) => ({
    facility: patient.facility,
    kind: 'report',
    mac: `mac-${report}-abcdefghijklmnop`,
    bucket: patient.bucket,
    id: report,
    head_version: 1,
  }));
  const containers = batch.map((message) => ({
    bucket: message.patient.bucket,
    id: message.report,
    version: 1,
    kind: 'report',
    facility: message.patient.facility,
    patient: message.patient.patient,
    known_from: message.at,
    envelope: 'e',
    content: JSON.stringify({ elements: elementsOf(message) }),
  }));
  const entries = batch.flatMap((message) => message.entries.map(plainEntry));
  await sql.begin((tx) => [
    tx`insert into envelope ${tx(envelopes)}`,
    tx`insert into directory ${tx(rows)}`,
    tx`insert into container ${tx(containers)}`,
    tx`insert into result_entry ${tx(entries)}`,
  ]);
}

function plainEntry(entry: ResultEntry) {
  const value = entry.value.kind === 'quantity' ? entry.value : undefined;
  return {
    bucket: entry.bucket,
    container: entry.container,
    element: entry.element,
    version: 1,
    generation: 0,
    patient: entry.patient,
    item: entry.item,
    facility: entry.facility,
    system: entry.system,
    code: entry.code,
    display: entry.display,
    effective_start: entry.effectiveStart,
    effective_end: entry.effectiveEnd,
    basis: entry.basis,
    status: entry.status,
    value_kind: 'quantity',
    value: value?.value ?? '',
    unit: 'U/L',
    ucum: 'U/L',
    reference_text: '9-50',
    interpretation: '[]',
    specimen: 'serum',
    quality_flags: '[]',
    production: true,
    more_codes: false,
    known_from: entry.knownFrom,
  };
}

async function gatherOne(store: Store, patient: PatientRef): Promise<void> {
  const found = await store.read.candidates({
    pairs: [patient],
    items: ITEMS,
    since: '2020-01-01T00:00:00.000Z' as Instant,
    limit: 2_000,
  });
  if (found.length !== RESULTS) throw new Error('gather did not find what was stored');
}

/** The bare lookup: the same rows and columns by the same index, prepared, through the same driver. */
async function lookupOne(sql: postgres.Sql, { bucket, patient }: PatientRef): Promise<void> {
  const rows =
    await sql`select * from result_entry where bucket = ${bucket} and patient = ${patient} and known_to is null`;
  if (rows.length !== RESULTS) throw new Error('the lookup did not find what was stored');
}

async function answerOne(store: Store, patient: PatientRef): Promise<void> {
  const at = systemClock.now();
  const offer: Offer = {
    id: randomUUID(),
    at,
    facility: patient.facility,
    patient,
    encounterMac: 'e',
    orderMac: 'o',
    catalogueDigest: 'c',
    decision: { key: 'a', verdict: 'recognise', coverage: 'full', missing: [], items: [] },
  };
  const audit = {
    id: randomUUID(),
    at,
    facility: patient.facility,
    actor: 'channel',
    action: 'check',
    patientMac: 'p',
    encounterMac: 'e',
    purpose: 'treatment',
    outcome: 'success',
    detail: '',
  } as const;
  await store.recordAnswer({ audit: [audit], offers: [offer], entries: [] });
}

async function auditOne(sql: postgres.Sql): Promise<void> {
  const at = systemClock.now();
  await sql`insert into audit_event (id, at, facility, actor, action, patient_mac, encounter_mac, purpose, outcome, detail, resource)
    values (${randomUUID()}, ${at}, 'f', 'channel', 'check', 'p', 'e', 'treatment', 'success', '', '')`;
}

interface Rate {
  readonly perSecond: number;
  readonly p50: number;
  readonly p99: number;
}

/** Runs `count` of something, `atOnce` at a time: how many a second, and how long one takes in milliseconds. */
async function rate(count: number, one: (n: number) => Promise<void>, atOnce = AT_ONCE): Promise<Rate> {
  const times: number[] = [];
  const timed = async (n: number): Promise<void> => {
    const begun = performance.now();
    await one(n);
    times.push(performance.now() - begun);
  };
  const all = await perSecond(count, atOnce, timed);
  times.sort((a, b) => a - b);
  const at = (share: number): number => times[Math.floor(times.length * share)] ?? 0;
  return { perSecond: all, p50: at(0.5), p99: at(0.99) };
}
