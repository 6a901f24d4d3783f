/** What the CDS Hooks face does, as OpenAPI says it. */
import { type Content, json, type Paths } from '../openapi/describe.ts';
import { CARDS, FEEDBACK_ACCEPTED, FEEDBACK_OVERRIDDEN, HOOK, SIGN_HOOK, VIEW_HOOK } from '../openapi/example.ts';
import { BODY_REFUSED, TROUBLE } from '../openapi/refusals.ts';
import { cards, discovery, viewCards } from './answers.ts';
import type { Words } from '../openapi/tags.ts';
import { DISCOVERY, SELECT_ID, SIGN_ID, VIEW_ID } from './discovery.ts';
import { feedbackBody } from './feedback.ts';
import { selectBody, signBody, viewBody } from './hook-request.ts';

/** A call that its client signed, whatever is wrong with it. */
const SIGNED = ['access/bad-assertion'] as const;

function service(of: {
  readonly id: string;
  /** How its operations are called. */
  readonly name: string;
  readonly says: Words;
  readonly more: string;
  readonly body: Content;
}): Paths {
  return {
    [`/cds-services/${of.id}`]: {
      post: {
        id: of.name,
        tag: 'cds',
        says: of.says,
        more: `${of.more} The patient comes by prefetch, or is read at \`fhirServer\` by \`fhirAuthorization\`: the client’s own \`patientId\` means nothing here. What rests on the same results is one card within a visit, and what was answered stays silent. Where the patient’s situation asks for a new exam, the last one may come as a card of indicator \`info\` without suggestion: to read the new one against.`,
        who: 'channel',
        scopes: ['concord/check'],
        body: of.body,
        answers: {
          200: {
            says: 'Cards; none where there is nothing to offer.',
            content: json(cards, { electrolytes: { says: 'One card with a suggestion', value: CARDS } }),
          },
        },
        refusals: {
          401: SIGNED,
          400: [...BODY_REFUSED[400], 'gateway/too-many-orders', 'gateway/order-key-repeated'],
          412: ['web/missing-prefetch'],
          413: BODY_REFUSED[413],
          503: ['gateway/no-catalogue'],
        },
      },
    },
    [`/cds-services/${of.id}/feedback`]: {
      post: {
        id: `${of.name}Feedback`,
        tag: 'cds',
        says: ['卡片的反馈', 'Takes what became of cards: an accepted suggestion or a coded override.'],
        more: 'May come repeated, late and in any order: of one card the latest act counts, by `outcomeTimestamp`. Each is taken for itself; the first that was refused is answered, by its place.',
        who: 'channel',
        scopes: ['concord/reply'],
        body: json(feedbackBody, {
          accepted: { says: 'The earlier result is used', value: FEEDBACK_ACCEPTED },
          overridden: { says: 'The test is done again, and why', value: FEEDBACK_OVERRIDDEN },
        }),
        answers: { 200: { says: 'Taken; no body.' } },
        refusals: {
          401: SIGNED,
          400: [...BODY_REFUSED[400], 'ledger/unknown-reason'],
          404: ['gateway/unknown-offer'],
          409: ['ledger/not-offered'],
          413: BODY_REFUSED[413],
          503: ['gateway/no-catalogue'],
        },
      },
    },
  };
}

export const cdsPaths: Paths = {
  '/cds-services': {
    get: {
      id: 'cdsDiscovery',
      tag: 'cds',
      says: ['列出 CDS 服务', 'Lists the CDS services and the prefetch that each needs.'],
      who: 'anybody',
      answers: {
        200: {
          says: 'The services.',
          content: json(discovery, { services: { says: 'What is served here', value: DISCOVERY } }),
        },
      },
      more: 'Open to everybody; a token that comes all the same must be good. A client may sign its calls, this one included, by a JWT of its own for the address of the call or of the services (`iss`, `aud`, `exp`, `iat`, `jti` once, five minutes at most): then it needs no token.',
      refusals: {
        401: [...SIGNED, 'access/bad-token', 'access/expired-token', 'access/revoked-channel'],
        429: ['access/too-many-requests', 'access/too-many-refusals'],
        ...TROUBLE,
      },
    },
  },
  [`/cds-services/${VIEW_ID}`]: {
    post: {
      id: 'cdsPatientView',
      tag: 'cds',
      says: ['打开病历时的提示', 'Tells how many results of other facilities may still be used for the patient.'],
      more: 'At most one card, without values and without anything to accept: it is no offer. Nobody is made by it.',
      who: 'channel',
      scopes: ['concord/check'],
      body: json(viewBody, { opened: { says: 'The record is opened', value: VIEW_HOOK } }),
      answers: { 200: { says: 'One card, or none.', content: json(viewCards) } },
      refusals: {
        401: SIGNED,
        400: BODY_REFUSED[400],
        412: ['web/missing-prefetch'],
        413: BODY_REFUSED[413],
        503: ['gateway/no-catalogue'],
      },
    },
  },
  ...service({
    id: SELECT_ID,
    name: 'cdsOrderSelect',
    says: ['开单时问有无可互认的结果', 'Answers selected draft orders with a card for each result that may be used.'],
    more: 'Drafts that are no ServiceRequest, are not selected or carry no code are left alone.',
    body: json(selectBody, { electrolytes: { says: 'A draft order of electrolytes is selected', value: HOOK } }),
  }),
  ...service({
    id: SIGN_ID,
    name: 'cdsOrderSign',
    says: ['签署前再问一次', 'Answers all draft orders before they are signed, where nothing was answered yet.'],
    more: 'Drafts that are no ServiceRequest or carry no code are left alone.',
    body: json(signBody, { electrolytes: { says: 'Electrolytes are about to be signed', value: SIGN_HOOK } }),
  }),
};
