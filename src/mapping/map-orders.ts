/**
 * Order messages (OML^O21, OMG^O19, ORM^O01; v2.5.1 4.4) → who the patient is, the visit, and what is ordered. ORC and OBR
 * stand in pairs, the ORC first; an order without ORC is new. Everything else of the message is the laboratory's.
 */
import type { Problem } from '../base/problem.ts';
import type { IdentityFacts } from '../terms/mapped.ts';
import type { Hl7Message } from '../terms/parsed/hl7v2.ts';
import type { Order } from '../terms/question.ts';
import type { Visit } from '../terms/visit.ts';
import { mapPatient } from './map-patient.ts';
import { Reading } from './reading.ts';
import { type MapContext, Run } from './run.ts';

export interface MappedOrders {
  /** Undefined: the message names nobody. */
  readonly patient: IdentityFacts | undefined;
  readonly encounter: string | undefined;
  readonly practitioner: string | undefined;
  readonly visit: Visit | undefined;
  readonly orders: readonly MappedOrder[];
  readonly problems: readonly Problem[];
}

export interface MappedOrder {
  /** The placer's number (ORC-2, else OBR-2), else the order's place. */
  readonly key: string;
  /** `place`: to be asked about; `cancel`: told as cancelled; `other`: neither (status, hold, …). */
  readonly act: 'place' | 'cancel' | 'other';
  readonly order: Order | undefined;
  /** Fields as the sender wrote them, to be echoed. */
  readonly placer: string;
  readonly code: string;
  readonly at: string;
}

/** ORC-1, HL7 table 0119: new and replacing orders, and what takes one back. */
const PLACES: ReadonlySet<string> = new Set(['', 'NW', 'RO', 'XO', 'XR', 'RP', 'SN', 'PR', 'CH']);
const CANCELS: ReadonlySet<string> = new Set(['CA', 'DC', 'OC', 'OD', 'UA']);

/** HL7 table 0078 of OBR-27.6 and TQ1-9, and what laboratories write instead. */
const PRIORITIES: Readonly<Record<string, Order['priority'] & string>> = {
  S: 'stat',
  STAT: 'stat',
  A: 'asap',
  ASAP: 'asap',
  U: 'urgent',
  P: 'urgent',
  R: 'routine',
};

/** HL7 table 0004, patient class. */
const CLASSES: Readonly<Record<string, Visit['class'] & string>> = { O: 'outpatient', E: 'emergency', I: 'inpatient' };

/** Never throws. */
export function mapOrders(message: Hl7Message, context: MapContext): MappedOrders {
  const run = new Run(context);
  const readings = message.segments.map((segment) => new Reading(segment, message.delimiters));
  const first = (name: string): Reading | undefined => readings.find((reading) => reading.name === name);
  const pid = first('PID');
  const pv1 = first('PV1');
  const draft =
    pid === undefined
      ? undefined
      : mapPatient(
          {
            pid,
            pd1: first('PD1'),
            relatives: [],
            notes: [],
            participations: [],
            visits: [],
            orders: [],
            specimens: [],
          },
          run,
        );
  if (draft === undefined) run.problem('mapping/order-without-patient', 'error', pid?.where() ?? 'PID');
  const orders = ordersOf(readings, run);
  if (orders.length === 0) run.problem('mapping/no-order', 'error', 'OBR');
  return {
    patient: draft?.facts,
    encounter: pv1?.part(19, 1, 0, 1),
    practitioner: first('ORC')?.part(12, 1, 0, 1) ?? first('OBR')?.part(16, 1, 0, 1),
    visit: pv1 === undefined ? undefined : visitOf(pv1),
    orders,
    problems: run.allProblems(),
  };
}

/** A code of the visit that is none of ours is left out: figures hold codes only. */
function visitOf(pv1: Reading): Visit | undefined {
  const of = CLASSES[pv1.part(2, 1, 0, 1)?.toUpperCase() ?? ''];
  const specialty = pv1.part(10, 1, 0, 1);
  const isCode = specialty !== undefined && /^[A-Za-z0-9._-]{1,40}$/.test(specialty);
  const visit = { ...(of === undefined ? {} : { class: of }), ...(isCode ? { specialty } : {}) };
  return Object.keys(visit).length === 0 ? undefined : visit;
}

function ordersOf(readings: readonly Reading[], run: Run): readonly MappedOrder[] {
  const orders: MappedOrder[] = [];
  let orc: Reading | undefined;
  let timing: Reading | undefined;
  for (const [index, reading] of readings.entries()) {
    if (reading.name === 'ORC') [orc, timing] = [reading, undefined];
    else if (reading.name === 'TQ1') timing = reading;
    else if (reading.name === 'OBR') {
      timing ??= timingBehind(readings, index);
      orders.push(orderOf({ orc, obr: reading, timing }, orders.length + 1, run));
      [orc, timing] = [undefined, undefined];
    }
  }
  return orders;
}

/** TQ1 may follow its OBR too (v2.5.1 4.4.6, OBSERVATION_REQUEST). */
function timingBehind(readings: readonly Reading[], obr: number): Reading | undefined {
  const next = readings[obr + 1];
  return next?.name === 'TQ1' ? next : undefined;
}

function orderOf(
  {
    orc,
    obr,
    timing,
  }: { readonly orc: Reading | undefined; readonly obr: Reading; readonly timing: Reading | undefined },
  place: number,
  run: Run,
): MappedOrder {
  const control = orc?.part(1, 1, 0, 1)?.toUpperCase() ?? '';
  const act = PLACES.has(control) ? 'place' : CANCELS.has(control) ? 'cancel' : 'other';
  if (act === 'other') run.problem('mapping/order-control', 'warning', orc?.at(1) ?? obr.where());
  const key = orc?.part(2, 1, 0, 1) ?? obr.part(2, 1, 0, 1) ?? String(place);
  const code = obr.part(4, 1, 0, 1);
  const alternate = obr.part(4, 1, 0, 4);
  const stated = code ?? alternate;
  if (stated === undefined) run.problem('mapping/order-without-code', 'error', obr.at(4));
  const priority =
    timing?.part(9, 1, 0, 1) ?? obr.part(27, 1, 0, 6) ?? obr.part(5, 1, 0, 1) ?? orc?.part(7, 1, 0, 6) ?? '';
  const urgency = PRIORITIES[priority.toUpperCase()];
  return {
    key,
    act,
    order:
      stated === undefined
        ? undefined
        : {
            key,
            ...coded(
              stated,
              obr.part(4, 1, 0, code === undefined ? 6 : 3),
              obr.part(4, 1, 0, code === undefined ? 5 : 2),
            ),
            ...(code === undefined || alternate === undefined
              ? {}
              : { alternatives: [coded(alternate, obr.part(4, 1, 0, 6))] }),
            ...(urgency === undefined ? {} : { priority: urgency }),
          },
    placer: orc?.raw(2) || obr.raw(2),
    code: obr.raw(4),
    at: obr.where(),
  };
}

/** LN is LOINC (HL7 table 0396); any other system is the facility's own. */
function coded(code: string, system: string | undefined, display?: string) {
  const isLoinc = system?.toUpperCase() === 'LN' || system?.toUpperCase() === 'LOINC';
  return { system: isLoinc ? 'http://loinc.org' : '', code, ...(display === undefined ? {} : { display }) };
}
