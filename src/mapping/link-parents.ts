/**
 * Parent and child results of microbiology (facts 6): OBR-26 and OBR-29 lead from a susceptibility report to
 * the organism that it was made on; without them OBX-4 does within one report (`1` → `1.1`, `1a`).
 */
import type { Observation } from '../terms/fhir.ts';
import type { ReportDraft } from './map-report.ts';
import { numbersOf } from './report-key.ts';
import type { Run } from './run.ts';

export function linkParents(reports: readonly ReportDraft[], run: Run): void {
  for (const child of reports) {
    if (child.order.obr?.has(26) === true) linkByParentResult(child, reports, run);
    else linkBySubId(child);
  }
}

function linkByParentResult(child: ReportDraft, reports: readonly ReportDraft[], run: Run): void {
  const { obr } = child.order;
  if (obr === undefined) return;
  const code = obr.part(26, 1, 1, 1);
  const subId = obr.part(26, 1, 0, 2);
  obr.markField(26);
  const placer = obr.peek(29, 1, 1, 1);
  const filler = obr.peek(29, 1, 2, 1);
  const parents = reports.filter((report) => report !== child && isParent(report, filler, placer));
  const found = parents
    .flatMap((report) => report.results)
    .find(
      ({ group }) =>
        group.obx.peek(3, 1, 0, 1) === code && (subId === undefined || group.obx.segment.text(4) === subId),
    );
  if (found === undefined) {
    run.problem('mapping/parent-not-found', 'information', obr.at(26));
    return;
  }
  for (const { observation } of child.results) link(found.observation, observation);
}

/** Without numbers in OBR-29, any other report may be the parent; OBR-26 still has to fit. */
function isParent(report: ReportDraft, filler: string | undefined, placer: string | undefined): boolean {
  if (filler === undefined && placer === undefined) return true;
  const [itsFiller, itsPlacer] = numbersOf(report.order);
  return (filler !== undefined && filler === itsFiller) || (placer !== undefined && placer === itsPlacer);
}

function linkBySubId(report: ReportDraft): void {
  const bySubId = new Map<string, (Observation & { id: string })[]>();
  for (const { group, observation } of report.results) {
    const subId = group.obx.has(4) ? group.obx.segment.text(4) : undefined;
    if (subId === undefined) continue;
    const same = bySubId.get(subId);
    if (same === undefined) bySubId.set(subId, [observation]);
    else same.push(observation);
  }
  if (bySubId.size < 2) return;
  for (const [subId, children] of bySubId) {
    const parentId = /^(.+?)(?:\.\d+|[a-z])$/.exec(subId)?.[1];
    const parents = parentId === undefined ? undefined : bySubId.get(parentId);
    // Only one result with that sub-id can be the parent; several would be a guess.
    if (parents?.length === 1) for (const child of children) link(parents[0] as Observation & { id: string }, child);
  }
}

function link(parent: Observation & { id: string }, child: Observation & { id: string }): void {
  (parent.hasMember ??= []).push({ reference: `Observation/${child.id}` });
  (child.derivedFrom ??= []).push({ reference: `Observation/${parent.id}` });
}
