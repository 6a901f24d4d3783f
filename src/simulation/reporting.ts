/**
 * From a visit to its messages: what the laboratory measured, in which messages it goes out, and what happens to
 * them afterwards: preliminary then final, corrected, retracted, resent, late, malformed.
 */
import type { SimulatedFacility } from './facilities.ts';
import { writeLabMessage } from './lab-message.ts';
import type { Flaw, LabMessage, LabReport, ReportLine } from './lab-message.ts';
import { panel } from './panels.ts';
import { measure } from './physiology.ts';
import type { Acute, Measured } from './physiology.ts';
import type { Person } from './people.ts';
import type { PatientRecord } from './records.ts';
import type { MessageEvent, MessagePurpose } from './region-event.ts';
import { DAY, HOUR, MINUTE, localDay, toInstant } from './when.ts';
import type { World } from './world.ts';

export interface LabVisit {
  readonly facility: SimulatedFacility;
  readonly person: Person;
  /** Not the person's for somebody who came in unknown. */
  readonly record: PatientRecord;
  readonly known: boolean;
  readonly number: string;
  readonly place: LabMessage['visit']['place'];
  readonly panels: readonly string[];
  readonly acute: Acute;
}

const FLAWS: readonly Flaw[] = ['bad-number', 'unknown-unit', 'impossible-date', 'no-number'];

/** Puts the visit's messages on the agenda. */
export function report(world: World, visit: LabVisit, at: number): void {
  const collectedAt = at + world.random.between(10, 40) * MINUTE;
  const reports = visit.panels.map((id) => reportOf(world, visit, id, collectedAt));
  for (const group of grouped(visit.facility, reports)) {
    const ready = Math.max(...group.map((one) => one.reportedAt));
    sendWithAftermath(
      world,
      visit,
      group.map((one) => ({ ...one, reportedAt: ready })),
      ready,
    );
  }
}

function grouped(facility: SimulatedFacility, reports: readonly LabReport[]): readonly (readonly LabReport[])[] {
  const { grouping } = facility.dialect;
  const keyOf = (one: LabReport): string =>
    grouping === 'visit' ? '' : grouping === 'section' ? panel(one.panel).section : one.panel;
  return [...Map.groupBy(reports, keyOf).values()];
}

function reportOf(world: World, visit: LabVisit, panelId: string, collectedAt: number): LabReport {
  const { random, rota, setting } = world;
  const { facility, person } = visit;
  const ordered = panel(panelId);
  const found = measure({
    seed: setting.seed,
    person,
    visit: `${facility.id} ${visit.number} ${panelId}`,
    acute: visit.acute,
    analytes: ordered.analytes,
  });
  const lines: ReportLine[] = ordered.analytes.map((id) => ({
    analyte: id,
    measured: found.get(id) as Measured,
    status: 'F',
  }));
  if (ordered.section === 'CH' && rota.due('own line', 9)) {
    lines.push({ analyte: '', measured: { grade: 'negative' }, status: 'F' });
  }
  const flaw = rota.due('flaw', 18) ? FLAWS[(world.next('flaw') - 1) % FLAWS.length] : undefined;
  const [soonest, latest] = ordered.turnaround;
  return {
    panel: panelId,
    ...numbers(world, facility, collectedAt),
    collectedAt,
    reportedAt: collectedAt + random.between(soonest * 60, latest * 60) * MINUTE,
    status: 'F',
    lines,
    haemolysed: ordered.section === 'CH' && rota.due('haemolysed', 25),
    ...(flaw === undefined ? {} : { flaw }),
  };
}

/** A number of the laboratory's own; in some laboratories they start again each morning. */
function numbers(world: World, facility: SimulatedFacility, at: number): Pick<LabReport, 'filler' | 'placer'> {
  const day = localDay(at).replaceAll('-', '');
  const placer = `${day}${String(world.next(`placer ${facility.id}`)).padStart(5, '0')}`;
  if (facility.dialect.filler === 'daily') {
    return { filler: String(world.nextOfDay(`filler ${facility.id}`, at)).padStart(4, '0'), placer: '' };
  }
  return { filler: `${day.slice(2)}${String(world.next(`filler ${facility.id}`)).padStart(6, '0')}`, placer };
}

function sendWithAftermath(world: World, visit: LabVisit, reports: readonly LabReport[], ready: number): void {
  const { rota, random } = world;
  const flawed = reports.some((one) => one.flaw !== undefined);
  let settledAt = ready;
  if (!flawed && rota.due('preliminary', 14)) {
    settledAt = ready + random.between(2, 6) * HOUR;
    const early = reports.map((one): LabReport => ({ ...one, status: 'P', lines: withStatus(one.lines, 'P') }));
    schedule(world, { visit, reports: early, purpose: 'preliminary', sentAt: ready });
    const final = reports.map((one): LabReport => ({ ...one, reportedAt: settledAt }));
    schedule(world, { visit, reports: final, purpose: 'final', sentAt: settledAt });
  } else {
    const again = rota.due('reused control id', 40);
    const purpose = again ? 'reused-control-id' : 'result';
    schedule(world, { visit, reports, purpose, sentAt: ready, resent: rota.due('resend', 11) });
  }
  if (flawed) return;
  if (rota.due('correction', 12)) correct(world, visit, reports, settledAt);
  else if (rota.due('retraction', 20)) retract(world, visit, reports, settledAt);
  if (rota.due('test', 28)) {
    const tried = reports.map((one): LabReport => ({ ...one, filler: `T${one.filler}`, placer: '' }));
    schedule(world, { visit, reports: tried, purpose: 'test', sentAt: settledAt + HOUR });
  }
}

