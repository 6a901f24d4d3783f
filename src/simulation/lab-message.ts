/** One ORU^R01 as a facility's laboratory system writes it: segments and fields by its dialect, then bytes. */
import { encode } from '../formats/hl7v2/encode.ts';
import { repeated, writeMessage } from '../formats/hl7v2/write.ts';
import type { WrittenField, WrittenSegment } from '../formats/hl7v2/write.ts';
import { analyte } from './analytes.ts';
import type { Tube } from './analytes.ts';
import type { Dialect } from './dialect.ts';
import type { SimulatedFacility } from './facilities.ts';
import { orderCode, resultCode, UNMAPPED } from './local-codes.ts';
import type { LocalCode } from './local-codes.ts';
import { panel } from './panels.ts';
import { pidOf, pv1Of } from './patient-segments.ts';
import type { LabVisitNumber } from './patient-segments.ts';
import type { Measured } from './physiology.ts';
import type { PatientRecord } from './records.ts';
import { segmentOf } from './segment-of.ts';
import { MINUTE, toHl7Time } from './when.ts';
import { flagTexts, rangeText, standingOf, unitText, valueText } from './wording.ts';

/** What is wrong with a report on purpose: in its first line, its collection time or its numbers. */
export type Flaw = 'bad-number' | 'unknown-unit' | 'impossible-date' | 'no-number';

export interface ReportLine {
  /** `''`: the laboratory's own line, which no code map knows. */
  readonly analyte: string;
  readonly measured: Measured;
  readonly status: 'F' | 'P' | 'C' | 'D' | 'W';
}

export interface LabReport {
  readonly panel: string;
  readonly filler: string;
  readonly placer: string;
  readonly collectedAt: number;
  readonly reportedAt: number;
  readonly status: 'F' | 'P' | 'C' | 'X';
  readonly lines: readonly ReportLine[];
  readonly haemolysed: boolean;
  readonly flaw?: Flaw;
}

export interface LabMessage {
  readonly facility: SimulatedFacility;
  readonly record: PatientRecord;
  readonly visit: LabVisitNumber;
  readonly reports: readonly LabReport[];
  readonly controlId: string;
  readonly sentAt: number;
  readonly test: boolean;
}

export function writeLabMessage(message: LabMessage): Uint8Array {
  const { facility, record, visit, reports } = message;
  const { dialect } = facility;
  const segments: WrittenSegment[] = [mshOf(message), pidOf(facility, record)];
  if (dialect.pv1) segments.push(pv1Of(visit));
  for (const [index, report] of reports.entries()) segments.push(...reportSegments(message, report, index + 1));
  const text = writeMessage(segments, { lineEnd: dialect.lineEnd });
  const { value } = encode(text, dialect.charset);
  if (value === undefined) throw new Error('a message that cannot be encoded');
  return value;
}

function mshOf({ facility, controlId, sentAt, test }: LabMessage): WrittenSegment {
  const { dialect } = facility;
  return segmentOf('MSH', {
    3: 'LIS',
    4: facility.sender,
    5: 'CONCORD',
    6: 'REGION',
    7: toHl7Time(sentAt, dialect),
    9: dialect.version === '2.3.1' ? ['ORU', 'R01'] : ['ORU', 'R01', 'ORU_R01'],
    10: controlId,
    11: test ? 'T' : 'P',
    12: dialect.version,
    15: dialect.enhanced ? 'AL' : '',
    16: dialect.enhanced ? 'NE' : '',
    17: dialect.version === '2.3.1' ? '' : 'CHN',
    18: dialect.label,
  });
}

function reportSegments(message: LabMessage, report: LabReport, position: number): readonly WrittenSegment[] {
  const { dialect } = message.facility;
  const segments: WrittenSegment[] = [];
  if (dialect.orc) segments.push(segmentOf('ORC', { 1: 'RE', ...numbersOf(report) }));
  segments.push(obrOf(dialect, message.facility, report, position));
  if (report.haemolysed) segments.push(segmentOf('NTE', { 1: '1', 2: 'L', 3: '标本轻度溶血' }));
  for (const [at, line] of report.lines.entries()) segments.push(obxOf(message, report, line, at + 1));
  if (dialect.specimen === 'spm') segments.push(spmOf(dialect, report));
  return segments;
}

