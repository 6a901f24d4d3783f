/** OBX → Observation: the tables' elements, its value, and what its order and its report say for it. */
import type { Reference } from 'fhir/r4';
import type { Observation, ObservationComponent } from '../terms/fhir.ts';
import { absent, dataAbsentReason } from './absent.ts';
import { isWithoutData } from './datatypes/attachments.ts';
import { valueToReadable } from './datatypes/readable.ts';
import { tellUnknownUnit, unitOf } from './datatypes/units.ts';
import { obxToObservation } from './generated/obx-observation.ts';
import { obxToObservationValue } from './generated/obx-observation-value.ts';
import { prtToObservation } from './generated/prt-observation.ts';
import type { ResultGroup } from './group.ts';
import { notesOf } from './notes.ts';
import type { Near, Reading } from './reading.ts';
import type { Run } from './run.ts';
import { EXTENSIONS } from './systems.ts';

/** What the report says for each of its results. */
export interface ReportFacts {
  readonly id: string;
  readonly near: Near;
  readonly subject: Reference | undefined;
  readonly encounter: Reference | undefined;
  /** From OBR-25, for results that state none. */
  readonly statusOfResults: Observation['status'];
  readonly effectiveDateTime: string | undefined;
  readonly effectivePeriod: Observation['effectivePeriod'];
  readonly issued: string | undefined;
}

const KNOWN_TYPES: ReadonlySet<string> = new Set(
  (
    'NM SN ST TX FT ID IS CE CWE CNE CF DT DTM TS TM DR NR VR NA MA CQ ED RP EI EIP XAD XTN XPN XCN XON CX CK CN CNN TN PN PL ' +
    'HD MO CP SI GTS AD RI'
  ).split(' '),
);
/** Types whose repetitions are lines of one text, or samples of one array (v2.5 2.A.78, 2.A.45). */
const ONE_VALUE = new Set(['TX', 'FT', 'NA', 'MA']);

export function mapObservation(
  result: ResultGroup,
  id: string,
  report: ReportFacts,
  run: Run,
): Observation & { id: string } {
  const { obx } = result;
  const observation = { resourceType: 'Observation', id } as Observation & { id: string };
  obxToObservation(observation, obx, report.near, run);
  for (const participation of result.participations) prtToObservation(observation, participation, report.near, run);
  observation.status ??= obx.has(11) ? 'unknown' : report.statusOfResults;
  if (observation.code === undefined) {
    run.problem('mapping/result-code-missing', 'error', obx.at(3));
    observation.code = absent();
  }
  if (report.subject !== undefined) observation.subject = report.subject;
  if (report.encounter !== undefined) observation.encounter = report.encounter;
  if (observation.effectiveDateTime === undefined) {
    if (report.effectiveDateTime !== undefined) observation.effectiveDateTime = report.effectiveDateTime;
    else if (report.effectivePeriod !== undefined) observation.effectivePeriod = report.effectivePeriod;
  }
  if (report.issued !== undefined) observation.issued = report.issued;
  const notes = notesOf(result.notes, run);
  if (notes !== undefined) observation.note = notes;
  mapValue(observation, obx, run);
  return observation;
}

function mapValue(observation: Observation, obx: Reading, run: Run): void {
  const type = typeOf(obx, run);
  const repetitions = obx.count(5);
  const unit = unitOf(obx, run);
  tellUnknownUnit(obx, unit, run);
  if (repetitions > REPETITIONS_MAX && type !== 'NA' && type !== 'MA') keepManyValues(observation, obx, run);
  else if (repetitions > 1 && !ONE_VALUE.has(type)) mapRepetitions(observation, obx, type, run);
  else if (repetitions > 1 && (type === 'TX' || type === 'FT')) keepLines(observation, obx, repetitions);
  else if (repetitions > 0 && !obx.isNull(5)) obxToObservationValue(observation, obx, type, run, 1);
  if ((type === 'ED' || type === 'RP') && repetitions === 1 && !hasValue(observation))
    keepUnreadAttachment(observation, obx, type);
  const valued = hasValue(observation) || observation.component !== undefined;
  if (unit !== undefined && !carriesUnit(observation)) {
    (observation.extension ??= []).push({ url: EXTENSIONS.unit, valueString: unit.text });
  }
  if (!valued) explainAbsence(observation, obx);
}

