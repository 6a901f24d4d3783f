/** One ORU^R01 as a facility's laboratory system writes it: segments and fields by its dialect, then bytes. */
import { analyte } from './analytes.ts';
import type { Tube } from './analytes.ts';
import type { Dialect, SimulatedFacility } from './facilities.ts';
import { orderCode, resultCode, UNMAPPED } from './local-codes.ts';
import type { LocalCode } from './local-codes.ts';
import { panel } from './panels.ts';
import type { Measured } from './physiology.ts';
import type { PatientRecord } from './records.ts';
import { composite, encodeMessage, escaped, repeated, segment } from './wire.ts';
import type { Field } from './wire.ts';
import { toHl7Time } from './when.ts';
import { flagTexts, rangeText, standingOf, unitText, valueText } from './wording.ts';

/** What is wrong with a line or a report on purpose. */
export type Flaw = 'bad-number' | 'unknown-unit' | 'impossible-date' | 'no-number';

export interface ReportLine {
  /** `''`: the laboratory's own line, which no code map knows. */
  readonly analyte: string;
  readonly measured: Measured;
  readonly status: 'F' | 'P' | 'C' | 'D' | 'W' | 'I';
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
  readonly visit: { readonly number: string; readonly place: 'outpatient' | 'inpatient' | 'emergency' };
  readonly reports: readonly LabReport[];
  readonly controlId: string;
  readonly sentAt: number;
  readonly test: boolean;
}

export function writeLabMessage(message: LabMessage): Uint8Array {
  const { dialect } = message.facility;
  const segments = [mshOf(message), pidOf(message)];
  if (dialect.pv1) segments.push(pv1Of(message));
  for (const [index, report] of message.reports.entries()) {
    if (dialect.orc) segments.push(segment('ORC', ['RE', ...numbersOf(report)]));
    segments.push(obrOf(message, report, index + 1));
    if (report.haemolysed) segments.push(segment('NTE', ['1', 'L', escaped('标本轻度溶血')]));
    const specimen = dialect.specimen === 'spm' ? [spmOf(message, report)] : [];
    segments.push(...report.lines.map((line, at) => obxOf(message, report, line, at + 1)), ...specimen);
  }
  return encodeMessage(segments, dialect);
}

function mshOf({ facility, controlId, sentAt, test }: LabMessage): string {
  const { dialect } = facility;
  const type = dialect.version === '2.3.1' ? ['ORU', 'R01'] : ['ORU', 'R01', 'ORU_R01'];
  return segment('MSH', [
    '^~\\&',
    'LIS',
    escaped(facility.sender),
    'CONCORD',
    'REGION',
    time(dialect, sentAt),
    '',
    composite(...type),
    escaped(controlId),
    test ? 'T' : 'P',
    dialect.version,
    '',
    '',
    dialect.enhanced ? 'AL' : '',
    dialect.enhanced ? 'NE' : '',
    dialect.version === '2.3.1' ? '' : 'CHN',
    dialect.label,
  ]);
}

function pidOf({ facility, record }: LabMessage): string {
  const { dialect } = facility;
  const localType = facility.profile.patientKeyTypes?.[0] ?? 'MR';
  const own = composite(record.local, '', '', facility.sender === '' ? '' : 'LIS', localType);
  const number = record.number;
  const typed = (type: string): Field => (number === undefined ? '' : composite(number, '', '', '', type));
  const list: Field[] = [own];
  if (dialect.number === 'pid-3-ni') list.push(typed('NI'));
  if (dialect.number === 'pid-3-nnchn') list.push(typed('NNCHN'));
  if (dialect.number === 'pid-3-own-type') list.push(typed(facility.profile.nationalIdType ?? 'NI'));
  const fields: Field[] = ['1', '', repeated(...list.filter((entry) => entry !== ''))];
  fields.push(dialect.number === 'pid-4-untyped' ? escaped(number ?? '') : '');
  fields.push(
    nameField(dialect, record),
    '',
    (record.birthDay ?? '').replaceAll('-', ''),
    sexField(dialect, record.sex),
  );
  while (fields.length < 18) fields.push('');
  fields.push(dialect.number === 'pid-19' ? escaped(number ?? '') : '');
  return segment('PID', fields);
}

function nameField(dialect: Dialect, { family, given }: PatientRecord): Field {
  const whole = family + given;
  if (dialect.name === 'split') return family === '' ? composite(given) : composite(family, given);
  if (dialect.name === 'spaced' && Array.from(whole).length === 2) return composite(Array.from(whole).join('　'));
  return composite(whole);
}

