/** A report number that is used again for something else is a conflict, never a correction (SETTLED 21). */
import type { Problem } from '../base/problem.ts';
import type { ContainerVersion } from '../terms/container.ts';
import type { FacilityProfile } from '../terms/facility.ts';
import type { MappedReport } from '../terms/mapped.ts';
import type { RegistryCode } from './problems.ts';

const CONFLICT_HOURS = 48;
const HOUR = 3_600_000;

/** One problem at the report's position and one at each of its elements; undefined when the report may be merged. */
export function conflictWith(
  previous: ContainerVersion,
  incoming: MappedReport,
  context: { readonly samePatient: boolean; readonly profile: FacilityProfile },
): readonly Problem[] | undefined {
  const code = conflictCode(previous, incoming, context);
  if (code === undefined) return undefined;
  const positions = new Set([incoming.at, ...incoming.elements.map(({ at }) => at)]);
  return [...positions].map((at) => ({ code, severity: 'error', at }));
}

function conflictCode(
  previous: ContainerVersion,
  incoming: MappedReport,
  context: { readonly samePatient: boolean; readonly profile: FacilityProfile },
): RegistryCode | undefined {
  if (!context.samePatient) return 'registry/other-patient';
  if (previous.collectedAt === undefined || incoming.collectedAt === undefined) return undefined;
  const apart = Math.abs(Date.parse(previous.collectedAt) - Date.parse(incoming.collectedAt));
  const allowed = (context.profile.conflictHours ?? CONFLICT_HOURS) * HOUR;
  return apart > allowed ? 'registry/collection-apart' : undefined;
}
