/** What notices and concerns do, as OpenAPI says it. */
import { z } from 'zod';
import { json, type Paths } from '../openapi/describe.ts';
import { BODY_REFUSED } from '../openapi/refusals.ts';
import { concernBody, noticeLine } from './notice-bodies.ts';

export const noticePaths: Paths = {
  '/recognition/notices': {
    get: {
      id: 'notices',
      tag: 'recognition',
      says: ['待办提醒', 'Lists what the facility has to be told of results, the oldest first.'],
      more: 'A result that one of its doctors relied on was corrected, withdrawn, turned out to be another human’s, or lost its quality mark; or a doctor elsewhere says that a result of its own is wrong. At most 500. No values: read the result.',
      who: 'channel',
      scopes: ['concord/check'],
      answers: { 200: { says: 'The open notices.', content: json(z.array(noticeLine)) } },
    },
  },
  '/recognition/notices/{id}/close': {
    post: {
      id: 'closeNotice',
      tag: 'recognition',
      says: ['了结提醒', 'Closes a notice of the facility: somebody has seen to it.'],
      who: 'channel',
      scopes: ['concord/reply'],
      path: z.object({ id: z.string() }),
      answers: { 200: { says: 'It is closed.', content: json(z.object({ id: z.string(), closed: z.literal(true) })) } },
      refusals: { 404: ['gateway/unknown-notice'] },
    },
  },
  '/recognition/concerns': {
    post: {
      id: 'concern',
      tag: 'recognition',
      says: ['反馈错误数据', 'Reports that a shown result is wrong: person, value or image.'],
      more: 'It becomes a notice of the facility that gave the result. A wrong person waits for a steward as well.',
      who: 'channel',
      scopes: ['concord/reply'],
      body: json(concernBody, {
        person: {
          says: 'Another human’s result',
          value: {
            offer: '7f3c2c1e-4a3b-4f8e-9d7a-2f6f1f0e9b11',
            kind: 'wrong-person',
            comment: '患者否认曾在该院就诊',
          },
        },
      }),
      answers: { 200: { says: 'A notice a result.', content: json(z.object({ notices: z.array(z.uuid()) })) } },
      refusals: {
        400: BODY_REFUSED[400],
        404: ['gateway/unknown-offer', 'gateway/no-such-result'],
        413: BODY_REFUSED[413],
      },
    },
  },
};
