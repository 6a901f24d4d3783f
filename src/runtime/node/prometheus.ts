/** The meter over prom-client, in a registry of its own: Prometheus' text format 0.0.4. */
import { setTimeout as delay } from 'node:timers/promises';
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { Exposition, Meter } from '../../ports/meter.ts';
import type { Backlog } from '../../ports/store-reads.ts';

/** Seconds; a card is wanted within a tenth. */
const BUCKETS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
/** A database that says nothing for so long is down to whoever scrapes; Prometheus itself gives up after 10 s. */
const PATIENCE_MS = 3_000;
const METHODS = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);

export interface Prometheus {
  readonly meter: Meter;
  readonly exposition: Exposition;
}

/** What is true of the process is measured once, however many gateways it holds: its histogram of the event loop never ends. */
let ofProcess: Registry | undefined;

function processRegistry(): Registry {
  if (ofProcess === undefined) {
    ofProcess = new Registry();
    collectDefaultMetrics({ register: ofProcess });
  }
  return ofProcess;
}

export function createPrometheus(): Prometheus {
  const registry = new Registry();
  const meter = createMeter(registry);
  const gauges = createGauges(registry);
  const printed = Registry.merge([registry, processRegistry()]);
  return {
    meter,
    exposition: {
      contentType: registry.contentType,
      async print(backlog) {
        gauges.set(await Promise.race([backlog, delay(PATIENCE_MS, undefined, { ref: false })]));
        return printed.metrics();
      },
    },
  };
}

function createMeter(registry: Registry): Meter {
  const registers = [registry];
  const requests = new Histogram({
    name: 'concord_http_request_duration_seconds',
    help: 'Requests answered, by method, pattern of the route and status.',
    labelNames: ['method', 'route', 'status'],
    buckets: BUCKETS,
    registers,
  });
  const messages = new Counter({
    name: 'concord_messages_total',
    help: 'HL7 v2 messages answered, by kind of channel and acknowledgement code.',
    labelNames: ['door', 'code'],
    registers,
  });
  const resends = new Counter({
    name: 'concord_message_resends_total',
    help: 'Messages that came again and were answered as before.',
    registers,
  });
  const results = new Counter({
    name: 'concord_results_total',
    help: 'Results of new messages, stored or told as a problem.',
    labelNames: ['fate'],
    registers,
  });
  const decisions = new Counter({
    name: 'concord_decisions_total',
    help: 'Orders judged, by verdict.',
    labelNames: ['verdict'],
    registers,
  });
  const faults = new Counter({
    name: 'concord_faults_total',
    help: 'Faults of the gateway, by the code that stands in its log.',
    labelNames: ['code'],
    registers,
  });
  return {
    request() {
      const end = requests.startTimer();
      return ({ method, route, status }) => {
        end({ method: METHODS.has(method) ? method : 'OTHER', route, status: String(status) });
      };
    },
    message({ door, code, resend, resultsIn, resultsStored }) {
      messages.inc({ door, code });
      if (resend) {
        resends.inc();
        return;
      }
      results.inc({ fate: 'stored' }, resultsStored);
      results.inc({ fate: 'problem' }, resultsIn - resultsStored);
    },
    decision: (verdict) => decisions.inc({ verdict }),
    fault: (code) => faults.inc({ code }),
  };
}

/** What the database says when it is scraped. */
function createGauges(registry: Registry): { set(backlog: Backlog | undefined): void } {
  const gauge = <L extends string>(name: string, help: string, labelNames: readonly L[] = []): Gauge<L> =>
    new Gauge({ name, help, labelNames, registers: [registry] });
  const up = gauge('concord_database_up', 'Whether the database could be read just now.');
  const due = gauge('concord_jobs_due', 'Jobs that are due, by kind.', ['kind']);
  const oldest = gauge('concord_jobs_oldest_due_timestamp_seconds', 'When the oldest job of a kind became due.', [
    'kind',
  ]);
  const unsealed = gauge('concord_ledger_unsealed', 'Ledger entries that wait for their seal.');
  const waiting = gauge('concord_waiting', 'What waits for a person, by queue.', ['queue']);
  return {
    set(backlog) {
      up.set(backlog === undefined ? 0 : 1);
      for (const one of [due, oldest, unsealed, waiting]) one.reset();
      if (backlog === undefined) {
        unsealed.remove();
        return;
      }
      for (const job of backlog.jobs) {
        due.set({ kind: job.kind }, job.due);
        oldest.set({ kind: job.kind }, Date.parse(job.oldestDue) / 1000);
      }
      unsealed.set(backlog.unsealed.count);
      waiting.set({ queue: 'quarantined' }, backlog.quarantined);
      waiting.set({ queue: 'identity' }, backlog.identitiesOpen);
      waiting.set({ queue: 'break-glass' }, backlog.glassesOpen);
      waiting.set({ queue: 'dead-deliveries' }, backlog.deliveriesDead);
    },
  };
}
