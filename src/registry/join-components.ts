/**
 * A later statement of a recording laid over an earlier one of the same standing: what it leaves out stays, since several
 * files tell of one recording. What a doctor signed is not filled up with what a machine had said before, and nothing of a
 * damaged file stands beside what came whole.
 */
import { printResource } from '../base/json.ts';
import type { CodeableConcept, DiagnosticReport, Observation, ObservationComponent, Resource } from '../terms/fhir.ts';
import { CORRUPT, SIGNAL_QUALITY } from '../terms/signal-quality.ts';

/** Components of both, in the order of their codes, those of `told` where both state one; its flag and time, where it has none. */
export function joinComponents(known: Resource, told: Resource): Resource {
  const [before, now] = [known as Observation, told as Observation];
  if (!isOfOneStanding(before.status, now.status)) return told;
  if (isCorrupt(before) !== isCorrupt(now)) return isCorrupt(now) ? known : told;
  const stated = new Set((now.component ?? []).map(({ code }) => keyOf(code)));
  const kept = (before.component ?? []).filter(({ code }) => !stated.has(keyOf(code)));
  const joined: Observation = {
    ...pick(before, ['interpretation', 'effectiveDateTime', 'device', 'note', 'extension']),
    ...now,
  };
  if (kept.length === 0) return joined as Resource;
  const component = [...(now.component ?? []), ...kept].toSorted(byCode);
  // Its reason for having none is gone with the first that it has.
  const { dataAbsentReason: _, ...rest } = joined;
  return { ...rest, component } as Resource;
}

/** What is said of the recording, by whom, and how far it stands: all of one statement or none of it. */
const SAID = ['conclusion', 'conclusionCode', 'resultsInterpreter'] as const;
/** What the recording is: any statement may add to it. */
const IDENTIFYING = ['identifier', 'performer', 'effectiveDateTime', 'extension', 'presentedForm'] as const;

/** Members that `told` does not state. */
export function joinMembers(known: Resource, told: Resource): Resource {
  const [before, now] = [known as DiagnosticReport, told as DiagnosticReport];
  const says = SAID.some((member) => now[member] !== undefined);
  const said = says || !isOfOneStanding(before.status, now.status) ? {} : pick(before, SAID);
  return { ...pick(before, IDENTIFYING), ...said, ...now } as Resource;
}

function pick<T extends object, K extends keyof T>(from: T, keys: readonly K[]): Partial<Pick<T, K>> {
  const made: Partial<Pick<T, K>> = {};
  for (const key of keys) if (from[key] !== undefined) made[key] = from[key];
  return made;
}

function isCorrupt({ extension }: Observation): boolean {
  return (extension ?? []).some(
    (one) => one.url === SIGNAL_QUALITY && one.extension?.some(({ valueCode }) => valueCode === CORRUPT) === true,
  );
}

const SIGNED: ReadonlySet<string> = new Set(['final', 'amended', 'corrected', 'appended']);

function isOfOneStanding(one: string, other: string): boolean {
  return one === other || (SIGNED.has(one) && SIGNED.has(other));
}

function byCode(left: ObservationComponent, right: ObservationComponent): number {
  const [one, other] = [keyOf(left.code), keyOf(right.code)];
  return one < other ? -1 : one > other ? 1 : 0;
}

/** All codings of a concept; its text where it has none. */
function keyOf(code: CodeableConcept): string {
  return printResource(code);
}
