/** Annotations of an aECG: global measurements, those of single leads, and statements, each with who made it. */
import { leadName, leadNumber } from '../../signals/leads.ts';
import type { EcgMeasurement, EcgMeasurementKind, EcgStatement } from '../../terms/parsed/ecg.ts';
import { attributeOf, childOf, childrenOf, descendantsOf, pathOf, textOf, type XmlElement } from '../xml/element.ts';
import type { EcgDraft } from './draft.ts';
import { measured, microvolts, numberOf, powerOfTen } from './values.ts';

/** By code without `MDC_ECG_` or `MINDRAY_ECG_` and without `_GL` (global). */
const KINDS: Readonly<Record<string, EcgMeasurementKind>> = {
  HEART_RATE: 'ventricular-rate',
  HEART_RATE_VENTRICULAR: 'ventricular-rate',
  HEART_RATE_ATRIAL: 'atrial-rate',
  TIME_PD_RR: 'rr',
  TIME_PD_PP: 'pp',
  TIME_PD_P: 'p-duration',
  TIME_PD_PR: 'pr',
  TIME_PD_QRS: 'qrs',
  TIME_PD_QT: 'qt',
  TIME_PD_QTC: 'qtc',
  TIME_PD_QTCB: 'qtc-bazett',
  TIME_PD_QTCF: 'qtc-fridericia',
  TIME_PD_QTCH: 'qtc-hodges',
  ANGLE_P_FRONT: 'p-axis',
  ANGLE_QRS_FRONT: 'qrs-axis',
  ANGLE_T_FRONT: 't-axis',
  P_AXIS: 'p-axis',
  QRS_AXIS: 'qrs-axis',
  T_AXIS: 't-axis',
  RV5: 'r-v5',
  SV1: 's-v1',
  RV5_PLUS_SV1: 'r-v5-plus-s-v1',
};

const STATEMENTS: Readonly<Record<string, EcgStatement['kind']>> = {
  RHY: 'statement',
  INTERPRETATION: 'statement',
  INTERPRETATION_STATEMENT: 'statement',
  INTERPRETATION_SUMMARY: 'summary',
  INTERPRETATION_COMMENT: 'comment',
  INTERPRETATION_SEVERITY: 'severity',
};

export function readAnnotations(root: XmlElement, draft: EcgDraft): void {
  const seen = new Set<string>();
  for (const set of descendantsOf(root, 'annotationSet')) {
    const by = authorOf(set);
    if (by === 'machine') draft.confirmed ??= 'unconfirmed';
    for (const annotation of annotationsIn(set)) readAnnotation(annotation, { by, lead: undefined, seen }, draft);
  }
}

interface Context {
  readonly by: EcgStatement['by'];
  /** Of an annotation above: what stands within it is of that lead. */
  readonly lead: string | undefined;
  /** What was said already: the HL7 example repeats each interval for every lead. */
  readonly seen: Set<string>;
}

function annotationsIn(element: XmlElement): readonly XmlElement[] {
  return childrenOf(element, 'component').flatMap((component) => childrenOf(component, 'annotation'));
}

function readAnnotation(annotation: XmlElement, context: Context, draft: EcgDraft): void {
  const lead = leadOf(annotation) ?? context.lead;
  const code = attributeOf(childOf(annotation, 'code'), 'code') ?? '';
  const name = code
    .toUpperCase()
    .replace(/^(?:MDC|MINDRAY)_ECG_/, '')
    .replace(/_GL$/, '');
  const value = childOf(annotation, 'value');
  const kind = KINDS[name];
  if (kind !== undefined) {
    for (const found of measurementOf(kind, value, { lead, by: context.by, at: pathOf(annotation) }, draft)) {
      const key = `${found.kind} ${found.lead ?? ''} ${found.value} ${found.edited === true}`;
      if (!context.seen.has(key)) draft.measurements.push(found);
      context.seen.add(key);
    }
  } else if (name in STATEMENTS) {
    const text = attributeOf(value, 'displayName') ?? textOf(value) ?? attributeOf(value, 'value');
    const coded = attributeOf(value, 'code');
    const shown = text ?? coded;
    const key = `said ${context.by} ${shown ?? ''}`;
    // What is said of each lead again is said once.
    if (shown !== undefined && lead === undefined && !context.seen.has(key)) {
      context.seen.add(key);
      // Who only measured a few beats has confirmed nothing.
      if (context.by === 'person') draft.confirmed = 'confirmed';
      draft.statements.push({
        text: shown,
        ...(coded === undefined ? {} : { code: coded }),
        kind: STATEMENTS[name] ?? 'statement',
        by: context.by,
        at: pathOf(annotation),
      });
    }
  }
  for (const inner of annotationsIn(annotation)) readAnnotation(inner, { ...context, lead }, draft);
}

function measurementOf(
  kind: EcgMeasurementKind,
  value: XmlElement | undefined,
  of: { readonly lead: string | undefined; readonly by: EcgStatement['by']; readonly at: string },
  draft: EcgDraft,
): readonly EcgMeasurement[] {
  const stated = attributeOf(value, 'value');
  const unit = attributeOf(value, 'unit');
  const more = {
    ...(of.lead === undefined ? {} : { lead: of.lead }),
    ...(of.by === 'person' ? { edited: true as const } : {}),
  };
  const amount = inUnit(kind, stated, unit);
  if (stated !== undefined && amount === undefined) draft.problems.add('ecg/measurement-unreadable', 'warning', of.at);
  // Mindray's sentinel, whatever the unit.
  return stated === '-32768' ? [] : measured(kind, amount, of.at, more);
}

/** In the unit of the kind: Philips' converter leaves units out. */
function inUnit(kind: EcgMeasurementKind, stated: string | undefined, unit: string | undefined) {
  const value = numberOf(stated);
  if (value === undefined) return undefined;
  if (kind === 'r-v5' || kind === 's-v1' || kind === 'r-v5-plus-s-v1') {
    const microvolt = microvolts(value, unit ?? 'mV');
    return microvolt === undefined ? undefined : powerOfTen(microvolt, -3);
  }
  if (kind.endsWith('rate') || kind.endsWith('axis')) return value;
  switch (unit) {
    case undefined:
    case 'ms':
      return value;
    case 's':
      return powerOfTen(value, 3);
    case 'us':
      return powerOfTen(value, -3);
    default:
      return undefined;
  }
}

/** The lead that a region of interest names; none makes the annotation a global one. */
function leadOf(annotation: XmlElement): string | undefined {
  for (const support of childrenOf(annotation, 'support')) {
    for (const boundary of descendantsOf(support, 'boundary')) {
      const number = leadNumber(attributeOf(childOf(boundary, 'code'), 'code') ?? '');
      if (number !== undefined) return leadName(number);
    }
  }
  return undefined;
}

function authorOf(set: XmlElement): EcgStatement['by'] {
  const type = childOf(set, 'author/assignedEntity/assignedAuthorType');
  if (childOf(type, 'assignedPerson') !== undefined) return 'person';
  return childOf(type, 'assignedDevice') === undefined ? 'unknown' : 'machine';
}
