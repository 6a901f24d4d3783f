/** ERR segments: one per problem since v2.5 (2.15.5: ERR-2 to ERR-8), ERR-1 repeated before it (v2.4 2.16.5). What merely informs needs none. */
import type { Problem, Severity } from '../../base/problem.ts';

/** What writing an ERR needs to know of the sender. */
export interface ErrorDialect {
  readonly separator: string;
  readonly component: string;
  readonly repetition: string;
  readonly escape: string;
  readonly subcomponent: string;
  readonly version: number;
}

const ERRORS_MAX = 50;
/** v2.5. */
const FIRST_WITH_SEVERITY = 250;

/** Texts without line end. The worst problems come first; more than are sent stay in the envelope. */
export function errorSegments(
  problems: readonly Problem[],
  dialect: ErrorDialect,
  sentence: (code: string) => string | undefined,
): readonly string[] {
  const told = problems
    .filter(({ severity }) => severity !== 'information')
    .toSorted((a, b) => RANK[a.severity] - RANK[b.severity])
    .slice(0, ERRORS_MAX);
  if (told.length === 0) return [];
  if (dialect.version < FIRST_WITH_SEVERITY) return [oldSegment(told, dialect, sentence)];
  return told.map((problem) => segment(problem, dialect, sentence));
}

const RANK: Readonly<Record<Severity, number>> = { fatal: 0, error: 1, warning: 2, information: 3 };

function segment(problem: Problem, dialect: ErrorDialect, sentence: (code: string) => string | undefined): string {
  const { separator, component } = dialect;
  const condition = conditionOf(problem);
  const fields = [
    'ERR',
    '',
    locationOf(problem.at)?.join(component).replace(trailing(component), '') ?? '',
    [condition.code, condition.text, 'HL70357'].join(component),
    problem.severity === 'warning' ? 'W' : 'E',
    [escaped(problem.code, dialect), '', '99CONCORD'].join(component),
    '',
    '',
    sentenceOf(problem, dialect, sentence),
  ];
  return fields.join(separator).replace(trailing(separator), '');
}

/**
 * ELD: segment, sequence, field, then a CE in subcomponents: the code of table 0357, and as its alternate our own code
 * with its sentence. There is no severity in it: a receiver must not take what was accepted for an error.
 */
function oldSegment(
  problems: readonly Problem[],
  dialect: ErrorDialect,
  sentence: (code: string) => string | undefined,
): string {
  const { separator, component, repetition, subcomponent } = dialect;
  const locations = problems.map((problem) => {
    const [name = '', sequence = '', field = ''] = locationOf(problem.at) ?? [];
    const { code, text } = problem.severity === 'warning' ? ACCEPTED : conditionOf(problem);
    const own = [escaped(problem.code, dialect), sentenceOf(problem, dialect, sentence), '99CONCORD'];
    return [name, sequence, field, [code, text, 'HL70357', ...own].join(subcomponent)].join(component);
  });
  return `ERR${separator}${locations.join(repetition)}`;
}

/** ERR is written in ASCII, whatever the sender's character set. */
function sentenceOf(problem: Problem, dialect: ErrorDialect, sentence: (code: string) => string | undefined): string {
  return escaped(sentence(problem.code)?.replaceAll('—', '-') ?? '', dialect);
}

function trailing(delimiter: string): RegExp {
  return new RegExp(`(?:${delimiter.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&')})+$`);
}

/** `OBX[2]-5[3].1.2` as the components of ERL; undefined for a place that is no segment (a line, a frame). */
function locationOf(at: string): readonly string[] | undefined {
  const place = /^([A-Z][A-Z0-9]{2})(?:\[(\d+)\])?(?:-(\d+)(?:\[(\d+)\])?(?:\.(\d+)(?:\.(\d+))?)?)?$/.exec(at);
  if (place === null) return undefined;
  const [, name = '', sequence = '1', field = '', repetition, component = '', subcomponent = ''] = place;
  return [name, sequence, field, field === '' ? '' : (repetition ?? '1'), component, subcomponent];
}

interface Condition {
  readonly code: string;
  readonly text: string;
}

/** Table 0357, by the kind of problem that a code names. */
function conditionOf({ code, severity }: Problem): Condition {
  for (const [pattern, condition] of CONDITIONS) if (pattern.test(code)) return condition;
  return severity === 'fatal' || severity === 'error' ? DATA_TYPE : ACCEPTED;
}

const DATA_TYPE: Condition = { code: '102', text: 'Data type error' };
const ACCEPTED: Condition = { code: '0', text: 'Message accepted' };
const CONDITIONS: readonly (readonly [RegExp, Condition])[] = [
  [/trigger|message-type/, { code: '201', text: 'Unsupported event code' }],
  [/processing-id/, { code: '202', text: 'Unsupported processing id' }],
  [/control-id-reused|conflict|duplicate/, { code: '205', text: 'Duplicate key identifier' }],
  [/no-header|not-hl7|empty|segment|header|line-unreadable/, { code: '100', text: 'Segment sequence error' }],
  [/missing|absent|truncated|without/, { code: '101', text: 'Required field missing' }],
  [/oversize|limit|internal|fault/, { code: '207', text: 'Application internal error' }],
  [/unmapped|unknown/, { code: '103', text: 'Table value not found' }],
  [/charset|bytes|escape|character|number|date|time|type|unit|value/, DATA_TYPE],
];

/** Our own codes and sentences hold few delimiters, but the sender chooses which characters those are. */
function escaped(text: string, dialect: ErrorDialect): string {
  const { separator, component, repetition, escape, subcomponent } = dialect;
  const letters = new Map([
    [escape, 'E'],
    [separator, 'F'],
    [component, 'S'],
    [repetition, 'R'],
    [subcomponent, 'T'],
  ]);
  let out = '';
  for (const character of text) {
    const letter = letters.get(character);
    out += letter === undefined ? character : escape === '' ? ' ' : `${escape}${letter}${escape}`;
  }
  return out;
}
