/**
 * Parent and child results of microbiology (facts 6): OBR-26 and OBR-29 lead from a susceptibility report to
 * the organism that it was made on; without them OBX-4 does within one report (`1` → `1.1`, `1a`).
 */
import { joinKey } from '../base/digest.ts';
import type { Observation } from '../terms/fhir.ts';
import type { ReportDraft } from './map-report.ts';
import { numbersOf } from './report-key.ts';
import type { Run } from './run.ts';

export function linkParents(reports: readonly ReportDraft[], run: Run): void {
  let parents: Parents | undefined;
  for (const child of reports) {
    if (child.order.obr?.has(26) === true) linkByParentResult(child, (parents ??= indexParents(reports)), run);
    else linkBySubId(child);
  }
}

/** Results by number of their report, code and sub-id; '' stands for any number and any sub-id. First two reports each. */
type Parents = ReadonlyMap<string, readonly Found[]>;
type Found = { readonly report: ReportDraft; readonly observation: Observation & { id: string } };

function indexParents(reports: readonly ReportDraft[]): Parents {
  const parents = new Map<string, Found[]>();
  for (const report of reports) {
    const numbers = new Set([
      '',
      ...numbersOf(report.order).map((number, i) => (number === undefined ? '' : `${i}${number}`)),
    ]);
    for (const { group, observation } of report.results) {
      const code = group.obx.peek(3, 1, 0, 1) ?? '';
      for (const number of numbers) {
        for (const subId of new Set(['', group.obx.segment.text(4) ?? ''])) {
          const key = joinKey(number, code, subId);
          const known = parents.get(key);
          if (known === undefined) parents.set(key, [{ report, observation }]);
          else if (known.length < 2 && known[0]?.report !== report) known.push({ report, observation });
        }
      }
    }
  }
  return parents;
}

/** Without numbers in OBR-29, any other report may be the parent; OBR-26 still has to fit. */
function linkByParentResult(child: ReportDraft, parents: Parents, run: Run): void {
  const { obr } = child.order;
  if (obr === undefined) return;
  const code = obr.part(26, 1, 1, 1) ?? '';
  const subId = obr.part(26, 1, 0, 2) ?? '';
  obr.markField(26);
  const [filler, placer] = [obr.peek(29, 1, 2, 1), obr.peek(29, 1, 1, 1)];
  const numbers = [filler === undefined ? '' : `0${filler}`, placer === undefined ? '' : `1${placer}`].filter(
    (number) => number !== '',
  );
  const found = (numbers.length === 0 ? [''] : numbers)
    .flatMap((number) => parents.get(joinKey(number, code, subId)) ?? [])
    .find(({ report }) => report !== child);
  if (found === undefined) {
    run.problem('mapping/parent-not-found', 'information', obr.at(26));
    return;
  }
  for (const { observation } of child.results) link(found.observation, observation);
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
