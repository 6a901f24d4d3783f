/**
 * HL7 annotated ECG, "FDA-XML" (ANSI/HL7 V3 ECG R1-2004, root `AnnotatedECG`), read by local names, since devices depart
 * from the schema: any prefix, ids in odd places, several series and sequence sets, Mindray's own elements and codes.
 */
import { LIMITS } from '../../base/limits.ts';
import type { Parsed } from '../../base/problem.ts';
import type { Decimal } from '../../base/decimal.ts';
import { leadName, leadNumber } from '../../signals/leads.ts';
import type { Ecg, EcgAcquisition, EcgDevice, EcgFilters, EcgGroup, EcgLead } from '../../terms/parsed/ecg.ts';
import { attributeOf, childOf, childrenOf, descendantsOf, pathOf, textOf, type XmlElement } from '../xml/element.ts';
import { readAnnotations } from './aecg-annotations.ts';
import { readSubject } from './aecg-subject.ts';
import { draftOf, type EcgDraft, finish } from './draft.ts';
import { readIntegers } from './integers.ts';
import {
  decimalOf,
  microvolts,
  numberOf,
  powerOfTen,
  present,
  rateOfHz,
  rateOfPeriod,
  scaleOf,
  timeOf,
  ZERO,
} from './values.ts';

export function readAecg(root: XmlElement): Parsed<Ecg> {
  const draft = draftOf('aecg');
  readSubject(root, draft);
  const series = childrenOf(root, 'component').flatMap((component) => childrenOf(component, 'series'));
  for (const one of series) {
    const kind = isBeat(one) ? 'median' : 'rhythm';
    readSets(one, kind, draft);
    for (const derivation of childrenOf(one, 'derivation'))
      for (const derived of childrenOf(derivation, 'derivedSeries')) readSets(derived, 'median', draft);
  }
  const first = series[0];
  setOffsets(draft.groups);
  draft.acquisition = acquisitionOf(root, first, draft);
  if (first !== undefined) {
    draft.device = deviceOf(first);
    draft.filters = filtersOf(first);
  }
  readAnnotations(root, draft);
  return finish(draft);
}

/** Sets that follow one another state absolute times: how long after the first each begins. */
function setOffsets(groups: EcgGroup[]): void {
  const begin = timeInMs(groups[0]?.start);
  for (const [k, group] of groups.entries()) {
    const after = timeInMs(group.start) - begin;
    if (after > 0) groups[k] = { ...group, offsetMs: decimalOf(after) };
  }
}

/** Local times of one file are compared with one another only; NaN for a bare date. */
function timeInMs(start: string | undefined): number {
  return start === undefined || start.length <= 10
    ? Number.NaN
    : Date.parse(/[+-]\d\d:\d\d$/.test(start) ? start : `${start}Z`);
}

function isBeat(series: XmlElement): boolean {
  return /REPRESENTATIVE_BEAT|MEDIAN/i.test(attributeOf(childOf(series, 'code'), 'code') ?? '');
}

function readSets(series: XmlElement, kind: EcgGroup['kind'], draft: EcgDraft): void {
  const label = attributeOf(childOf(series, 'code'), 'code');
  for (const set of childrenOf(series, 'component').flatMap((component) => childrenOf(component, 'sequenceSet'))) {
    const groups = kind === 'median' ? draft.medians : draft.groups;
    if (groups.length >= LIMITS.ecgGroupsMax) {
      draft.problems.add('ecg/too-many-groups', 'error', pathOf(set));
      return;
    }
    const group = readSet(set, { kind, ...(label === undefined ? {} : { label }) }, draft);
    if (group !== undefined) groups.push(group);
  }
}

