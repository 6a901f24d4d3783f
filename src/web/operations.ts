/** What stands in this folder without a folder of its own, as OpenAPI says it: intake, health, metrics, the pages. */
import { z } from 'zod';
import type { DryRun } from '../gateway/dry-run.ts';
import { type Content, json, type Paths } from './openapi/describe.ts';
import { ACK, ORU } from './openapi/example.ts';
import { TROUBLE } from './openapi/refusals.ts';
import { count, type Fits, fhirBundle, problem } from './openapi/schemas.ts';

const html: Content = { type: 'text/html', schema: z.string() };
const hl7v2 = z.string().meta({ description: 'HL7 v2, in the character set that MSH-18 says.' });
const counts = z.record(z.string(), count);

const tried = z
  .object({
    in: counts.meta({ description: 'Segments by name.' }),
    out: counts.meta({ description: 'Resources by type.' }),
    problems: z.array(problem),
    unread: z.array(z.string()).meta({ description: 'Positions that carried data and were not read.' }),
    bundle: fhirBundle.optional().meta({ description: 'What the message became; ids mean nothing.' }),
  })
  .meta({ id: 'Tried' });

const takenEcg = z
  .object({
    envelope: z.uuid(),
    outcome: z.enum(['stored', 'quarantined', 'rejected', 'pending']),
    format: z.string().optional().meta({ description: 'Of the ECG, told by its content: `scp`, `aecg`, `dicom`, …' }),
    report: z.string().optional().meta({ description: 'Id of the DiagnosticReport: `/ecg/{id}.svg` shows it.' }),
    recording: z.string().optional().meta({ description: 'Id of the container of the waveform.' }),
    similar: z
      .array(z.string())
      .optional()
      .meta({ description: 'Recordings that are likely this one, by a lossy conversion: proposed, not merged.' }),
    resultsIn: count,
    resultsStored: count,
    problems: z.array(problem.extend({ sentence: z.string() }).meta({ id: 'ToldProblem' })),
  })
  .meta({ id: 'TakenEcg' });

/** The bundle is FHIR's to describe. */
export type IntakeFit = Fits<Omit<DryRun, 'bundle'>, ReturnType<typeof tried.omit<{ bundle: true }>>>;

export const intakePaths: Paths = {
  '/intake': {
    post: {
      id: 'intake',
      tag: 'intake',
      says: ['接收 HL7 v2 消息与心电图文件', 'Takes one HL7 v2 message or a batch, or an ECG file.'],
      more: 'What came is told by its content. An ECG file (aECG, SCP-ECG, DICOM, MUSE, Philips, MFER, EDF, ISHNE and others, PDF; a ZIP of a WFDB header and its signals) is answered in JSON: 200 when it is stored, 422 when it is kept and waits, or cannot be read. Each message is durable before it is acknowledged; the acknowledgement (AA, AE, AR, or CA) says what came of it, with status 200. The same bytes again get the same answer. With `dry-run=1` one message is parsed and mapped, and nothing is stored.',
      who: 'channel',
      scopes: ['concord/intake'],
      query: z.object({
        'dry-run': z
          .literal('1')
          .optional()
          .meta({ description: 'Tries the message and tells as JSON what it would become.' }),
      }),
      body: {
        type: 'application/hl7-v2',
        schema: hl7v2,
        examples: { electrolytes: { says: 'Four results of one tube', value: ORU } },
      },
      answers: {
        200: {
          says: 'The acknowledgements, in the order of the messages; of a dry run what the message would become.',
          contents: [
            {
              type: 'application/hl7-v2',
              schema: hl7v2,
              examples: { accepted: { says: 'The message was taken', value: ACK } },
            },
            json(z.union([tried, takenEcg])),
          ],
          headers: z.object({
            'x-concord-envelope': z
              .uuid()
              .optional()
              .meta({ description: 'Of a single message: the envelope that it lies in.' }),
          }),
        },
        422: { says: 'The ECG file is kept, and waits or cannot be read.', content: json(takenEcg) },
      },
      refusals: {
        400: ['web/not-hl7', 'web/several-messages', 'web/body-cut-off'],
        413: ['web/body-too-large', 'web/too-many-messages'],
      },
    },
  },
};

const READY_REFUSED = [
  'web/draining',
  ...TROUBLE[503],
  'gateway/database-version',
  'gateway/database-read-only',
  'web/not-set-up',
] as const;

export const healthPaths: Paths = {
  '/healthz': {
    get: {
      id: 'healthz',
      tag: 'operation',
      says: ['进程是否在运行', 'Says that the process is up; asks nobody.'],
      who: 'anybody',
      answers: { 200: { says: 'It is up.', content: json(z.object({ status: z.literal('up') })) } },
    },
  },
  '/readyz': {
    get: {
      id: 'readyz',
      tag: 'operation',
      says: ['能否接收请求', 'Says whether requests should be sent here.'],
      more: 'If not, `reasons` lists every one: `code`, `title` and `at` of each. The first is the problem itself.',
      who: 'anybody',
      answers: { 200: { says: 'They should.', content: json(z.object({ status: z.literal('ready') })) } },
      refusals: { ...TROUBLE, 503: READY_REFUSED },
    },
  },
  '/metrics': {
    get: {
      id: 'metrics',
      tag: 'operation',
      says: ['运行指标', 'Gives the metrics in the text format of Prometheus.'],
      more: 'Not on Workers, where there is no one process to count in. No label holds a value of a message.',
      who: 'operator',
      answers: { 200: { says: 'The metrics.', content: { type: 'text/plain', schema: z.string() } } },
      refusals: { 404: ['web/not-found'] },
    },
  },
};

const signIn = z.object({ token: z.string().meta({ description: "The administrator's." }) });

export const pagePaths: Paths = {
  '/': {
    get: {
      id: 'overview',
      tag: 'pages',
      says: ['总览页面', 'Shows the overview page: counts, codes and pseudonyms.'],
      more: 'In the demo nobody needs to sign in.',
      who: 'page',
      answers: { 200: { says: 'The page.', content: html }, 401: { says: 'The page to sign in.', content: html } },
    },
    post: {
      id: 'signIn',
      tag: 'pages',
      says: ['登录总览页面', 'Signs the administrator in on the overview page.'],
      who: 'anybody',
      body: { type: 'application/x-www-form-urlencoded', schema: signIn },
      answers: {
        303: { says: 'Signed in: a cookie for the overview page, for eight hours.' },
        401: { says: 'The token is wrong.', content: html },
        429: { says: 'Too many wrong ones: wait as Retry-After says.', content: html },
      },
      refusals: TROUBLE,
    },
  },
  '/openapi.json': {
    get: {
      id: 'openapi',
      tag: 'pages',
      says: ['本接口说明', 'Gives this description, OpenAPI 3.1.'],
      who: 'anybody',
      answers: { 200: { says: 'The document.', content: json(z.looseObject({ openapi: z.string() })) } },
    },
  },
  '/openapi': {
    get: {
      id: 'openapiPage',
      tag: 'pages',
      says: ['接口说明页面', 'Shows this description as a page.'],
      who: 'anybody',
      answers: { 200: { says: 'The page.', content: html } },
    },
  },
};