function sexField(dialect: Dialect, sex: 'male' | 'female' | undefined): Field {
  if (sex === undefined) return '';
  if (dialect.sex === 'digits') return sex === 'male' ? '1' : '2';
  if (dialect.sex === 'words') return sex === 'male' ? '男' : '女';
  return sex === 'male' ? 'M' : 'F';
}

const CLASSES = { outpatient: 'O', inpatient: 'I', emergency: 'E' } as const;
const WARDS = { outpatient: '门诊', inpatient: '住院部', emergency: '急诊科' } as const;

function pv1Of({ visit }: LabMessage): string {
  const fields: Field[] = ['1', CLASSES[visit.place], composite(WARDS[visit.place])];
  while (fields.length < 18) fields.push('');
  fields.push(escaped(visit.number));
  return segment('PV1', fields);
}

function numbersOf(report: LabReport): readonly Field[] {
  return report.flaw === 'no-number' ? ['', ''] : [escaped(report.placer), escaped(report.filler)];
}

function obrOf({ facility }: LabMessage, report: LabReport, position: number): string {
  const { dialect } = facility;
  const ordered = panel(report.panel);
  const collected = report.flaw === 'impossible-date' ? '20260231083000' : time(dialect, report.collectedAt);
  const fields: Field[] = [String(position), ...numbersOf(report), codeField(orderCode(facility, ordered)), '', ''];
  fields.push(collected, '', '', '', '', '', '', time(dialect, report.collectedAt + 20 * 60_000));
  fields.push(dialect.specimen === 'obr-15' ? composite(specimenWord(report)) : '');
  while (fields.length < 21) fields.push('');
  fields.push(time(dialect, report.reportedAt), '', ordered.section, report.status);
  return segment('OBR', fields);
}

function obxOf({ facility, record }: LabMessage, report: LabReport, line: ReportLine, position: number): string {
  const { dialect } = facility;
  if (line.analyte === '') {
    const code = dialect.codes === 'numbers' ? '8801' : UNMAPPED.initials;
    const name = composite(code, UNMAPPED.name, dialect.codeSystem);
    return segment('OBX', [String(position), 'ST', name, '', escaped('0/1/0'), '', '', '', '', '', line.status]);
  }
  const of = analyte(line.analyte);
  const broken = report.flaw !== undefined && position === 1;
  const value = valueText(dialect, of, line.measured);
  const unit = broken && report.flaw === 'unknown-unit' ? '当量' : unitText(dialect, of.unit);
  const flags = flagTexts(dialect, standingOf(of, line.measured, record.sex));
  const fields: Field[] = [
    String(position),
    broken && report.flaw === 'bad-number' ? 'NM' : value.type,
    codeField(resultCode(facility, of)),
    '',
    broken && report.flaw === 'bad-number' ? escaped('12..5*') : composite(...value.components),
    dialect.units === 'caret-unescaped' ? unit : escaped(unit),
    escaped(rangeText(dialect, of, record.sex)),
    repeated(...flags.map(escaped)),
    '',
    '',
    line.status,
    '',
    '',
    dialect.version === '2.3.1' ? '' : time(dialect, report.collectedAt),
    '',
    '',
    of.id === 'GLU' && dialect.orc ? escaped('空腹') : '',
  ];
  return segment('OBX', fields);
}

function codeField(code: LocalCode): Field {
  const { loinc } = code;
  if (loinc === undefined) return composite(code.code, code.display, code.system);
  if (code.loincFirst) return composite(loinc, code.display, 'LN');
  return composite(code.code, code.display, code.system, loinc, code.display, 'LN');
}

const SPECIMENS: Readonly<Record<Tube, readonly [hl7: string, word: string]>> = {
  serum: ['SER', '血清'],
  plasma: ['PLAS', '血浆'],
  blood: ['WB', '全血'],
  urine: ['UR', '尿液'],
};

function tubeOf(report: LabReport): Tube {
  return analyte(panel(report.panel).analytes[0] ?? '').tube;
}

function specimenWord(report: LabReport): string {
  return SPECIMENS[tubeOf(report)][1];
}

function spmOf({ facility }: LabMessage, report: LabReport): string {
  const [code, word] = SPECIMENS[tubeOf(report)];
  const fields: Field[] = ['1', escaped(`${report.filler}S`), '', composite(code, word, 'HL70487')];
  while (fields.length < 16) fields.push('');
  fields.push(time(facility.dialect, report.collectedAt), time(facility.dialect, report.collectedAt + 20 * 60_000));
  while (fields.length < 23) fields.push('');
  fields.push(report.haemolysed ? composite('HEM', '', 'HL70493') : '');
  return segment('SPM', fields);
}

function time(dialect: Dialect, at: number): string {
  return toHl7Time(at, dialect);
}
