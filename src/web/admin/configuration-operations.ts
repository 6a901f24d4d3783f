/** What `/admin` does about facilities, codes and hospitals' own FHIR servers, as OpenAPI says it. */
import { z } from 'zod';
import { json, type Paths } from '../openapi/describe.ts';
import { BODY_REFUSED } from '../openapi/refusals.ts';
import { count, refusal } from '../openapi/schemas.ts';
import * as answers from './answers.ts';
import * as bodies from './bodies.ts';
import { list, task } from './task.ts';
import { upstreamBody } from './upstream-routes.ts';

const FACILITY = {
  id: 'county',
  name: '试验县医院',
  level: 2,
  area: '000001',
  alliances: ['alliance'],
  zone: 'Asia/Shanghai',
};
const CODE = { facility: 'county', kind: 'result', code: 'K', display: '钾', target: 'K' };
const ofFacility = z.object({ facility: z.string().optional().meta({ description: 'Of one facility alone.' }) });
const byFacility = z.object({ facility: z.string() });

export const configurationPaths: Paths = {
  '/admin/facilities': {
    get: list('facilities', 'configuration', ['机构', 'Lists the facilities.'], answers.facility),
    post: task('putFacilities', 'configuration', ['登记机构', 'Adds facilities, or changes known ones.'], {
      more: 'What is stored hangs on the key parts of a profile: another one for a known facility is refused unless `replace=1`.',
      query: z.object({ replace: z.literal('1').optional() }),
      body: json(bodies.facilitiesBody, { county: { says: 'A county hospital', value: [FACILITY] } }),
      answers: { 200: { says: 'How many there were.', content: json(z.object({ facilities: count })) } },
      refusals: {
        400: [...BODY_REFUSED[400], 'gateway/reserved-id', 'gateway/unknown-parent'],
        409: ['gateway/profile-change'],
        413: BODY_REFUSED[413],
      },
    }),
  },
  '/admin/codes': {
    get: list('codes', 'configuration', ['编码对照', 'Lists the code maps.'], answers.codeRow, { query: ofFacility }),
    post: task(
      'putCodes',
      'configuration',
      ['导入编码对照', 'Puts rows of code maps, and re-indexes what they touch.'],
      {
        more: 'An empty `target` says: mapped to nothing on purpose. One unknown target refuses all rows.',
        body: json(bodies.codesBody, { potassium: { says: 'A local code of potassium', value: [CODE] } }),
        answers: {
          200: { says: 'Rows, and results re-indexed.', content: json(z.object({ rows: count, reindexed: count })) },
        },
        refusals: {
          400: [...BODY_REFUSED[400], 'gateway/unknown-target'],
          404: ['gateway/unknown-facility'],
          413: BODY_REFUSED[413],
          503: ['gateway/no-catalogue'],
        },
      },
    ),
  },
  '/admin/codes/unmapped': {
    get: list(
      'unmappedCodes',
      'configuration',
      ['未对照的编码', 'Lists codes that were seen and have no map.'],
      answers.unmappedCode,
      {
        query: ofFacility,
      },
    ),
  },
  '/admin/upstreams': {
    get: list(
      'upstreams',
      'outside',
      ['医院的 FHIR 服务器', 'Lists hospitals’ FHIR servers that are read from.'],
      answers.upstream,
    ),
    post: task(
      'putUpstream',
      'outside',
      ['登记 FHIR 服务器', 'Says where a hospital’s own FHIR server is read from.'],
      {
        body: json(upstreamBody, {
          county: {
            says: 'The county hospital’s server',
            value: { facility: 'county', channel: 'county-client', baseUrl: 'https://fhir.county.example/r4' },
          },
        }),
        answers: { 200: { says: 'It is noted.', content: json(answers.facilityId) } },
        refusals: {
          400: [...BODY_REFUSED[400], 'web/host-not-allowed'],
          404: ['gateway/unknown-channel'],
          413: BODY_REFUSED[413],
        },
      },
    ),
  },
  '/admin/upstreams/{facility}/remove': {
    post: task('removeUpstream', 'outside', ['移除 FHIR 服务器', 'Reads from a hospital’s server no more.'], {
      path: byFacility,
      answers: { 200: { says: 'It is removed.', content: json(answers.facilityId) } },
      refusals: { 404: ['gateway/unknown-upstream'] },
    }),
  },
  '/admin/pull/{facility}': {
    post: task('pull', 'outside', ['立即读取报告', 'Reads new reports from a hospital’s server now.'], {
      more: 'A run that ends early goes on where it was. What went wrong outside is told by codes `outbound/…`: 503 where the server is away or refuses, 403 where an address may not be spoken to.',
      path: byFacility,
      answers: {
        200: { says: 'What was read.', content: json(answers.pulled) },
        400: {
          says: '`outbound/no-secret`: its secret is not in the environment.',
          content: { type: 'application/problem+json', schema: refusal },
        },
      },
      refusals: { 404: ['gateway/unknown-upstream'] },
    }),
  },
  '/admin/subscriptions': {
    get: list(
      'subscriptions',
      'outside',
      ['订阅', 'Lists subscriptions, without what they ask for.'],
      answers.subscription,
    ),
  },
  '/admin/deliveries': {
    get: list(
      'deadDeliveries',
      'outside',
      ['未送达的通知', 'Lists notifications that could not be brought out.'],
      answers.delivery,
    ),
  },
  '/admin/deliveries/{id}/redeliver': {
    post: task('redeliver', 'outside', ['重新送达', 'Lets a dead notification be tried again.'], {
      path: z.object({ id: z.string() }),
      answers: { 200: { says: 'It waits again.', content: json(z.object({ delivery: z.string() })) } },
      refusals: { 404: ['gateway/unknown-delivery'] },
    }),
  },
};
