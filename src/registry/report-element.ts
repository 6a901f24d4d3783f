/** The DiagnosticReport of a container: joined from the messages that told of it; what it and its results show. */
import type { ContainerElement } from '../terms/container.ts';
import type { DiagnosticReport, Reference, Resource } from '../terms/fhir.ts';
import type { Instant } from '../terms/instant.ts';
import { rankOf } from './precedence.ts';
import { asRetracted } from './retract.ts';

/**
 * The later statement's report, with the results and specimens of both: a message lists only its own. A `delta`
 * message without attachments leaves those that are there.
 */
export function joinReports(
  stored: ContainerElement,
  incoming: { readonly resource: Resource; readonly statedAt: Instant },
  rule: { readonly incomingWins: boolean; readonly keepsAttachments: boolean },
): ContainerElement {
  const known = stored.resource as DiagnosticReport;
  const told = incoming.resource as DiagnosticReport;
  const result = joinReferences(known.result, told.result);
  const specimen = joinReferences(known.specimen, told.specimen);
  const lists = { ...(result === undefined ? {} : { result }), ...(specimen === undefined ? {} : { specimen }) };
  if (!rule.incomingWins) return { ...stored, resource: { ...known, ...lists } as Resource };
  const keeps = rule.keepsAttachments && told.presentedForm === undefined && known.presentedForm !== undefined;
  const attachments = keeps ? { presentedForm: known.presentedForm } : {};
  return { ...stored, statedAt: incoming.statedAt, resource: { ...told, ...lists, ...attachments } as Resource };
}

function joinReferences(known: Reference[] | undefined, told: Reference[] | undefined): Reference[] | undefined {
  if (known === undefined || told === undefined) return known ?? told;
  const seen = new Set(known.map(({ reference }) => reference));
  return [...known, ...told.filter(({ reference }) => !seen.has(reference))];
}

/** The element as its sender stated it: what precedence judges. */
export function asStated(element: ContainerElement): ContainerElement {
  const { statedStatus, ...shown } = element;
  if (statedStatus === undefined) return element;
  return { ...shown, resource: { ...shown.resource, status: statedStatus } as Resource };
}

/**
 * The elements as they are shown. A retraction of the whole report shows every result that was not stated later as
 * entered in error. The report is entered in error when every result is, and has the status of its results when the
 * sender stated none. `statedStatus` keeps the sender's word where the two differ.
 */
export function asShown(elements: readonly ContainerElement[]): readonly ContainerElement[] {
  const report = elements.find(({ key }) => key === '');
  if (report === undefined) return elements;
  const { retractedAt } = report;
  const shown = elements.map((element) => {
    const isGone = retractedAt !== undefined && element.statedAt <= retractedAt && isResult(element);
    if (!isGone || rankOf(element.resource) === 'retracted') return element;
    return { ...element, statedStatus: statusIn(element), resource: asRetracted(element.resource) };
  });
  const status = statusOf(statusIn(report), shown.filter(isResult));
  if (status === statusIn(report)) return shown;
  const derived = { ...report, statedStatus: statusIn(report), resource: { ...report.resource, status } as Resource };
  return shown.map((element) => (element === report ? derived : element));
}

function isResult({ resource }: ContainerElement): boolean {
  return resource.resourceType === 'Observation';
}

function statusIn({ resource }: ContainerElement): string {
  return (resource as { status?: string }).status ?? '';
}

function statusOf(stated: string, results: readonly ContainerElement[]): string {
  if (results.length === 0 || stated === 'cancelled') return stated;
  const ranks = results.map(({ resource }) => rankOf(resource));
  if (ranks.every((rank) => rank === 'retracted')) return 'entered-in-error';
  if (stated !== 'unknown') return stated;
  const counted = ranks.filter((rank) => rank !== 'retracted');
  if (counted.every((rank) => rank === 'standing')) return 'final';
  if (counted.every((rank) => rank === 'pending')) return 'preliminary';
  return counted.includes('standing') ? 'partial' : stated;
}
