/** The shapes of `/recognition/check` and `/recognition/replies` (DESIGN 6, SETTLED 22). */
import { z } from 'zod';
import type { Instant } from '../../terms/instant.ts';
import type { Question } from '../../terms/question.ts';
import type { Reply } from '../../terms/reply.ts';

const text = z.string().min(1).max(256);
/** An instant of a century that this gateway may see: the year 0 and the year 10,000 are none of a database's. */
export const instant = z.iso.datetime({ offset: true }).regex(/^(?:19|20|21)\d\d-/);

export const checkBody = z.strictObject({
  patient: z.strictObject({
    identifiers: z
      .array(
        z.strictObject({ system: z.string().max(256).default(''), type: z.string().max(20).default(''), value: text }),
      )
      .max(20),
    name: text.optional(),
    birthDate: z.iso.date().optional(),
    sex: z.enum(['male', 'female', 'other', 'unknown']).optional(),
  }),
  encounter: text.optional(),
  practitioner: text.optional(),
  /** A code of v3-PurposeOfUse: it goes into the audit, which holds no free text. */
  purpose: z
    .string()
    .regex(/^[A-Z]{2,20}$/)
    .optional(),
  orders: z
    .array(
      z.strictObject({
        key: text,
        code: z.strictObject({
          system: z.string().max(256).default(''),
          code: text,
          display: z.string().max(256).optional(),
        }),
        priority: z.enum(['routine', 'urgent', 'asap', 'stat']).optional(),
      }),
    )
    .min(1)
    .max(1000),
});

export const replyBody = z
  .strictObject({
    offer: z.uuid(),
    outcome: z.enum(['accepted', 'refused', 'revoked']),
    reason: z.string().max(20).optional(),
    comment: z.string().max(2000).optional(),
    patientInformed: z.boolean().optional(),
    practitioner: text,
    at: instant,
  })
  // Here a refusal must be coded; only CDS Hooks lets a client override without a word.
  .refine((body) => body.outcome !== 'refused' || body.reason !== undefined, { path: ['reason'] });

/** Leaves out what is undefined: an absent element and an undefined one are not the same inside. */
export function present<T extends object>(value: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(value).filter(([, held]) => held !== undefined)) as never;
}

export function toQuestion(body: z.infer<typeof checkBody>): Question {
  const { patient } = body;
  return present({
    patient: present({
      identifiers: patient.identifiers.map((identifier, index) => ({
        ...identifier,
        at: `patient.identifiers[${index}]`,
      })),
      names: patient.name === undefined ? [] : [patient.name],
      birthDate: patient.birthDate,
      sex: patient.sex,
      at: 'patient',
    }),
    encounter: body.encounter,
    practitioner: body.practitioner,
    purpose: body.purpose,
    orders: body.orders.map(({ key, code, priority }) =>
      present({ key, system: code.system, code: code.code, display: code.display, priority }),
    ),
  });
}

export function toReply(body: z.infer<typeof replyBody>): Reply {
  return present({ ...body, at: new Date(body.at).toISOString() as Instant });
}
