/** The shapes of `/recognition/check` and `/recognition/replies` (DESIGN 6, SETTLED 22). */
import { z } from 'zod';
import { LIMITS } from '../../base/limits.ts';
import { SITUATIONS } from '../../terms/catalogue.ts';
import type { Instant } from '../../terms/instant.ts';
import { VISIT_CLASSES } from '../../terms/visit.ts';
import type { Question } from '../../terms/question.ts';
import type { Reply } from '../../terms/reply.ts';

const text = z.string().min(1).max(256);
/** An instant of a century that this gateway may see: the year 0 and the year 10,000 are none of a database's. */
export const instant = z.iso
  .datetime({ offset: true })
  .regex(/^(?:19|20|21)\d\d-/)
  .meta({ format: 'date-time' });

const identifier = z.strictObject({
  system: z
    .string()
    .max(256)
    .default('')
    .meta({ description: 'URI of who gives the number; empty: the asker itself.' }),
  type: z.string().max(20).default('').meta({ description: 'HL7 table 0203: `NI` national, `PI` the hospital’s own.' }),
  value: text,
});

const share = z.int().min(0).max(1000);

/** What is kept for figures is a code: no free text. */
const code = z.string().regex(/^[A-Za-z0-9._-]{1,40}$/);

const visitBody = z
  .strictObject({
    class: z.enum(VISIT_CLASSES).optional(),
    drg: z.boolean().optional().meta({ description: 'Paid by case (DRG, DIP): told apart in every sum.' }),
    specialty: code.optional(),
    payer: code.optional(),
    split: z
      .strictObject({ patient: share, fund: share, deductible: share })
      .refine(({ patient, fund, deductible }) => patient + fund + deductible === 1000)
      .optional()
      .meta({
        description: 'Who pays, in thousandths of a charge that make 1,000; left out, a sum is not attributed.',
      }),
  })
  .meta({ description: 'The visit, as figures are broken down by it.' });

export const checkBody = z
  .strictObject({
    patient: z.strictObject({
      identifiers: z.array(identifier).max(20),
      name: text.optional(),
      birthDate: z.iso.date().optional(),
      sex: z.enum(['male', 'female', 'other', 'unknown']).optional(),
    }),
    encounter: text.optional().meta({ description: 'The visit’s number: who treats sees reasons and results.' }),
    practitioner: text.optional(),
    visit: visitBody.optional(),
    /** It goes into the audit, which holds no free text. */
    purpose: z
      .string()
      .regex(/^[A-Z]{2,20}$/)
      .optional()
      .meta({ description: 'A code of v3-PurposeOfUse.' }),
    situations: z.array(z.enum(SITUATIONS)).max(SITUATIONS.length).optional().meta({
      description:
        'All of these that hold for the patient, none: `[]`. Left out, the asker does not say, and what hangs on it is for review. `acute-symptoms`: chest pain, syncope, palpitations and the like, for which an ECG is made anew.',
    }),
    orders: z
      .array(
        z.strictObject({
          key: text.meta({ description: 'The asker’s own name of the order, once in a question.' }),
          code: z.strictObject({
            system: z.string().max(256).default(''),
            code: text.meta({ description: 'A local code, mapped by the facility’s code map; or LOINC.' }),
            display: z.string().max(256).optional(),
          }),
          priority: z.enum(['routine', 'urgent', 'asap', 'stat']).optional(),
        }),
      )
      .min(1)
      .max(1000)
      .meta({ description: `More than ${LIMITS.ordersPerQuestionMax} are refused by their own code: ask in parts.` }),
  })
  .meta({ id: 'Question', description: 'Who the patient is, and what is about to be ordered.' });

/** Here a refusal must be coded; only CDS Hooks lets a client override without a word. */
const CODED = { anyOf: [{ properties: { outcome: { enum: ['accepted', 'revoked'] } } }, { required: ['reason'] }] };

export const replyBody = z
  .strictObject({
    offer: z.uuid().meta({ description: 'As the answer to the question named it.' }),
    outcome: z.enum(['accepted', 'refused', 'revoked']),
    reason: z.string().max(20).optional().meta({ description: 'A code of the catalogue’s reasons; needed to refuse.' }),
    comment: z.string().max(2000).optional(),
    patientInformed: z.boolean().optional(),
    practitioner: text,
    at: instant,
  })
  .refine((body) => body.outcome !== 'refused' || body.reason !== undefined, { path: ['reason'] })
  .meta({ id: 'Reply', description: 'The doctor’s act on an offer.', override: CODED });

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
    visit: body.visit === undefined ? undefined : present(body.visit),
    purpose: body.purpose,
    situations: body.situations,
    orders: body.orders.map(({ key, code, priority }) =>
      present({ key, system: code.system, code: code.code, display: code.display, priority }),
    ),
  });
}

export function toReply(body: z.infer<typeof replyBody>): Reply {
  return present({ ...body, at: new Date(body.at).toISOString() as Instant });
}