function readSet(
  set: XmlElement,
  of: { readonly kind: EcgGroup['kind']; readonly label?: string },
  draft: EcgDraft,
): EcgGroup | undefined {
  const at = pathOf(set);
  const leads: EcgLead[] = [];
  let time: ReturnType<typeof timesOf> | undefined;
  for (const sequence of childrenOf(set, 'component').flatMap((component) => childrenOf(component, 'sequence'))) {
    const code = attributeOf(childOf(sequence, 'code'), 'code') ?? '';
    const value = childOf(sequence, 'value');
    if (
      code === 'TIME_ABSOLUTE' ||
      code === 'TIME_RELATIVE' ||
      attributeOf(value, 'type')?.includes('GLIST') === true
    ) {
      time = timesOf(value);
      continue;
    }
    const lead = leadOf(sequence, code, value, draft);
    if (lead !== undefined && leads.length < LIMITS.ecgLeadsMax) leads.push(lead);
  }
  if (leads.length === 0) {
    draft.problems.add('ecg/group-without-leads', 'error', at);
    return undefined;
  }
  if (time?.rate === undefined) {
    draft.problems.add('ecg/rate-missing', 'error', at);
    return undefined;
  }
  if (new Set(leads.map(({ samples }) => samples.length)).size > 1)
    draft.problems.add('ecg/leads-differ-in-length', 'warning', at);
  const { rate, start, offsetMs } = time;
  return {
    ...of,
    rate,
    ...(start === undefined ? {} : { start }),
    ...(offsetMs === undefined ? {} : { offsetMs }),
    leads,
    at,
  };
}

/** GLIST_TS and GLIST_PQ: `increment` is the time between two samples; `head` a time, or in GLIST_PQ how long after the start. */
function timesOf(value: XmlElement | undefined) {
  const head = childOf(value, 'head');
  const increment = childOf(value, 'increment');
  const step = numberOf(attributeOf(increment, 'value'));
  const unit = attributeOf(increment, 'unit') ?? 's';
  const rate = unit === 'Hz' ? rateOfHz(step) : rateOfPeriod(millisecondsOf(step, unit));
  const stated = attributeOf(head, 'value');
  const isRelative = attributeOf(head, 'unit') !== undefined || attributeOf(value, 'type')?.endsWith('_PQ') === true;
  if (!isRelative) return { rate, start: timeOf(stated), offsetMs: undefined };
  const after = millisecondsOf(numberOf(stated), attributeOf(head, 'unit') ?? unit);
  return { rate, start: undefined, offsetMs: after === undefined || !(Number(after) > 0) ? undefined : after };
}

function millisecondsOf(value: Decimal | undefined, unit: string): Decimal | undefined {
  const exponent = MILLISECONDS.get(unit);
  return value === undefined || exponent === undefined ? undefined : powerOfTen(value, exponent);
}

/** Units of time by the power of ten that makes them milliseconds. */
const MILLISECONDS: ReadonlyMap<string, number> = new Map([
  ['s', 3],
  ['ms', 0],
  ['us', -3],
  ['µs', -3],
]);

function leadOf(
  sequence: XmlElement,
  code: string,
  value: XmlElement | undefined,
  draft: EcgDraft,
): EcgLead | undefined {
  const at = pathOf(sequence);
  const digits = textOf(value, 'digits') ?? '';
  const samples = readIntegers(digits);
  if (samples === undefined) {
    draft.problems.add('ecg/samples-unreadable', 'error', `${at}/value/digits`);
    return undefined;
  }
  if (samples.length === 0) {
    draft.problems.add('ecg/lead-empty', 'warning', `${at}/value/digits`);
    return undefined;
  }
  const number = leadNumber(code);
  if (number === undefined) draft.problems.add('ecg/lead-unknown', 'warning', `${at}/code`);
  return {
    name: (number === undefined ? undefined : leadName(number)) ?? code,
    ...(number === undefined ? {} : { number }),
    samples,
    ...voltagesOf(value, at, draft),
    ...(draft.version === 'mindray' ? { absent: MINDRAY_NOTHING } : {}),
    at,
  };
}

/** What the dialect writes for whatever it has not. */
const MINDRAY_NOTHING = -32_768;

