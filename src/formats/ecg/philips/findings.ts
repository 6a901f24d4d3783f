/** Measurements and statements of a Philips file: those of its newest interpretation, else what the program measured. */
import type { EcgMeasurementKind, EcgStatement } from '../../../terms/parsed/ecg.ts';
import { attributeOf, childOf, childrenOf, pathOf, textOf, type XmlElement } from '../../xml/element.ts';
import type { EcgDraft } from '../draft.ts';
import { measured, numberOf, timeOf } from '../values.ts';

const NAMES: readonly (readonly [string, EcgMeasurementKind])[] = [
  ['heartrate', 'ventricular-rate'],
  ['meanventrate', 'ventricular-rate'],
  ['atrialrate', 'atrial-rate'],
  ['rrint', 'rr'],
  ['pdur', 'p-duration'],
  ['print', 'pr'],
  ['meanprint', 'pr'],
  ['qrsdur', 'qrs'],
  ['meanqrsdur', 'qrs'],
  ['qtint', 'qt'],
  ['meanqtint', 'qt'],
  ['meanqtc', 'qtc'],
  ['qtcb', 'qtc-bazett'],
  ['qtcf', 'qtc-fridericia'],
  ['pfrontaxis', 'p-axis'],
  ['qrsfrontaxis', 'qrs-axis'],
  ['tfrontaxis', 't-axis'],
];

/** Words that stand for "no value". */
const NOTHING = /^(-+|failed|indeterminate|none|n\/a)$/i;

export function readFindings(root: XmlElement, draft: EcgDraft): void {
  const interpretation = newest(childrenOf(childOf(root, 'interpretations'), 'interpretation'));
  const block =
    childOf(interpretation, 'globalmeasurements') ??
    childOf(interpretation, 'interpretationmeasurements') ??
    childOf(root, 'internalmeasurements/crossleadmeasurements') ??
    childOf(root, 'measurements/globalmeasurements');
  if (block !== undefined) readMeasurements(block, draft);
  if (interpretation === undefined) return;
  readStatements(interpretation, draft);
  const signature = textOf(interpretation, 'mdsignatureline') ?? '';
  const isConfirmed = /\bconfirmed\b/i.test(signature) && !/unconfirmed|not confirmed/i.test(signature);
  draft.confirmed = isConfirmed ? 'confirmed' : 'unconfirmed';
  const edited = timeOf(`${attributeOf(interpretation, 'date') ?? ''}T${attributeOf(interpretation, 'time') ?? ''}`);
  if (edited !== undefined) draft.acquisition = { ...draft.acquisition, editedAt: edited };
}

/** By date and time; the first of equals. */
function newest(interpretations: readonly XmlElement[]): XmlElement | undefined {
  const when = (one: XmlElement): string => `${attributeOf(one, 'date') ?? ''} ${attributeOf(one, 'time') ?? ''}`;
  return interpretations.reduce<XmlElement | undefined>(
    (best, one) => (best === undefined || when(one) > when(best) ? one : best),
    undefined,
  );
}

function readMeasurements(block: XmlElement, draft: EcgDraft): void {
  const blockEdited = isTrue(attributeOf(block, 'editedflag'));
  const seen = new Set<EcgMeasurementKind>();
  for (const [name, kind] of NAMES) {
    const element = childOf(block, name);
    const text = textOf(element);
    if (element === undefined || text === undefined || NOTHING.test(text) || seen.has(kind)) continue;
    const value = numberOf(text);
    if (value === undefined) draft.problems.add('ecg/measurement-unreadable', 'warning', pathOf(element));
    const edited = isTrue(attributeOf(element, 'editedflag') ?? (blockEdited ? 'true' : undefined));
    const found = measured(kind, value, pathOf(element), edited ? { edited: true } : {});
    if (found.length > 0) seen.add(kind);
    draft.measurements.push(...found);
  }
}

function readStatements(interpretation: XmlElement, draft: EcgDraft): void {
  const add = (element: XmlElement, kind: EcgStatement['kind'], text: string | undefined, code?: string): void => {
    if (text === undefined) return;
    const by = isTrue(attributeOf(element, 'editedflag')) ? 'person' : 'machine';
    draft.statements.push({ text, ...(code === undefined ? {} : { code }), kind, by, at: pathOf(element) });
  };
  for (const severity of childrenOf(interpretation, 'severity'))
    add(severity, 'summary', textOf(severity), attributeOf(severity, 'code'));
  for (const statement of childrenOf(interpretation, 'statement')) {
    const parts = [textOf(statement, 'leftstatement'), textOf(statement, 'rightstatement')].filter(Boolean);
    const text = parts.length === 0 ? undefined : parts.join(' · ');
    add(statement, 'statement', text, textOf(statement, 'statementcode'));
  }
}

function isTrue(text: string | undefined): boolean {
  return text?.toLowerCase() === 'true';
}