/** More values of one result than anybody measures stay one text: each component repeats the code. */
const REPETITIONS_MAX = 1000;

function keepManyValues(observation: Observation, obx: Reading, run: Run): void {
  run.problem('mapping/repetitions-limit', 'warning', obx.at(5));
  const text = obx.all(5);
  if (text !== undefined) observation.valueString = text;
}

/** OBX-2, told when it is missing or unknown and there is a value to read. */
function typeOf(obx: Reading, run: Run): string {
  const type = (obx.part(2, 1, 0, 1) ?? '').toUpperCase();
  if (KNOWN_TYPES.has(type)) return type;
  if (obx.has(5) && !obx.isNull(5)) {
    run.problem(type === '' ? 'mapping/value-type-missing' : 'mapping/value-type-unknown', 'warning', obx.at(2));
  }
  return '';
}

/** Several values of one result are components of the same code (facts 2, OBX-5). */
function mapRepetitions(observation: Observation, obx: Reading, type: string, run: Run): void {
  const components: ObservationComponent[] = [];
  for (let r = 1, n = obx.count(5); r <= n; r++) {
    if (obx.isNull(5, r) || !obx.hasPlace(5, r, 0)) continue;
    const component = { code: observation.code } as ObservationComponent;
    obxToObservationValue(component as unknown as Observation, obx, type, run, r);
    components.push(component);
  }
  if (components.length > 0) observation.component = components;
}

function keepLines(observation: Observation, obx: Reading, repetitions: number): void {
  const lines: string[] = [];
  for (let r = 1; r <= repetitions; r++) lines.push(obx.whole(5, r) ?? '');
  const text = lines.join('\n').trim();
  if (text !== '') observation.valueString = text;
}

/** An attachment that could not be read keeps its text, as long as a FHIR string may be (R4 2.24.0.1). */
function keepUnreadAttachment(observation: Observation, obx: Reading, type: string): void {
  if (obx.isNull(5) || (type === 'ED' && isWithoutData(obx, 5, 1))) return;
  const text = valueToReadable(obx, 5, 1);
  if (text !== undefined && text.length <= STRING_LENGTH_MAX) observation.valueString = text;
}

const STRING_LENGTH_MAX = 1024 * 1024;

type Valued = Pick<
  Observation,
  | 'valueQuantity'
  | 'valueString'
  | 'valueCodeableConcept'
  | 'valueRange'
  | 'valueRatio'
  | 'valueSampledData'
  | 'valueDateTime'
  | 'valueTime'
  | 'valuePeriod'
>;

/** Attachments count as values; R4 can only hold them in an extension. */
function hasValue(o: Observation): boolean {
  return (
    hasValueElement(o) || (o.extension?.some((extension) => extension.url === EXTENSIONS.valueAttachment) ?? false)
  );
}

function hasValueElement(o: Valued): boolean {
  return (
    o.valueQuantity !== undefined ||
    o.valueString !== undefined ||
    o.valueCodeableConcept !== undefined ||
    o.valueRange !== undefined ||
    o.valueRatio !== undefined ||
    o.valueSampledData !== undefined ||
    o.valueDateTime !== undefined ||
    o.valueTime !== undefined ||
    o.valuePeriod !== undefined
  );
}

function carriesUnit(o: Observation): boolean {
  if (o.valueQuantity !== undefined || o.valueRange !== undefined || o.valueSampledData !== undefined) return true;
  return (
    o.component?.some((component) => component.valueQuantity !== undefined || component.valueRange !== undefined) ??
    false
  );
}

/** Why there is no value (obs-6: never beside one): OBX-32, the status, or that what stands there states none (`""`). */
function explainAbsence(observation: Observation, obx: Reading): void {
  const reason = obx.part(32, 1, 0, 2) ?? obx.part(32, 1, 0, 1);
  const status = obx.peek(11, 1, 0, 1);
  if (status === 'N') observation.dataAbsentReason = dataAbsentReason('not-asked', reason);
  else if (status === 'X') observation.dataAbsentReason = dataAbsentReason('error', reason);
  else if (status === 'I' || status === 'O' || obx.has(5) || reason !== undefined) {
    observation.dataAbsentReason = dataAbsentReason('unknown', reason);
  }
}
