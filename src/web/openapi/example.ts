/**
 * The story that the examples tell: a made-up person's electrolytes, done at one hospital in the morning, ordered again at
 * another. The number has the impossible area 000000; the ids are what a gateway may give.
 */
const PERSON = { national: '000000197003050110', name: '张试验', birthDate: '1970-03-05' };
const NATIONAL = 'urn:oid:2.16.156.10011.1.3';
export const OFFER = '6f9b1c7e-3a52-4d0c-9c1e-2b8a5d47e013';
const ENTRY = 'c2d8f5a1-7b64-4e39-8f20-91d3a6e05b7c';

/** ORU^R01 of the county hospital; segments end with a carriage return. */
export const ORU = `${[
  'MSH|^~\\&|LIS|COUNTY|CONCORD|REGION|20260301101500||ORU^R01|MSG00001|P|2.4||||||UNICODE UTF-8',
  `PID|1||M0001^^^^PI~${PERSON.national}^^^^NI||${PERSON.name}||19700305|M`,
  'OBR|1||R0001|DJZ^电解质^L|||20260301083000||||||||血清|||||||20260301101500|||F',
  'OBX|1|NM|K^钾^L||4.1|mmol/L|3.5-5.3||||F',
  'OBX|2|NM|NA^钠^L||140|mmol/L|137-147||||F',
  'OBX|3|NM|CL^氯^L||103|mmol/L|99-110||||F',
  'OBX|4|NM|CA^钙^L||2.31|mmol/L|2.11-2.52||||F',
].join('\r')}\r`;

export const ACK = 'MSH|^~\\&|CONCORD|REGION|LIS|COUNTY|20260301101501||ACK^R01|1|P|2.4\rMSA|AA|MSG00001\r';

export const QUESTION = {
  patient: {
    identifiers: [
      { type: 'PI', value: 'C0001' },
      { system: NATIONAL, type: 'NI', value: PERSON.national },
    ],
    name: PERSON.name,
    birthDate: PERSON.birthDate,
    sex: 'male',
  },
  encounter: 'E20260301-07',
  practitioner: 'D0042',
  purpose: 'TREAT',
  situations: [],
  orders: [{ key: 'o1', code: { code: 'DJZ', display: '电解质' }, priority: 'routine' }],
};

export const ANSWER = {
  sample: true,
  catalogue: 'q3mSfVnL0w4cI7pZbA1xHk8eRjD2yTgU5oNvB6sQ9Wc',
  items: [
    {
      key: 'o1',
      item: 'ELECTROLYTES',
      decision: 'recognise',
      coverage: 'full',
      missing: [],
      toOrder: [],
      abnormal: [],
      results: [
        {
          item: 'K',
          name: { zh: '钾', en: 'Potassium' },
          decision: 'recognise',
          value: '4.1',
          unit: 'mmol/L',
          referenceRange: '3.5-5.3',
          interpretation: [],
          collected: '2026-03-01T00:30:00.000Z',
          timeBasis: 'collected',
          facility: { id: 'county', name: '试验县医院' },
          report: '3f-r0001',
        },
      ],
      comparison: [],
      checks: [
        {
          item: 'K',
          code: 'window',
          state: 'passed',
          why: { zh: '采集于2.5小时前，在72小时内', en: 'Collected 2.5 hours ago, within 72 hours.' },
        },
      ],
      offer: OFFER,
      answered: null,
    },
  ],
};

