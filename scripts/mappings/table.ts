/** Reads one mapping table, `OBX[Observation].csv`, into checked rows; refuses what it does not understand. */
import { basename } from 'node:path';
import type { CsvTable } from '../../src/runtime/node/read-csv.ts';
import { parseCondition, type Term } from './condition.ts';
import { fault, type Where } from './fault.ts';
import type { Element, FhirElements } from './fhir-elements.ts';
import { CONSTANTS, FUNCTIONS, type MapFunction, parametersOf } from './functions.ts';
import { parsePath, type Step } from './path.ts';
import { parsePosition, type Position } from './position.ts';

/** v2-to-fhir's columns, in order. */
export const COLUMNS = [
  'identifier',
  'name',
  'type',
  'cardinality',
  'condition',
  'fhir attribute',
  'fhir type',
  'datatype map',
  'vocabulary map',
  'assignment',
  'comment',
] as const;

export interface Table {
  readonly file: string;
  /** `OBX[Observation.value]`. */
  readonly title: string;
  /** `OBX`, `CWE`. */
  readonly source: string;
  /** `Observation`; the part after a dot only tells tables of one pair apart. */
  readonly target: string;
  readonly part: string;
  readonly kind: 'segment' | 'datatype';
  readonly rows: readonly Row[];
}

export interface Row {
  readonly where: Where;
  readonly position: Position | undefined;
  readonly name: string;
  readonly type: string;
  readonly repeats: boolean;
  readonly condition: readonly Term[];
  readonly attribute: string;
  readonly steps: readonly Step[];
  readonly elements: readonly Element[];
  readonly fhirType: string;
  readonly map: DatatypeMap | undefined;
  readonly vocabulary: string | undefined;
  readonly assignment: { readonly code: string } | undefined;
}

export type DatatypeMap =
  | { readonly kind: 'function'; readonly title: string; readonly fn: MapFunction }
  | { readonly kind: 'table'; readonly title: string; readonly gives: string };

/** What a table may name. */
export interface Known {
  readonly elements: FhirElements;
  /** Titles of all tables of datatypes. */
  readonly datatypes: ReadonlySet<string>;
  readonly extensions: ReadonlyMap<string, { readonly url: string; readonly type: string }>;
  /** Code tables with the codes that they can give. */
  readonly codes: ReadonlyMap<string, { readonly gives: readonly string[]; readonly open: boolean }>;
}

export function titleOf(file: string): { title: string; source: string; target: string; part: string } | undefined {
  const match = /^(([A-Z][A-Z0-9]{1,2})\[([A-Za-z]+)(?:\.([A-Za-z]+))?\])\.csv$/.exec(basename(file));
  if (match === null) return undefined;
  return { title: match[1] as string, source: match[2] as string, target: match[3] as string, part: match[4] ?? '' };
}

export function checkTable(file: string, kind: Table['kind'], csv: CsvTable, known: Known): Table {
  const head = { file, line: 1 };
  const named = titleOf(file);
  if (named === undefined) fault(head, 'a table is named source[target].csv, like OBX[Observation].csv');
  if (!known.elements.isType(named.target)) fault(head, `R4 has no type ${named.target}`);
  csv.columns.forEach((column, i) => {
    if (column !== COLUMNS[i]) fault(head, `unknown column "${column}" — columns are ${COLUMNS.join(', ')}`);
  });
  if (csv.columns.length !== COLUMNS.length) fault(head, `columns are ${COLUMNS.join(', ')}`);
  const rows = csv.records.map(({ line, fields }) =>
    checkRow({ file, line }, fields as Fields, { ...named, kind }, known),
  );
  return { file, kind, ...named, rows };
}

type Fields = Readonly<Record<(typeof COLUMNS)[number], string>>;
type Head = { readonly source: string; readonly target: string; readonly kind: Table['kind'] };

function checkRow(where: Where, fields: Fields, head: Head, known: Known): Row {
  const position = fields.identifier === '' ? undefined : checkPosition(fields.identifier, where, head);
  const cardinality = /^([01])\.\.([1*])$/.exec(fields.cardinality);
  if (position !== undefined && cardinality === null) fault(where, 'cardinality is 0..1, 1..1, 0..* or 1..*');
  if (position === undefined && fields.cardinality !== '') fault(where, 'a row without identifier has no cardinality');
  const steps = parsePath(fields['fhir attribute'], where);
  const elements = known.elements.resolve(head.target, steps, where);
  const last = elements.at(-1) as Element;
  checkLabels(steps, where, known);
  const condition = parseCondition(fields.condition, where);
  for (const term of condition) checkTerm(term, where, head);
  const row: Row = {
    where,
    position,
    name: fields.name,
    type: fields.type,
    repeats: cardinality?.[2] === '*',
    condition,
    attribute: fields['fhir attribute'],
    steps,
    elements,
    fhirType: fields['fhir type'],
    map: checkMap(fields['datatype map'], where, known),
    vocabulary: fields['vocabulary map'] === '' ? undefined : fields['vocabulary map'],
    assignment: checkAssignment(fields.assignment, where, last),
  };
  checkTypes(row, last, known, head);
  return row;
}

function checkPosition(text: string, where: Where, head: Head): Position {
  const position = parsePosition(text, where);
  if (position.name !== head.source) fault(where, `identifier is of ${position.name}, the table of ${head.source}`);
  return position;
}

/** A segment's condition may look at its neighbours; a datatype's only at itself. */
function checkTerm(term: Term, where: Where, head: Head): void {
  const { position } = term;
  if (head.kind === 'datatype' && position.name !== head.source)
    fault(where, `condition: ${position.name} is not in reach of ${head.source}`);
  if (head.kind === 'segment' && position.field === 0) fault(where, `condition: ${position.name} is no field`);
}

