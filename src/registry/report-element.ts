/** The DiagnosticReport of a container: joined from the messages that told of it, its status from its results. */
import type { ContainerElement } from '../terms/container.ts';
import type { DiagnosticReport, Reference, Resource } from '../terms/fhir.ts';
import type { Instant } from '../terms/instant.ts';
import { rankOf } from './precedence.ts';

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
  const { key, version } = stored;
  return { key, version, statedAt: incoming.statedAt, resource: { ...told, ...lists, ...attachments } as Resource };
}

function joinReferences(known: Reference[] | undefined, told: Reference[] | undefined): Reference[] | undefined {
  if (known === undefined || told === undefined) return known ?? told;
  const seen = new Set(known.map(({ reference }) => reference));
  return [...known, ...told.filter(({ reference }) => !seen.has(reference))];
}

/**
 * Sets the report's status: entered in error when every result is; from the results when the sender stated none;
 * else as stated. `statedStatus` keeps the sender's word where the two differ.
 */
export function statusFromResults(elements: readonly ContainerElement[]): readonly ContainerElement[] {
  const report = elements.find(({ key }) => key === '');
  if (report === undefined) return elements;
  const shown = (report.resource as DiagnosticReport).status;
  const stated = report.statedStatus ?? shown;
  const results = elements.filter(({ resource }) => resource.resourceType === 'Observation');
  const status = statusOf(stated, results);
  if (status === shown && (report.statedStatus === undefined || status !== stated)) return elements;
  const { key, version, statedAt, resource } = report;
  const word = status === stated ? {} : { statedStatus: stated };
  const renewed = { key, version, statedAt, ...word, resource: { ...resource, status } as Resource };
  return elements.map((element) => (element === report ? renewed : element));
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
