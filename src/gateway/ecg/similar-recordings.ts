/**
 * Recordings that are likely one and yet not equal: a vendor's conversion moved samples by some µV (ecg.md 0.3). They are
 * proposed to whoever looks after the file, and never merged.
 */
import type { StoreTx } from '../../ports/store-tx.ts';
import { groupOfWaveform } from '../../mapping/ecg/waveform.ts';
import { isNearlyEqual } from '../../signals/signal-hash.ts';
import type { ContainerVersion } from '../../terms/container.ts';
import type { FacilityId } from '../../terms/facility.ts';
import type { Observation } from '../../terms/fhir.ts';
import type { Instant } from '../../terms/instant.ts';
import type { Mapped } from '../../terms/mapped.ts';
import type { Ecg } from '../../terms/parsed/ecg.ts';

/** Clocks of a cart and of what converts its files differ by no more. */
const APART_MS = 120_000;
const LOOKED_AT = 10;

/** Ids of recordings of the same Patient, begun within two minutes, that are nearly equal to this one. */
export async function similarRecordings(
  tx: StoreTx,
  { ecg, mapped, facility }: { readonly ecg: Ecg; readonly mapped: Mapped; readonly facility: FacilityId },
): Promise<readonly string[]> {
  const [one] = mapped.patients;
  const own = one?.reports.find(({ kind }) => kind === 'recording');
  if (one?.patient === undefined || own?.collectedAt === undefined) return [];
  const { bucket, resource } = one.patient;
  const at = Date.parse(own.collectedAt);
  const near = await tx.recordingsNear({
    patient: { bucket, patient: resource.id, facility },
    from: new Date(at - APART_MS).toISOString() as Instant,
    until: new Date(at + APART_MS).toISOString() as Instant,
    limit: LOOKED_AT,
  });
  return near
    .filter((other) => other.id !== own.id && isNearlyEqual(ecg, { groups: rhythmsOf(other) }))
    .map(({ id }) => id);
}

function rhythmsOf({ elements }: ContainerVersion) {
  return elements
    .flatMap(({ resource }) => groupOfWaveform(resource as unknown as Observation) ?? [])
    .filter(({ kind }) => kind === 'rhythm');
}