export const ACCEPTED = { offer: OFFER, outcome: 'accepted', practitioner: 'D0042', at: '2026-03-01T11:00:20+08:00' };
export const REFUSED = {
  offer: OFFER,
  outcome: 'refused',
  reason: '01',
  comment: '病情变化',
  practitioner: 'D0042',
  at: '2026-03-01T11:00:20+08:00',
};
export const RECEIPT = {
  entry: ENTRY,
  hash: 'h0Qm4Wc7sZ2nB8vK1xT5yLrU9eJ3aPdG6fRiNoXbEtM',
  note: '检查检验结果互认：电解质四项采用已有结果；试验县医院 2026-03-01 08:30 采集：钾 4.1 mmol/L（参考区间 3.5-5.3）（互认标识：试验HR）；患者告知情况未记录。',
  fhir: {
    resourceType: 'Bundle',
    type: 'collection',
    entry: [
      {
        fullUrl: 'urn:uuid:5a1f0c2e-7d3b-8a44-9c5e-1f2a3b4c5d6e',
        resource: {
          resourceType: 'Task',
          status: 'completed',
          intent: 'proposal',
          code: { text: '检查检验结果互认：电解质四项' },
          focus: { type: 'ServiceRequest', identifier: { value: '1' } },
        },
      },
    ],
  },
};

export const HOOK = {
  hook: 'order-select',
  hookInstance: '5c7a6d2e-0000-4000-8000-000000000001',
  context: {
    userId: 'Practitioner/D0042',
    patientId: 'his-1',
    encounterId: 'E20260301-08',
    selections: ['ServiceRequest/draft-1'],
    draftOrders: {
      resourceType: 'Bundle',
      entry: [
        {
          resource: {
            resourceType: 'ServiceRequest',
            id: 'draft-1',
            status: 'draft',
            intent: 'order',
            code: { coding: [{ code: 'DJZ', display: '电解质' }] },
          },
        },
      ],
    },
  },
  prefetch: {
    patient: {
      resourceType: 'Patient',
      identifier: [{ value: 'C0001' }, { system: NATIONAL, value: PERSON.national }],
      name: [{ text: PERSON.name }],
      birthDate: PERSON.birthDate,
      gender: 'male',
    },
  },
};

const { selections: _selections, ...SIGN_CONTEXT } = HOOK.context;
const { draftOrders: _drafts, ...OPENED } = SIGN_CONTEXT;
export const VIEW_HOOK = { ...HOOK, hook: 'patient-view', context: OPENED };

export const SIGN_HOOK = { ...HOOK, hook: 'order-sign', context: SIGN_CONTEXT };

export const CARDS = {
  cards: [
    {
      uuid: OFFER,
      summary: '电解质：试验县医院 2026-03-01 已有结果，可互认',
      detail:
        '| 项目 | 结果 | 单位 | 参考区间 | 时间 | 机构 |\n|---|---|---|---|---|---|\n| 钾 | 4.1 | mmol/L | 3.5-5.3 | 2026-03-01 采集 collected | 试验县医院 |',
      indicator: 'warning',
      source: { label: '检查检验结果互认（示例目录） · Concord, sample catalogue' },
      suggestions: [
        {
          uuid: OFFER,
          label: '采用已有结果，撤下本次申请 · Use the earlier result, drop this order',
          isRecommended: true,
          actions: [
            { type: 'delete', description: '撤下申请 · Remove the draft order', resourceId: 'ServiceRequest/draft-1' },
          ],
        },
      ],
      selectionBehavior: 'at-most-one',
      overrideReasons: [
        {
          system: 'urn:concord:refusal-reason',
          code: '01',
          display: '病情变化 · The condition has changed',
          extension: { 'urn:concord:counts-as-refusal': true },
        },
      ],
    },
  ],
};

export const FEEDBACK_ACCEPTED = {
  feedback: [
    {
      card: OFFER,
      outcome: 'accepted',
      acceptedSuggestions: [{ id: OFFER }],
      outcomeTimestamp: '2026-03-01T03:00:30Z',
    },
  ],
};

export const FEEDBACK_OVERRIDDEN = {
  feedback: [
    {
      card: OFFER,
      outcome: 'overridden',
      overrideReason: { reason: { code: '01' }, userComment: '病情变化' },
      outcomeTimestamp: '2026-03-01T03:00:30Z',
    },
  ],
};
