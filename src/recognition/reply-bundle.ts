/**
 * A doctor's act as FHIR R4, for the asker's own record: a Task about the order that says what was decided and rests on which
 * earlier results, and a Communication where the patient was told (facts 4.2). A collection Bundle; nothing of it is kept here.
 */
import { uuidOf } from '../base/digest.ts';
import type { Catalogue } from '../terms/catalogue.ts';
import type { Offer } from '../terms/offer.ts';
import type { Reply } from '../terms/reply.ts';
import { targetName } from './words.ts';

/** R4 task-status of each act. */
const STATUS = { accepted: 'completed', refused: 'rejected', revoked: 'cancelled' } as const;
const REASONS = 'urn:concord:refusal-reason';

export interface ReplyBundle {
  readonly resourceType: 'Bundle';
  readonly type: 'collection';
  readonly entry: readonly { readonly fullUrl: string; readonly resource: Readonly<Record<string, unknown>> }[];
}

/** `entry`: id of the ledger's entry, which names the Task. */
export function replyBundle(
  { decision, patient }: Pick<Offer, 'decision' | 'patient'>,
  reply: Reply,
  of: {
    readonly entry: string;
    readonly catalogue: Pick<Catalogue, 'items' | 'panels' | 'refusalReasons'>;
    /** The FHIR base that references lead to, without a slash at its end. */
    readonly base: string;
  },
): ReplyBundle {
  const task = `urn:uuid:${uuidOf(`task ${of.entry}`)}`;
  const subject = { type: 'Patient', reference: `${of.base}/Patient/${patient.patient}` };
  const told =
    reply.patientInformed === true
      ? [{ fullUrl: `urn:uuid:${uuidOf(`communication ${of.entry}`)}`, resource: communication(reply, subject, task) }]
      : [];
  return {
    resourceType: 'Bundle',
    type: 'collection',
    entry: [
      {
        fullUrl: task,
        resource: {
          resourceType: 'Task',
          status: STATUS[reply.outcome],
          ...statusReason(reply, of.catalogue),
          intent: 'proposal',
          code: { text: `检查检验结果互认：${targetName(of.catalogue, decision.target ?? '')}` },
          // The order by the asker's own name of it.
          focus: { type: 'ServiceRequest', identifier: { value: decision.key } },
          for: subject,
          authoredOn: reply.at,
          ...(reply.practitioner === undefined ? {} : { requester: { display: reply.practitioner } }),
          ...inputs(decision, of.base),
        },
      },
      ...told,
    ],
  };
}

function statusReason({ reason = '', comment }: Reply, { refusalReasons }: Pick<Catalogue, 'refusalReasons'>): object {
  const known = refusalReasons.find(({ code }) => code === reason);
  if (known === undefined) return comment === undefined ? {} : { statusReason: { text: comment } };
  const coding = [
    { system: REASONS, code: known.code, display: known.zh },
    ...(known.second === undefined ? [] : [known.second]),
  ];
  return { statusReason: { coding, text: comment ?? known.zh } };
}

/** Nothing where the card showed no result. */
function inputs({ items }: Offer['decision'], base: string): object {
  const shown = items.flatMap(({ item, entry, verdict }) =>
    entry === undefined || verdict === 'do-not'
      ? []
      : [{ type: { text: item }, valueReference: { reference: `${base}/Observation/${entry.element}` } }],
  );
  return shown.length === 0 ? {} : { input: shown };
}

function communication({ at }: Reply, subject: object, task: string): Readonly<Record<string, unknown>> {
  return {
    resourceType: 'Communication',
    status: 'completed',
    subject,
    about: [{ reference: task }],
    sent: at,
    payload: [{ contentString: '已向患者或家属说明 · the patient was informed' }],
  };
}
