/** What `/admin` does, as OpenAPI says it: messages, identity, audit, ledger; and the two files beside it. */
import { z } from 'zod';
import type { Paths } from '../openapi/describe.ts';
import { ANSWER, ORU, QUESTION } from '../openapi/example.ts';
import { BODY_REFUSED } from '../openapi/refusals.ts';
import { checkAnswer } from '../recognition/answers.ts';
import { json } from '../openapi/describe.ts';
import { anchors } from '../ledger/operations.ts';
import * as answers from './answers.ts';
import { judgementBody, trailQuery } from './audit-routes.ts';
import * as bodies from './bodies.ts';
import { cataloguePaths } from './catalogue-operations.ts';
import { channelPaths } from './channel-operations.ts';
import { configurationPaths } from './configuration-operations.ts';
import { doctorQuery } from './doctor-route.ts';
import { explanation } from './explanation.ts';
import { irregularity } from './irregularity.ts';
import { reportQuery } from './ledger-routes.ts';
import { monthReport } from './month-report.ts';
import { noticeAdminPaths } from './notice-routes.ts';
import { list, task } from './task.ts';
import { whatIfPaths } from './what-if-route.ts';

const act = z.object({ act: z.enum(['link', 'unlink', 'opt-out']) });
const id = z.object({ id: z.string() });

const operationPaths: Paths = {
  '/admin/counts': {
    get: task('counts', 'operation', ['计数', 'Counts messages, results, people, offers and ledger entries.'], {
      answers: { 200: { says: 'Numbers only.', content: json(answers.counts) } },
    }),
  },
  '/admin/offers/{id}/explanation': {
    get: task(
      'explain',
      'operation',
      ['重现决定', 'Makes an old decision again from what its offer kept, with every check.'],
      {
        more: 'Results, records, facilities, what was said of the patient and the catalogue are those of then. It is a read, and audited.',
        path: id,
        answers: {
          200: { says: 'The decision, and what differs, if anything does.', content: json(explanation) },
        },
        refusals: { 404: ['gateway/unknown-offer', 'gateway/unknown-catalogue'], 409: ['gateway/no-inputs'] },
      },
    ),
  },
  '/admin/envelopes': {
    get: list(
      'envelopes',
      'operation',
      ['最近的消息', 'Lists the latest 200 messages, all or of one outcome.'],
      answers.envelope,
      { query: z.object({ outcome: z.enum(['stored', 'quarantined', 'rejected', 'pending']).optional() }) },
    ),
  },
  '/admin/ingest': {
    post: task('ingest', 'operation', ['导入文件', 'Takes a file of messages, or an ECG, as coming from a facility.'], {
      more: 'Over the folder channel that is named, else over the facility’s, which the first file makes. Up to 64 MB, by and by.',
      query: z.object({ facility: z.string().optional(), channel: z.string().optional() }),
      body: {
        type: 'application/hl7-v2',
        schema: z.string(),
        examples: { electrolytes: { says: 'A file with one message', value: ORU } },
      },
      answers: { 200: { says: 'What came of the messages.', content: json(answers.ingested) } },
      refusals: {
        400: ['web/body-cut-off'],
        404: ['gateway/unknown-facility', 'gateway/unknown-channel'],
        409: ['gateway/channel-kind', 'gateway/channel-revoked'],
        413: ['web/body-too-large', 'web/too-many-messages'],
      },
    }),
  },
  '/admin/replay': {
    post: task(
      'replay',
      'operation',
      ['重放消息', 'Sends kept messages down the path again, one or all of an outcome.'],
      {
        body: json(bodies.replayBody, {
          quarantined: { says: 'All that is quarantined', value: { outcome: 'quarantined' } },
        }),
        answers: { 200: { says: 'What came of them.', content: json(answers.replayed) } },
        refusals: { ...BODY_REFUSED, 404: ['gateway/unknown-envelope'] },
      },
    ),
  },
  '/admin/check': {
    post: task(
      'adminCheck',
      'operation',
      ['代某机构试问', 'Asks a question as a facility would, and leaves no offer.'],
      {
        body: json(bodies.adminCheckBody, {
          electrolytes: { says: 'As the city hospital would ask', value: { ...QUESTION, facility: 'city' } },
        }),
        answers: {
          200: {
            says: 'As `/recognition/check` answers, without offers: results are not shown.',
            content: json(checkAnswer, {
              electrolytes: {
                says: 'What the city hospital would be told',
                value: { ...ANSWER, items: ANSWER.items.map((item) => ({ ...item, results: [], offer: null })) },
              },
            }),
          },
        },
        refusals: {
          400: [...BODY_REFUSED[400], 'gateway/too-many-orders', 'gateway/order-key-repeated'],
          404: ['gateway/unknown-facility'],
          413: BODY_REFUSED[413],
          503: ['gateway/no-catalogue'],
        },
      },
    ),
  },
  '/admin/offers/relied-on-retracted': {
    get: list(
      'reliedOnRetracted',
      'operation',
      ['引用了已撤回结果的提示', 'Lists offers that relied on a result retracted since, the newest 1000.'],
      answers.reliance,
    ),
  },
};