function correct(world: World, visit: LabVisit, reports: readonly LabReport[], settledAt: number): void {
  const at = settledAt + world.random.between(1, 30) * HOUR;
  const wrong = reports[0] as LabReport;
  const position = wrong.lines.findIndex((line) => line.measured.value !== undefined);
  if (position < 0) return;
  const corrected = changeLine(wrong, position, (line) => ({
    ...line,
    status: 'C',
    measured: { value: (line.measured.value ?? 0) * 1.12 },
  }));
  const sent = resend(visit, corrected, position, { status: 'C', at });
  schedule(world, { visit, reports: [sent], purpose: 'correction', sentAt: at });
  if (world.rota.due('late', 3)) {
    // A queue that hung: the uncorrected report once more, with its own old times, after the correction.
    schedule(world, { visit, reports: [wrong], purpose: 'late', sentAt: at + 2 * HOUR, statedAt: settledAt });
  }
}

function retract(world: World, visit: LabVisit, reports: readonly LabReport[], settledAt: number): void {
  const at = settledAt + world.random.between(1, 40) * HOUR;
  const wrong = reports[0] as LabReport;
  const turn = world.next('retraction') % 3;
  if (turn === 0) {
    const cancelled: LabReport = { ...wrong, status: 'X', reportedAt: at, lines: [] };
    schedule(world, { visit, reports: [cancelled], purpose: 'retraction', sentAt: at });
    return;
  }
  const without = changeLine(wrong, 0, (line) => ({ ...line, status: turn === 1 ? 'W' : 'D' }));
  const sent = resend(visit, without, 0, { status: 'C', at });
  schedule(world, { visit, reports: [sent], purpose: 'retraction', sentAt: at });
}

function changeLine(of: LabReport, position: number, change: (line: ReportLine) => ReportLine): LabReport {
  return { ...of, lines: of.lines.map((line, at) => (at === position ? change(line) : line)) };
}

/** A snapshot laboratory sends the whole report again, a delta one the changed line only. */
function resend(
  visit: LabVisit,
  changed: LabReport,
  position: number,
  stated: { readonly status: LabReport['status']; readonly at: number },
): LabReport {
  const whole = visit.facility.profile.update === 'snapshot';
  const lines = whole ? changed.lines : changed.lines.slice(position, position + 1);
  return { ...changed, lines, status: stated.status, reportedAt: stated.at };
}

function withStatus(lines: readonly ReportLine[], status: ReportLine['status']): readonly ReportLine[] {
  return lines.map((line) => ({ ...line, status }));
}

interface Sending {
  readonly visit: LabVisit;
  readonly reports: readonly LabReport[];
  readonly purpose: MessagePurpose;
  readonly sentAt: number;
  /** MSH-7 when it is not the time of sending. */
  readonly statedAt?: number;
  readonly resent?: boolean;
}

function schedule(world: World, sending: Sending): void {
  world.agenda.push(sending.sentAt + world.random.between(0, 59_000), function* (at) {
    const sent = messageEvent(world, sending, at);
    yield sent;
    if (sending.resent !== true) return;
    const later = at + world.random.pick([2 * MINUTE, 20 * MINUTE, 5 * HOUR, DAY]);
    world.agenda.push(later, (again) => [{ ...sent, at: toInstant(again), purpose: 'resend' }]);
  });
}

function messageEvent(world: World, sending: Sending, at: number): MessageEvent {
  const { visit, reports, purpose } = sending;
  const { facility } = visit;
  const test = purpose === 'test';
  const control = world.controlId(facility, purpose === 'reused-control-id');
  const bytes = writeLabMessage({
    facility,
    record: visit.record,
    visit: { number: visit.number, place: visit.place },
    reports,
    controlId: control.id,
    sentAt: sending.statedAt ?? at,
    test,
  });
  return {
    kind: 'message',
    at: toInstant(at),
    facility: facility.id,
    file: `messages/${String(world.next('file')).padStart(4, '0')}-${facility.id}.hl7`,
    via: test && facility.testChannel ? 'mllp-test' : facility.via,
    bytes,
    // A facility's very first message has nothing to use again.
    purpose: purpose === 'reused-control-id' && !control.again ? 'result' : purpose,
    reports: reports.length,
    results: reports.reduce((sum, one) => sum + one.lines.length, 0),
    flaws: reports.flatMap((one) => (one.flaw === undefined ? [] : [one.flaw])),
    person: visit.known ? visit.person.index : undefined,
  };
}
