/**
 * Break-glass (DESIGN 5): `Concord-Purpose: BTG` with a reason opens a person's results without a treating relationship, and
 * despite an opt-out, for an hour; each opening waits for a reviewer. Who opens too many in an hour opens no more.
 */
import { joinKey } from '../../base/digest.ts';
import { LIMITS } from '../../base/limits.ts';
import { done, type Outcome, type Refusal, refuse } from '../../base/outcome.ts';
import type { BreakGlass, GlassJudgement } from '../../terms/break-glass.ts';
import type { FhirCaller } from '../../terms/fhir-caller.ts';
import type { Instant } from '../../terms/instant.ts';
import type { PatientRef } from '../../terms/patient-link.ts';
import { refusalOf } from '../answer.ts';
import { patientMac } from '../pseudonyms.ts';
import type { Gateway } from '../gateway.ts';

/** The glass stays whole, and the caller is told: in an emergency silence would look like "no results". */
export class GlassWithheld extends Error {
  override readonly name = 'GlassWithheld';
  readonly refusal: Refusal;
  constructor(refusal: Refusal) {
    super(refusal.code);
    this.refusal = refusal;
  }
}

/**
 * True when the glass is broken, now or within the hour before, for the caller's own Patient. Throws GlassWithheld
 * `gateway/too-much-glass`.
 */
export async function isGlassBroken(gateway: Gateway, caller: FhirCaller, patient: PatientRef): Promise<boolean> {
  const { purpose, reason } = caller.circumstances;
  if (purpose !== 'BTG' || reason === undefined || caller.channel.test) return false;
  const { facility, channel } = caller;
  const now = gateway.clock.now();
  const standing = await gateway.store.audit.openGlass({ facility: facility.id, channel: channel.id, patient, now });
  if (standing === undefined) await breakIt(gateway, caller, patient, reason);
  return true;
}

/** The opening and its audit event are durable before anything is shown. */
async function breakIt(gateway: Gateway, caller: FhirCaller, patient: PatientRef, reason: string): Promise<void> {
  const { facility, channel, circumstances } = caller;
  const at = gateway.clock.now();
  const { encounter } = circumstances;
  const encounterMac =
    encounter === undefined ? '' : gateway.pseudonym.text(joinKey('encounter', facility.id, encounter));
  const glass: BreakGlass = {
    id: gateway.random.uuid(),
    at,
    facility: facility.id,
    channel: channel.id,
    patient,
    encounterMac,
    reason,
    until: secondsFrom(at, LIMITS.glassSeconds),
    reviewedAt: null,
    reviewedBy: null,
    judgement: null,
  };
  const bound = { since: secondsFrom(at, -3_600), max: LIMITS.glassesPerHour };
  const opening = await gateway.store.transaction(async (tx) => {
    const came = await tx.openGlass(glass, bound);
    if (came === 'standing') return came;
    await tx.insertAudit([
      {
        id: gateway.random.uuid(),
        at,
        facility: facility.id,
        actor: channel.id,
        action: 'break-glass',
        patientMac: patientMac(gateway, patient),
        encounterMac,
        purpose: 'BTG',
        outcome: came === 'opened' ? 'success' : 'denied',
        detail: came === 'opened' ? glass.id : 'gateway/too-much-glass',
      },
    ]);
    return came;
  });
  if (opening === 'too-many') {
    const refusal = refusalOf('busy', 'gateway/too-much-glass', 'Concord-Purpose');
    throw new GlassWithheld({ ...refusal, retryAfterSeconds: RETRY_SECONDS });
  }
}

const RETRY_SECONDS = 600;

function secondsFrom(at: Instant, seconds: number): Instant {
  return new Date(Date.parse(at) + seconds * 1000).toISOString() as Instant;
}

export async function judgeGlass(
  gateway: Gateway,
  judgement: { readonly id: string; readonly as: GlassJudgement; readonly by: string },
): Promise<Outcome<{ readonly id: string; readonly judgement: GlassJudgement }>> {
  const { id, as, by } = judgement;
  const isJudged = await gateway.store.audit.judgeGlass(id, { as, by, at: gateway.clock.now() });
  return isJudged ? done({ id, judgement: as }) : refuse(refusalOf('not-found', 'gateway/unknown-glass', 'id'));
}