function voltagesOf(value: XmlElement | undefined, at: string, draft: EcgDraft): Pick<EcgLead, 'scale' | 'offset'> {
  const [scaleAt, originAt] = [childOf(value, 'scale'), childOf(value, 'origin')];
  const scale = scaleOf(numberOf(attributeOf(scaleAt, 'value')), attributeOf(scaleAt, 'unit'));
  const origin = attributeOf(originAt, 'value');
  const offset = origin === undefined ? ZERO : microvolts(numberOf(origin), attributeOf(originAt, 'unit'));
  if (scale === undefined) draft.problems.add('ecg/scale-missing', 'error', `${at}/value/scale`);
  if (offset === undefined && Number(origin) !== 0)
    draft.problems.add('ecg/offset-unreadable', 'error', `${at}/value/origin`);
  const isSure = offset !== undefined || Number(origin) === 0;
  return { ...(scale === undefined || !isSure ? {} : { scale }), offset: offset ?? ZERO };
}

function acquisitionOf(root: XmlElement, series: XmlElement | undefined, draft: EcgDraft): EcgAcquisition {
  const own = intervalStart(childOf(root, 'effectiveTime'));
  const ofSeries = intervalStart(childOf(series, 'effectiveTime'));
  const start = draft.groups.find((group) => (group.start ?? '').length > 10)?.start ?? ofSeries?.time ?? own?.time;
  const id = childOf(root, 'id');
  const site = descendantsOf(root, 'trialSite')[0] ?? descendantsOf(root, 'testingSite')[0];
  return present<EcgAcquisition>({
    ...draft.acquisition,
    // The root names one document; a fixed extension names all of a vendor's.
    id: attributeOf(id, 'root') ?? attributeOf(id, 'extension'),
    start,
    startAt: start === undefined ? undefined : pathOf(childOf(series ?? root, 'effectiveTime') ?? root),
    facility: textOf(site, 'location/name') ?? textOf(site, 'name'),
    technician: textOf(series, 'secondaryPerformer/seriesPerformer/assignedPerson/name'),
  });
}

/** `center`, else `low`. */
function intervalStart(element: XmlElement | undefined): { readonly time: string | undefined } | undefined {
  if (element === undefined) return undefined;
  const value =
    attributeOf(childOf(element, 'low'), 'value') ??
    attributeOf(childOf(element, 'center'), 'value') ??
    attributeOf(element, 'value');
  return { time: timeOf(value) };
}

function deviceOf(series: XmlElement): EcgDevice {
  const author = childOf(series, 'author/seriesAuthor');
  const device = childOf(author, 'manufacturedSeriesDevice');
  const serial = textOf(device, 'SerialNumber') ?? attributeOf(childOf(device, 'id'), 'extension');
  return present<EcgDevice>({
    maker: textOf(author, 'manufacturerOrganization/name'),
    model: textOf(device, 'manufacturerModelName'),
    serial: serial === '0' ? undefined : serial,
    software: textOf(device, 'softwareName'),
  });
}

const FILTERS: ReadonlyMap<string, keyof EcgFilters> = new Map([
  ['MDC_ECG_CTL_VBL_ATTR_FILTER_HIGH_PASS', 'highPassHz'],
  ['MDC_ECG_CTL_VBL_ATTR_FILTER_LOW_PASS', 'lowPassHz'],
  ['MDC_ECG_CTL_VBL_ATTR_FILTER_NOTCH', 'notchHz'],
]);

function filtersOf(series: XmlElement): EcgFilters {
  const found: { -readonly [K in keyof EcgFilters]: EcgFilters[K] } = {};
  for (const outer of childrenOf(series, 'controlVariable')) {
    const variable = childOf(outer, 'controlVariable') ?? outer;
    const key = FILTERS.get(attributeOf(childOf(variable, 'code'), 'code') ?? '');
    if (key === undefined) continue;
    const parts = [variable, ...childrenOf(variable, 'component').flatMap((one) => childrenOf(one, 'controlVariable'))];
    for (const part of parts) {
      const value = childOf(part, 'value');
      const hz = attributeOf(value, 'unit') === 'Hz' ? numberOf(attributeOf(value, 'value')) : undefined;
      if (hz !== undefined && Number(hz) > 0) found[key] = hz;
    }
  }
  return found;
}
