/** Shapes of `/admin` bodies, and what they become inside. */
import { z } from 'zod';
import { knowsZone } from '../../base/zone.ts';
import type { Refusal } from '../../base/outcome.ts';
import type { ClientKeys } from '../../gateway/channels.ts';
import { type GatewayCode, SENTENCES } from '../../gateway/problems.ts';
import type { IdentityQueueItem } from '../../ports/store-tx.ts';
import type { Bucket } from '../../terms/bucket.ts';
import type { Channel } from '../../terms/channel.ts';
import type { CodeMapRow } from '../../terms/code-map.ts';
import type { EnvelopeOutcome } from '../../terms/envelope.ts';
import type { Facility, FacilityId } from '../../terms/facility.ts';
import type { PatientRef } from '../../terms/patient-link.ts';
import { checkBody, present } from '../recognition/bodies.ts';

const id = z.string().regex(/^[A-Za-z0-9_.-]{1,64}$/);
const list = z.array(z.string().min(1).max(64)).max(100);

export const facilitiesBody = z
  .array(
    z.strictObject({
      id,
      name: z.string().min(1).max(128),
      parent: id.optional(),
      level: z.union([z.literal(1), z.literal(2), z.literal(3)]),
      area: z.string().regex(/^\d{6}$/),
      alliances: list.default([]),
      zone: z.string().refine(knowsZone),
      profile: z
        .strictObject({
          update: z.enum(['delta', 'snapshot']).default('delta'),
          reportKey: z
            .array(z.enum(['filler', 'placer', 'code', 'occurrence', 'collected-date', 'message-date']))
            .optional(),
          elementKeyByObx21: z.boolean().optional(),
          patientKeyTypes: list.optional(),
          nationalIdType: z.string().max(20).optional(),
          senders: list.optional(),
          charset: z.string().max(40).optional(),
          conflictHours: z.number().int().positive().max(8760).optional(),
        })
        .default({ update: 'delta' }),
    }),
  )
  .max(10_000);

export function toFacility(body: z.infer<typeof facilitiesBody>[number]): Facility {
  return present({ ...body, profile: present(body.profile) }) as unknown as Facility;
}

const scopes = z.array(z.string().min(1).max(300)).min(1).max(50);

export const channelBody = z.strictObject({
  id: id.optional(),
  facility: id,
  kind: z.enum(['client', 'mllp', 'folder']),
  port: z.number().int().min(0).max(65_535).optional(),
  from: z.union([z.ipv4(), z.ipv6()]).optional(),
  test: z.boolean().default(false),
  jwks: z.string().max(65_536).optional(),
  jwksUrl: z.url().max(500).optional(),
  scopes: scopes.optional(),
});

export const keysBody = z.strictObject({
  jwks: z.string().max(65_536).optional(),
  jwksUrl: z.url().max(500).optional(),
});

export const scopesBody = z.strictObject({ scopes });

export function toChannel(
  body: z.infer<typeof channelBody>,
): Omit<Channel, 'id'> & ClientKeys & { id?: Channel['id'] } {
  return present(body) as never;
}

export const tokenBody = z.strictObject({ channel: id });

export const codesBody = z
  .array(
    z.strictObject({
      facility: id,
      kind: z.enum(['order', 'result']),
      system: z.string().max(256).default(''),
      code: z.string().min(1).max(128),
      display: z.string().max(256).default(''),
      target: z.string().max(64),
    }),
  )
  .max(100_000);

export function toCodeMapRow(body: z.infer<typeof codesBody>[number]): CodeMapRow {
  return body as unknown as CodeMapRow;
}

const record = z.strictObject({
  line: z.number().int().positive(),
  fields: z.record(z.string(), z.string().max(4000)),
});

/** Tables by file name, rows with their line numbers: the command line reads the CSV, the compiler judges it. */
export const catalogueBody = z.record(
  z.string().max(64),
  z.strictObject({ columns: z.array(z.string().max(64)).max(64), records: z.array(record).max(100_000) }),
);

export const replayBody = z.strictObject({
  envelope: z.uuid().optional(),
  outcome: z.enum(['quarantined', 'rejected', 'pending']).optional(),
});

export const adminCheckBody = checkBody.extend({ facility: id });

const patientBody = z.strictObject({ bucket: z.number().int().min(0).max(1023), patient: id, facility: id });

export const identityBody = z.strictObject({
  patient: patientBody,
  to: patientBody.optional(),
  steward: z.string().min(1).max(64),
  optOut: z.boolean().default(true),
});

export function toIdentityAct(body: z.infer<typeof identityBody>) {
  return {
    patient: toRef(body.patient),
    to: body.to === undefined ? undefined : toRef(body.to),
    steward: body.steward,
    optOut: body.optOut,
  };
}

function toRef(body: z.infer<typeof patientBody>): PatientRef {
  return { bucket: body.bucket as Bucket, patient: body.patient, facility: body.facility as FacilityId };
}

export function outcomeOf(text: string | undefined): EnvelopeOutcome | undefined {
  return (['stored', 'quarantined', 'rejected', 'pending'] as const).find((outcome) => outcome === text);
}

export function queueKindOf(text: string | undefined): IdentityQueueItem['kind'] | undefined {
  return (['conflict', 'suspended', 'possible'] as const).find((kind) => kind === text);
}

export type UnknownCode = Extract<GatewayCode, `gateway/unknown-${string}`>;

export function unknownRefusal(code: UnknownCode, at: string): Refusal {
  return { category: 'not-found', code, sentence: SENTENCES[code], at };
}
