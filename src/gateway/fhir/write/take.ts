/**
 * One unit of what a FHIR client sends becomes one transaction: its bytes are kept as an envelope, everything of it is
 * written or nothing, and the same bundle sent again under its own identifier is answered as before (SETTLED 16, 17).
 */
import { utf8 } from '../../../base/bytes.ts';
import { digestOf, joinKey } from '../../../base/digest.ts';
import { done, type Outcome, refuse, type Refusal } from '../../../base/outcome.ts';
import type { Problem } from '../../../base/problem.ts';
import type { FhirCaller } from '../../../terms/fhir-caller.ts';
import type { Envelope } from '../../../terms/envelope.ts';
import { untilIdsSettle } from '../../claim-ids.ts';
import type { Gateway } from '../../gateway.ts';
import { auditAccess } from '../audit-access.ts';
import type { Draft, Written } from './draft.ts';
import { writeDrafts } from './write-drafts.ts';
import { WriteRefused } from './write-refused.ts';
import { refuseOutOfScope } from './write-scope.ts';

export interface Unit {
  readonly bytes: Uint8Array;
  readonly drafts: readonly Draft[];
  /** What the sender names it by; '' when it has no name: then it is never taken for a resend. */
  readonly identifier: string;
  /** Warnings that are told with the answer and kept with the envelope. */
  readonly problems: readonly Problem[];
  readonly base: string;
  /** The answer's text; kept for what has a name, so that a resend is answered alike. */
  answer(written: readonly Written[]): string;
}

export type Taken = Outcome<{ readonly text: string; readonly written: readonly Written[]; readonly resend: boolean }>;

/** A refusal with what was wrong in detail. */
export interface DetailedRefusal extends Refusal {
  readonly problems?: readonly Problem[];
}

const decoder = new TextDecoder();
const NO_ANSWER = new Uint8Array();

export async function takeUnit(gateway: Gateway, caller: FhirCaller, unit: Unit): Promise<Taken> {
  const envelope = envelopeOf(gateway, caller, unit);
  const reference = await gateway.reference.current();
  try {
    for (const draft of unit.drafts) refuseOutOfScope(caller, draft);
    return await untilIdsSettle((known) =>
      gateway.store.transaction(async (tx) => {
        if (unit.identifier !== '') {
          const { resend } = await tx.seenBefore(envelope);
          if (resend !== undefined) return done({ text: decoder.decode(resend.ack), written: [], resend: true });
        }
        await tx.insertEnvelope(envelope);
        const context = { envelope: envelope.id, receivedAt: envelope.receivedAt, reference, known, base: unit.base };
        const written = await writeDrafts(gateway, tx, caller, unit.drafts, context);
        const text = unit.answer(written);
        const results = unit.drafts.filter(({ type }) => type === 'Observation').length;
        await tx.finishEnvelope(envelope.id, {
          outcome: 'stored',
          problems: unit.problems,
          // What has no name is never asked for again.
          ack: unit.identifier === '' ? NO_ANSWER : utf8(text),
          resultsIn: results,
          resultsStored: results,
        });
        return done({ text, written, resend: false });
      }),
    );
  } catch (error) {
    if (error instanceof WriteRefused) {
      await auditRefusal(gateway, caller, unit, error.refusal);
      return refuse(error.refusal);
    }
    throw error;
  }
}

/** Refusals that keep a caller from what is another's, or beyond its scopes. */
const DENIALS: ReadonlySet<string> = new Set([
  'gateway/scope',
  'gateway/not-there',
  'gateway/id-not-given',
  'gateway/reference-not-there',
]);

/** One event for the unit: all of it was refused. */
async function auditRefusal(gateway: Gateway, caller: FhirCaller, unit: Unit, { code }: Refusal): Promise<void> {
  if (!DENIALS.has(code)) return;
  const resource = unit.drafts.length === 1 ? (unit.drafts[0]?.type ?? '') : 'Bundle';
  await auditAccess(gateway, caller, { action: 'denied', resource, outcome: 'denied', detail: code, patients: [] });
}

function envelopeOf(gateway: Gateway, { channel, facility }: FhirCaller, { bytes, identifier }: Unit): Envelope {
  const id = gateway.random.uuid();
  // Without a name each is its own: who creates twice wants two.
  const control =
    identifier === ''
      ? joinKey('fhir', id)
      : joinKey('fhir-bundle', facility.id, channel.test ? 'test' : '', identifier);
  return {
    id,
    facility: facility.id,
    channel: channel.id,
    receivedAt: gateway.clock.now(),
    format: 'fhir',
    bytes,
    digest: digestOf(bytes),
    controlMac: gateway.ids.index.text(control),
    test: channel.test,
  };
}