const stewardshipPaths: Paths = {
  '/admin/identity': {
    get: list(
      'identityQueue',
      'stewardship',
      ['待处理的身份', 'Lists records that wait for a steward: conflicts first.'],
      answers.queued,
      { query: z.object({ kind: z.enum(['conflict', 'suspended', 'possible']).optional() }) },
    ),
  },
  '/admin/identity/{act}': {
    post: task(
      'steward',
      'stewardship',
      ['处理身份', 'Links two records, takes one out of its set, or notes an opt-out.'],
      {
        more: '`to` is wanted by `link` alone. Each act is undone without loss.',
        path: act,
        body: json(bodies.identityBody, {
          unlink: {
            says: 'A record is taken out of its set',
            value: { patient: { bucket: 7, patient: '7-example', facility: 'city' }, steward: 'S01' },
          },
        }),
        answers: { 200: { says: 'As it stands now.', content: json(answers.identityAct) } },
        refusals: {
          ...BODY_REFUSED,
          400: [...BODY_REFUSED[400], 'gateway/same-patient'],
          404: ['gateway/unknown-patient', 'web/not-found'],
        },
      },
    ),
  },
  '/admin/audit': {
    get: list(
      'auditTrail',
      'stewardship',
      ['审计轨迹', 'Lists who did what: of a facility, or of a patient at all facilities.'],
      answers.trailLine,
      {
        more: 'The newest 500. Looking is written down too. Either `facility` or `patient`, not both.',
        query: trailQuery,
        refusals: { 400: ['web/wrong-shape'], 404: ['gateway/unknown-patient'] },
      },
    ),
  },
  '/admin/break-glass': {
    get: list(
      'glasses',
      'stewardship',
      ['紧急调阅', 'Lists break-glass openings that wait for a reviewer.'],
      answers.glass,
      { query: z.object({ all: z.literal('1').optional().meta({ description: 'Those that were reviewed, too.' }) }) },
    ),
  },
  '/admin/break-glass/{id}': {
    post: task('judgeGlass', 'stewardship', ['审查紧急调阅', 'Notes the reviewer’s judgement on an opening.'], {
      path: id,
      body: json(judgementBody, { justified: { says: 'It was right', value: { as: 'justified', by: 'R01' } } }),
      answers: { 200: { says: 'As judged.', content: json(answers.judged) } },
      refusals: { ...BODY_REFUSED, 404: ['gateway/unknown-glass'] },
    }),
  },
  '/admin/ledger/verify': {
    get: task(
      'verifyLedger',
      'stewardship',
      ['校验账本', 'Walks every chain of the ledger and names the first fault.'],
      {
        answers: { 200: { says: '`ok` says whether it holds.', content: json(answers.verification) } },
      },
    ),
  },
  '/admin/ledger/anchors': {
    get: task('adminAnchors', 'stewardship', ['账本锚点', 'Lists the signed daily anchors, by day.'], {
      answers: { 200: { says: 'The newest 400.', content: json(anchors) } },
    }),
  },
  '/admin/ledger/report': {
    get: task(
      'monthReport',
      'stewardship',
      ['月报', 'Reports a month: orders asked about, what came of them, what it was worth.'],
      {
        more: 'Denominators are orders *asked about*, one a patient, visit and target. `Accept: text/csv` gives its lines as CSV, `application/fhir+json` its shares as Measures and MeasureReports. With the same `asOf` the same report.',
        query: reportQuery,
        answers: {
          200: {
            says: 'The report. Amounts in fen: net = gross − reversed = settled + provisional.',
            contents: [
              json(monthReport),
              { type: 'text/csv', schema: z.string() },
              { type: 'application/fhir+json', schema: z.looseObject({ resourceType: z.literal('Bundle') }) },
            ],
          },
        },
        refusals: { 400: ['gateway/bad-month', 'web/wrong-shape'], 404: ['gateway/unknown-catalogue'] },
      },
    ),
  },
  '/admin/ledger/irregularities': {
    get: list(
      'irregularities',
      'stewardship',
      ['异常线索', 'Lists signs of gaming in a month, with their evidence.'],
      irregularity,
      {
        more: 'Acceptances within seconds, results of the own house counted as another’s, a similar code after an acceptance, collections moved to later. Signs, and no verdict.',
        query: z.object({ month: z.string().meta({ description: 'YYYY-MM.' }) }),
        refusals: { 400: ['gateway/bad-month'] },
      },
    ),
  },
  '/admin/ledger/export': {
    get: task(
      'exportLedger',
      'stewardship',
      ['导出账本', 'Writes the whole ledger as lines of JSON, to be verified elsewhere.'],
      {
        more: 'A head, every chain place by place, an end. Pseudonyms and amounts; no name and no value.',
        answers: { 200: { says: 'The lines.', content: { type: 'application/x-ndjson', schema: z.string() } } },
      },
    ),
  },
};

const doctorPaths: Paths = {
  '/admin/doctor': {
    get: task('doctor', 'operation', ['体检', 'Names what an operator has to look at.'], {
      more: 'Settings, keys, database and clock are looked at by `concord doctor`, beside this.',
      query: doctorQuery,
      answers: { 200: { says: 'An area without findings is as it should be.', content: json(answers.diagnosis) } },
      refusals: { 400: ['web/wrong-shape'] },
    }),
  },
};

export const adminPaths: Paths = {
  ...configurationPaths,
  ...cataloguePaths,
  ...whatIfPaths,
  ...noticeAdminPaths,
  ...channelPaths,
  ...operationPaths,
  ...doctorPaths,
  ...stewardshipPaths,
};