function checkLabels(steps: readonly Step[], where: Where, known: Known): void {
  for (const [i, step] of steps.entries()) {
    if (step.name !== 'extension') continue;
    const extension = known.extensions.get(step.label ?? '');
    if (extension === undefined) fault(where, `extension[${step.label}] is not in extensions.csv`);
    const value = steps[i + 1]?.name ?? '';
    const wanted = extension.type === '' ? 'extension' : extension.type;
    if (value !== wanted) fault(where, `extension[${step.label}] holds ${wanted}, not ${value}`);
  }
}

function checkMap(title: string, where: Where, known: Known): DatatypeMap | undefined {
  if (title === '') return undefined;
  const fn = FUNCTIONS[title];
  if (fn !== undefined) {
    if (parametersOf(fn) === undefined)
      fault(where, `datatype map ${title}: datatypes/${fn.file}.ts exports no function ${fn.name}`);
    return { kind: 'function', title, fn };
  }
  if (!known.datatypes.has(title)) fault(where, `datatype map ${title} is neither a table nor a named function`);
  return { kind: 'table', title, gives: titleOf(`${title}.csv`)?.target ?? '' };
}

function checkAssignment(text: string, where: Where, element: Element): Row['assignment'] {
  if (text === '') return undefined;
  const literal = /^"([^"]+)"$/.exec(text);
  if (literal) {
    const value = literal[1] as string;
    if (element.type === 'boolean') {
      if (value !== 'true' && value !== 'false') fault(where, 'assignment: a boolean is "true" or "false"');
      return { code: value };
    }
    if (!TEXT_TYPES.has(element.type)) fault(where, `assignment: a ${element.type} cannot be a text`);
    if (element.codes !== undefined && !element.codes.includes(value))
      fault(where, `assignment: R4 does not allow "${value}" here`);
    return { code: `'${value.replaceAll("'", "\\'")}'` };
  }
  const constant = CONSTANTS[text];
  if (constant === undefined) fault(where, `assignment: "${text}" is neither a text in double quotes nor a known word`);
  return { code: constant.code };
}

/** Types that a text may stand in as it is. */
const TEXT_TYPES: ReadonlySet<string> = new Set(['string', 'markdown', 'code', 'uri', 'url', 'id', 'base64Binary']);

function checkTypes(row: Row, element: Element, known: Known, head: Head): void {
  const { where, map, vocabulary } = row;
  const reference = /^Reference\(([A-Za-z]+)\)$/.exec(row.fhirType);
  if ((reference ? 'Reference' : row.fhirType) !== element.type)
    fault(where, `fhir type: ${row.attribute} is ${element.type}, not ${row.fhirType}`);
  if (row.position === undefined && row.assignment === undefined)
    fault(where, 'a row needs an identifier or an assignment');
  if (row.assignment !== undefined) {
    if (map !== undefined || vocabulary !== undefined)
      fault(where, 'an assignment has no datatype map and no vocabulary map');
    return;
  }
  if (reference) {
    const target = reference[1] as string;
    if (!element.targets.includes(target) && !element.targets.includes('Resource'))
      fault(where, `fhir type: ${row.attribute} may not refer to ${target}`);
  }
  const wanted = reference ? (reference[1] as string) : element.type;
  const given = map === undefined ? undefined : map.kind === 'table' ? map.gives : map.fn.gives;
  if (given !== undefined && given !== wanted)
    fault(where, `datatype map ${map?.title} gives ${given}, ${row.attribute} is ${wanted}`);
  if (vocabulary !== undefined) checkVocabulary(row, element, known);
  else if (map === undefined && (wanted === 'code' || !TEXT_TYPES.has(wanted)) && element.codes === undefined)
    fault(where, `${row.attribute} is ${wanted}: a datatype map is needed`);
  else if (map === undefined && element.codes !== undefined)
    fault(where, `${row.attribute} has fixed codes: a vocabulary map is needed`);
  if (head.kind === 'segment' && row.position?.field === 0) fault(where, 'identifier: a field is needed');
  if (map?.kind === 'function' && map.fn.reads === 'list' && (!row.repeats || row.steps.length !== 1)) {
    fault(where, `${map.title} gives a list: the row repeats, its fhir attribute is one list`);
  }
  if (row.repeats && row.steps.every((step) => step.label === undefined))
    fault(where, 'a repeating field needs a list in the fhir attribute');
  if (row.repeats && head.kind === 'datatype') fault(where, 'components do not repeat');
}

function checkVocabulary(row: Row, element: Element, known: Known): void {
  const { where } = row;
  const table = known.codes.get(row.vocabulary as string);
  if (table === undefined) fault(where, `vocabulary map: there is no code table ${row.vocabulary}`);
  if (row.map !== undefined) fault(where, 'a vocabulary map and a datatype map exclude each other');
  if (!['code', 'Coding', 'CodeableConcept', 'string', 'boolean'].includes(element.type))
    fault(where, `vocabulary map: ${row.attribute} is ${element.type}`);
  const codes = element.codes;
  if (codes === undefined) return;
  if (table.open) fault(where, `vocabulary map: ${row.vocabulary} keeps any code, but ${row.attribute} has fixed ones`);
  const wrong = table.gives.find((code) => !codes.includes(code));
  if (wrong !== undefined)
    fault(where, `vocabulary map: ${row.vocabulary} gives "${wrong}", which ${row.attribute} does not allow`);
}
