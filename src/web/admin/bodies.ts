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
      name: z.string().min(1).max(128).meta({ description: 'Shown on cards.' }),
      parent: id.optional().meta({ description: 'A facility that it belongs to.' }),
      level: z
        .union([z.literal(1), z.literal(2), z.literal(3)])
        .meta({ description: 'Hospital level (医院等级): 3 tertiary, 2 secondary, 1 primary.' }),
      area: z
        .string()
        .regex(/^\d{6}$/)
        .meta({ description: 'Administrative division (GB/T 2260).' }),
      alliances: list.default([]).meta({ description: 'Agreements and alliances (医联体) that it belongs to.' }),
      zone: z.string().refine(knowsZone).meta({ description: 'IANA zone of times that carry none.' }),
      profile: z
        .strictObject({
          update: z
            .enum(['delta', 'snapshot'])
            .default('delta')
            .meta({ description: '`delta`: a result absent from a newer message stays; `snapshot`: it is retracted.' }),
          reportKey: z
            .array(z.enum(['filler', 'placer', 'code', 'occurrence', 'collected-date', 'message-date']))
            .optional()
            .meta({ description: 'What tells reports apart.' }),
          elementKeyByObx21: z.boolean().optional(),
          patientKeyTypes: list
            .optional()
            .meta({ description: 'Types of PID-3 that tell patients apart, best first.' }),
          nationalIdType: z.string().max(20).optional(),
          senders: list.optional().meta({ description: 'What its senders state in MSH-4; another is told.' }),
          charset: z.string().max(40).optional().meta({ description: 'Where a message’s own label says nothing.' }),
          conflictHours: z.number().int().positive().max(8760).optional(),
        })
        .default({ update: 'delta' }),
    }),
  )
  .max(10_000);

export function toFacility(body: z.infer<typeof facilitiesBody>[number]): Facility {
  return present({ ...body, profile: present(body.profile) }) as unknown as Facility;
}

const scopes = z
  .array(z.string().min(1).max(300))
  .min(1)
  .max(50)
  .meta({ description: 'SMART v2 system scopes and `concord/…` verbs.' });

const issuer = z.string().min(1).max(256);

export const channelBody = z.strictObject({
  id: id.optional(),
  facility: id,
  kind: z.enum(['client', 'mllp', 'folder']),
  port: z.number().int().min(0).max(65_535).optional().meta({ description: 'Of an MLLP listener.' }),
  from: z.union([z.ipv4(), z.ipv6()]).optional().meta({ description: 'The address that may speak there.' }),
  test: z.boolean().default(false).meta({ description: 'Nothing that comes over it ever reaches a card.' }),
  jwks: z.string().max(65_536).optional().meta({ description: 'An RFC 7517 set as text, public keys only.' }),
  jwksUrl: z.url().max(500).optional().meta({ description: 'Where the client publishes its keys.' }),
  scopes: scopes.optional(),
  issuer: issuer
    .optional()
    .meta({ description: '`iss` of the JWTs that its CDS Hooks client signs with these keys; one channel’s alone.' }),
  orders: z.enum(['ask', 'feed']).optional().meta({
    description: 'What its order messages are: asked about (unless told), or told only so that they are known.',
  }),
});

export const keysBody = z.strictObject({
  jwks: z.string().max(65_536).optional().meta({ description: 'An RFC 7517 set as text, public keys only.' }),
  jwksUrl: z.url().max(500).optional().meta({ description: 'Where the client publishes its keys.' }),
});

export const scopesBody = z.strictObject({ scopes });

export const issuerBody = z.strictObject({ issuer: issuer.nullable().meta({ description: 'Null takes it away.' }) });

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
      target: z.string().max(64).meta({ description: 'Item, or panel of an order; empty: none, on purpose.' }),
    }),
  )
  .max(100_000);

export function toCodeMapRow(body: z.infer<typeof codesBody>[number]): CodeMapRow {
  return body as unknown as CodeMapRow;
}

const record = z.strictObject({
  line: z.number().int().positive().meta({ description: 'Where it stands in its file: problems name it.' }),
  fields: z.record(z.string(), z.string().max(4000)),
});

/** Tables by file name, rows with their line numbers: the command line reads the CSV, the compiler judges it. */
export const catalogueBody = z.record(
  z.string().max(64),
  z.strictObject({ columns: z.array(z.string().max(64)).max(64), records: z.array(record).max(100_000) }),
);

export const digestBody = z.strictObject({ digest: z.string().min(1).max(64) });

export const replayBody = z.strictObject({
  envelope: z.uuid().optional(),
  outcome: z.enum(['quarantined', 'rejected', 'pending']).optional(),
});

export const adminCheckBody = checkBody.extend({ facility: id });

const patientBody = z.strictObject({ bucket: z.number().int().min(0).max(1023), patient: id, facility: id });

export const identityBody = z.strictObject({
  patient: patientBody,
  to: patientBody.optional(),
  steward: z.string().min(1).max(64).meta({ description: 'Who says so; it goes into the audit.' }),
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
