/** What `/recognition` does, as OpenAPI says it. */
import { json, type Paths } from '../openapi/describe.ts';
import { ACCEPTED, ANSWER, QUESTION, RECEIPT, REFUSED } from '../openapi/example.ts';
import { BODY_REFUSED } from '../openapi/refusals.ts';
import { checkAnswer, receipt } from './answers.ts';
import { checkBody, replyBody } from './bodies.ts';

export const recognitionPaths: Paths = {
  '/recognition/check': {
    post: {
      id: 'check',
      tag: 'recognition',
      says: ['问有无可互认的结果', 'Asks whether the ordered tests were done already and may be used.'],
      more: 'Each order gets its decision; an offer is made where a result may be used or is to be looked at. Without `encounter` what leads to no offer shows no reason. "No earlier result" and "do not recognise" are answers, not errors. Where the patient’s situation asks for a new exam (an ECG with chest pain), `comparison` holds the last one to read it against: nothing is offered by it, and no reply can be made to it. If the answer is late, the order goes on as usual.',
      who: 'channel',
      scopes: ['concord/check'],
      body: json(checkBody, {
        electrolytes: { says: 'Electrolytes, done two hours ago at another hospital', value: QUESTION },
      }),
      answers: {
        200: {
          says: 'A decision for each order, in the order of the question.',
          content: json(checkAnswer, { electrolytes: { says: 'Use what the county hospital found', value: ANSWER } }),
        },
      },
      refusals: {
        400: [...BODY_REFUSED[400], 'gateway/too-many-orders', 'gateway/order-key-repeated'],
        413: BODY_REFUSED[413],
        503: ['gateway/no-catalogue'],
      },
    },
  },
  '/recognition/replies': {
    post: {
      id: 'reply',
      tag: 'recognition',
      says: ['医生的答复：采用、不采用或撤销', "Records the doctor's act on an offer, and gives a receipt."],
      more: 'The same reply again changes nothing and gets the same receipt. A refusal states a coded reason. An answered offer is answered otherwise only after it was revoked.',
      who: 'channel',
      scopes: ['concord/reply'],
      body: json(replyBody, {
        accepted: { says: 'The earlier result is used', value: ACCEPTED },
        refused: { says: 'The test is done again, and why', value: REFUSED },
      }),
      answers: {
        200: {
          says: 'What stands in the ledger.',
          content: json(receipt, { receipt: { says: 'The entry and its hash', value: RECEIPT } }),
        },
      },
      refusals: {
        400: [...BODY_REFUSED[400], 'ledger/unknown-reason'],
        404: ['gateway/unknown-offer'],
        409: ['ledger/answered-otherwise', 'ledger/nothing-to-revoke', 'ledger/not-offered'],
        413: BODY_REFUSED[413],
        503: ['gateway/no-catalogue'],
      },
    },
  },
};