/** The same in ORC-2, 3 and OBR-2, 3. */
function numbersOf(report: LabReport): Readonly<Record<number, WrittenField>> {
  return report.flaw === 'no-number' ? {} : { 2: report.placer, 3: report.filler };
}

function obrOf(dialect: Dialect, facility: SimulatedFacility, report: LabReport, position: number): WrittenSegment {
  const ordered = panel(report.panel);
  return segmentOf('OBR', {
    1: String(position),
    ...numbersOf(report),
    4: codeField(orderCode(facility, ordered)),
    7: report.flaw === 'impossible-date' ? '20260231083000' : toHl7Time(report.collectedAt, dialect),
    14: toHl7Time(report.collectedAt + TRANSPORT, dialect),
    15: dialect.specimen === 'obr-15' ? SPECIMENS[tubeOf(report)].word : '',
    22: toHl7Time(report.reportedAt, dialect),
    24: ordered.section,
    25: report.status,
  });
}

function obxOf(
  { facility, record }: LabMessage,
  report: LabReport,
  line: ReportLine,
  position: number,
): WrittenSegment {
  const { dialect } = facility;
  if (line.analyte === '') return ownLine(dialect, line, position);
  const of = analyte(line.analyte);
  const value = valueText(dialect, of, line.measured);
  const badNumber = report.flaw === 'bad-number' && position === 1;
  const badUnit = report.flaw === 'unknown-unit' && position === 1;
  return segmentOf('OBX', {
    1: String(position),
    2: badNumber ? 'NM' : value.type,
    3: codeField(resultCode(facility, of)),
    5: badNumber ? '12..5*' : value.components,
    6: badUnit ? '当量' : unitField(dialect, unitText(dialect, of.unit)),
    7: rangeText(dialect, of, record.sex),
    8: repeated(...flagTexts(dialect, standingOf(of, line.measured, record.sex))),
    11: line.status,
    14: dialect.version === '2.3.1' || report.flaw === 'impossible-date' ? '' : toHl7Time(report.collectedAt, dialect),
    17: of.id === 'GLU' && dialect.orc ? '空腹' : '',
  });
}

function ownLine(dialect: Dialect, line: ReportLine, position: number): WrittenSegment {
  const code = dialect.codes === 'numbers' ? '8801' : UNMAPPED.initials;
  return segmentOf('OBX', {
    1: String(position),
    2: 'ST',
    3: [code, UNMAPPED.name, dialect.codeSystem],
    5: '0/1/0',
    11: line.status,
  });
}

/** Some senders do not escape the caret of `10^9/L`, which then parts two components. */
function unitField(dialect: Dialect, unit: string): WrittenField {
  return dialect.units === 'caret-unescaped' ? unit.split('^') : unit;
}

function codeField(code: LocalCode): WrittenField {
  const { loinc } = code;
  if (loinc === undefined) return [code.code, code.display, code.system];
  if (code.loincFirst) return [loinc, code.display, 'LN'];
  return [code.code, code.display, code.system, loinc, code.display, 'LN'];
}

/** From collection to the laboratory's door. */
const TRANSPORT = 20 * MINUTE;

const SPECIMENS: Readonly<Record<Tube, { readonly code: string; readonly word: string }>> = {
  serum: { code: 'SER', word: '血清' },
  plasma: { code: 'PLAS', word: '血浆' },
  blood: { code: 'WB', word: '全血' },
  urine: { code: 'UR', word: '尿液' },
};

function tubeOf(report: LabReport): Tube {
  return analyte(panel(report.panel).analytes[0] ?? '').tube;
}

function spmOf(dialect: Dialect, report: LabReport): WrittenSegment {
  const { code, word } = SPECIMENS[tubeOf(report)];
  return segmentOf('SPM', {
    1: '1',
    2: `${report.filler}S`,
    4: [code, word, 'HL70487'],
    17: toHl7Time(report.collectedAt, dialect),
    18: toHl7Time(report.collectedAt + TRANSPORT, dialect),
    24: report.haemolysed ? ['HEM', '', 'HL70493'] : '',
  });
}
