/** A later statement of a recording laid over an earlier one: what it leaves out stays (several files tell of one recording). */
import { printResource } from '../base/json.ts';
import type { CodeableConcept, DiagnosticReport, Observation, ObservationComponent, Resource } from '../terms/fhir.ts';

/** Components of both, in the order of their codes, those of `told` where both state one. */
export function joinComponents(known: Resource, told: Resource): Resource {
  const [before, now] = [known as Observation, told as Observation];
  const stated = new Set((now.component ?? []).map(({ code }) => keyOf(code)));
  const kept = (before.component ?? []).filter(({ code }) => !stated.has(keyOf(code)));
  if (kept.length === 0) return told;
  const component = [...(now.component ?? []), ...kept].toSorted(byCode);
  // Its reason for having none is gone with the first that it has.
  const { dataAbsentReason: _, ...rest } = now;
  return { ...rest, component } as Resource;
}

/** Members that `told` does not state at all. */
export function joinMembers(known: Resource, told: Resource): Resource {
  return { ...(known as DiagnosticReport), ...(told as DiagnosticReport) } as Resource;
}

function byCode(left: ObservationComponent, right: ObservationComponent): number {
  const [one, other] = [keyOf(left.code), keyOf(right.code)];
  return one < other ? -1 : one > other ? 1 : 0;
}

/** All codings of a concept; its text where it has none. */
function keyOf(code: CodeableConcept): string {
  return printResource(code);
}
