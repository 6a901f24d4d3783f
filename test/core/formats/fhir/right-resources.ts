/** Resources that are right by R4, as JSON texts by name: every kind of element, form and precision that must pass. */
type Fields = Readonly<Record<string, unknown>>;

const CODE = { coding: [{ system: 'http://loinc.org', code: '718-7', display: '血红蛋白' }], text: '血红蛋白' };

export const observation = (over: Fields = {}): Fields => ({
  resourceType: 'Observation',
  status: 'final',
  code: CODE,
  ...over,
});
export const report = (over: Fields = {}): Fields => ({
  resourceType: 'DiagnosticReport',
  status: 'final',
  code: CODE,
  ...over,
});
export const patient = (over: Fields = {}): Fields => ({ resourceType: 'Patient', ...over });
export const bundle = (over: Fields = {}): Fields => ({ resourceType: 'Bundle', type: 'collection', ...over });
const quantity = { value: 141.0, unit: 'g/L', system: 'http://unitsofmeasure.org', code: 'g/L' };
const DIV = '<div xmlns="http://www.w3.org/1999/xhtml"><p>血红蛋白 <b>141</b> g/L</p></div>';

export const RIGHT: Readonly<Record<string, Fields>> = {
  'observation, the least': observation(),
  'observation, everything a laboratory says': observation({
    id: 'a-1.b',
    meta: {
      versionId: '1',
      lastUpdated: '2026-03-01T08:00:00.123+08:00',
      profile: ['http://example.org/p'],
      tag: [{ system: 'x', code: 'y' }],
    },
    language: 'zh-CN',
    text: { status: 'generated', div: DIV },
    identifier: [{ use: 'official', system: 'urn:oid:1.2.3', value: 'A1', period: { start: '2026', end: '2026-05' } }],
    basedOn: [{ reference: 'ServiceRequest/1' }],
    category: [
      { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/observation-category', code: 'laboratory' }] },
    ],
    subject: { reference: 'Patient/1', type: 'Patient', display: '张试验' },
    encounter: { reference: 'Encounter/1' },
    effectiveDateTime: '2026-03-01T08:00:00+08:00',
    issued: '2026-03-01T09:00:00Z',
    performer: [{ reference: 'Organization/1' }, { identifier: { system: 'x', value: '1' } }],
    valueQuantity: quantity,
    interpretation: [{ coding: [{ code: 'N' }] }],
    note: [{ text: '标本**良好**', time: '2026-03-01' }],
    specimen: { reference: 'Specimen/1' },
    device: { reference: 'Device/1' },
    referenceRange: [
      { low: { value: 130 }, high: { value: 175 }, text: '130-175', age: { low: { value: 18, unit: 'a' } } },
    ],
  }),
  'value as a concept': observation({ valueCodeableConcept: CODE }),
  'value as a string': observation({ valueString: '阴性' }),
  'value as a boolean': observation({ valueBoolean: false }),
  'value as an integer': observation({ valueInteger: 0 }),
  'value as a range': observation({ valueRange: { low: { value: 1 }, high: { value: 1.0 } } }),
  'value as a ratio': observation({ valueRatio: { numerator: { value: 1 }, denominator: { value: 128 } } }),
  'value as sampled data': observation({
    valueSampledData: { origin: { value: 0 }, period: 2, dimensions: 1, data: '1 2 E U L' },
  }),
  'value as a time': observation({ valueTime: '23:59:59.5' }),
  'value as a dateTime': observation({ valueDateTime: '2026-03' }),
  'value as a period': observation({ valuePeriod: { start: '2026-03-01', end: '2026-03-01' } }),
  'value below a limit': observation({ valueQuantity: { ...quantity, comparator: '<' } }),
  'no value, and why': observation({ dataAbsentReason: CODE }),
  'value absent by extension': observation({
    _valueString: {
      extension: [{ url: 'http://hl7.org/fhir/StructureDefinition/data-absent-reason', valueCode: 'unknown' }],
    },
  }),
  'components of other codes': observation({
    component: [
      { code: { text: 'a' }, valueQuantity: quantity },
      { code: { coding: [{ code: 'b' }] }, dataAbsentReason: CODE },
    ],
  }),
  'effective as a period that is open': observation({ effectivePeriod: { start: '2026-03-01T08:00:00Z' } }),
  'effective as an instant': observation({ effectiveInstant: '2026-03-01T08:00:00.000001-11:30' }),
  'effective as a timing': observation({
    effectiveTiming: { event: ['2026-03-01'], repeat: { duration: 1.5, durationUnit: 'h' } },
  }),
  'effective in a leap year': observation({ effectiveDateTime: '2024-02-29' }),
  'effective in 2000, a leap year': observation({ effectiveDateTime: '2000-02-29' }),
  'effective at a leap second': observation({ effectiveDateTime: '2016-12-31T23:59:60Z' }),
  'effective far in the east': observation({ effectiveDateTime: '2026-03-01T08:00:00+14:00' }),
  'contained that is referred to': observation({
    contained: [{ resourceType: 'Patient', id: 'p' }],
    subject: { reference: '#p' },
  }),
  'references of every form': observation({
    subject: { reference: 'https://other.example/fhir/Patient/1' },
    hasMember: [
      { reference: 'urn:uuid:3fdc72f4-a11d-4a9d-9260-a9f745779e1d' },
      { reference: 'Observation/1/_history/2' },
      { display: 'a name alone' },
    ],
  }),
  'reference that a transaction resolves': observation({ subject: { reference: 'Patient?identifier=urn:oid:1|2' } }),
  'extensions within extensions': observation({
    extension: [
      {
        url: 'http://x',
        extension: [
          { url: 'a', valueDecimal: 0.1 },
          { url: 'b', valueReference: { reference: 'Patient/1' } },
        ],
      },
    ],
  }),
  'list of primitives with an extension': patient({
    name: [{ given: ['三', null], _given: [null, { extension: [{ url: 'http://x', valueString: 'y' }] }] }],
  }),
  'patient, the least': patient(),
  'patient of a hospital': patient({
    identifier: [
      { type: { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/v2-0203', code: 'MR' }] }, value: 'M1' },
    ],
    active: true,
    name: [{ use: 'official', text: '张试验', family: '张', given: ['试验'] }],
    telecom: [{ system: 'phone', value: '13800000000', use: 'mobile', rank: 1 }],
    gender: 'male',
    birthDate: '1970-03-05',
    deceasedBoolean: false,
    address: [{ use: 'home', type: 'physical', line: ['示例路1号'], country: 'CHN' }],
    contact: [{ name: { text: '李' } }],
    multipleBirthInteger: 2,
    link: [{ other: { reference: 'Patient/2' }, type: 'seealso' }],
    managingOrganization: { reference: 'Organization/1' },
  }),
  'patient born in a year': patient({ birthDate: '1970' }),
  'report with its results': report({
    result: [{ reference: 'Observation/1' }],
    effectiveDateTime: '2026-03-01',
    issued: '2026-03-01T10:00:00+08:00',
    presentedForm: [{ contentType: 'application/pdf', data: 'JVBERi0=', title: '报告' }],
  }),
  specimen: {
    resourceType: 'Specimen',
    status: 'available',
    type: CODE,
    subject: { reference: 'Patient/1' },
    collection: { collectedDateTime: '2026-03-01T08:00:00+08:00', quantity: { value: 5, unit: 'mL' } },
  },
  'service request': {
    resourceType: 'ServiceRequest',
    status: 'active',
    intent: 'order',
    priority: 'stat',
    code: CODE,
    subject: { reference: 'Patient/1' },
    authoredOn: '2026-03-01',
  },
  organization: { resourceType: 'Organization', name: '试验县医院', alias: ['县医院'] },
  practitioner: {
    resourceType: 'Practitioner',
    identifier: [{ value: 'D1' }],
    qualification: [{ code: { text: '主任医师' } }],
  },
  'practitioner role': {
    resourceType: 'PractitionerRole',
    practitioner: { reference: 'Practitioner/1' },
    organization: { reference: 'Organization/1' },
  },
  encounter: {
    resourceType: 'Encounter',
    status: 'in-progress',
    class: { system: 'http://terminology.hl7.org/CodeSystem/v3-ActCode', code: 'AMB' },
    subject: { reference: 'Patient/1' },
    period: { start: '2026-03-01T08:00:00+08:00' },
  },
  device: {
    resourceType: 'Device',
    status: 'active',
    deviceName: [{ name: 'XN-9000', type: 'model-name' }],
    type: CODE,
  },
  location: { resourceType: 'Location', status: 'active', name: '检验科', mode: 'instance' },
  'related person': { resourceType: 'RelatedPerson', patient: { reference: 'Patient/1' }, relationship: [CODE] },
  provenance: {
    resourceType: 'Provenance',
    target: [{ reference: 'Observation/1' }],
    recorded: '2026-03-01T08:00:00Z',
    agent: [{ who: { display: 'LIS' } }],
  },
  'consent that denies': {
    resourceType: 'Consent',
    status: 'active',
    scope: CODE,
    category: [CODE],
    patient: { reference: 'Patient/1' },
    policyRule: CODE,
    provision: { type: 'deny' },
  },
  subscription: {
    resourceType: 'Subscription',
    status: 'requested',
    reason: '新结果',
    criteria: 'Observation?patient=1',
    channel: {
      type: 'rest-hook',
      endpoint: 'https://a.example/hook',
      payload: 'application/fhir+json',
      header: ['X-A: b'],
    },
  },
  'message header': {
    resourceType: 'MessageHeader',
    eventUri: 'urn:concord:results',
    source: { endpoint: 'urn:oid:1.2.3' },
  },
  parameters: {
    resourceType: 'Parameters',
    parameter: [
      { name: 'a', valueString: 'b' },
      { name: 'c', resource: patient() },
      { name: 'd', part: [{ name: 'e', valueCode: 'f' }] },
    ],
  },
  outcome: {
    resourceType: 'OperationOutcome',
    issue: [{ severity: 'error', code: 'invalid', expression: ['Patient.name'] }],
  },
  binary: { resourceType: 'Binary', contentType: 'text/plain', data: 'YQ==' },
  media: { resourceType: 'Media', status: 'completed', content: { contentType: 'image/png', data: 'AAAA' } },
  'imaging study': {
    resourceType: 'ImagingStudy',
    status: 'available',
    subject: { reference: 'Patient/1' },
    numberOfSeries: 0,
    series: [{ uid: '1.2.3', modality: { code: 'CT' } }],
  },
  endpoint: {
    resourceType: 'Endpoint',
    status: 'active',
    connectionType: { code: 'dicom-wado-rs' },
    payloadType: [CODE],
    address: 'https://a.example',
  },
  transaction: bundle({
    type: 'transaction',
    entry: [
      {
        fullUrl: 'urn:uuid:3fdc72f4-a11d-4a9d-9260-a9f745779e1d',
        resource: patient(),
        request: { method: 'POST', url: 'Patient', ifNoneExist: 'identifier=a|b' },
      },
    ],
  }),
  'batch of reads': bundle({ type: 'batch', entry: [{ request: { method: 'GET', url: 'Patient/1' } }] }),
  message: bundle({
    type: 'message',
    entry: [{ resource: { resourceType: 'MessageHeader', eventUri: 'urn:x', source: { endpoint: 'urn:y' } } }],
  }),
  'collection with addresses': bundle({
    entry: [
      { fullUrl: 'https://a.example/fhir/Patient/1', resource: patient({ id: '1' }) },
      { fullUrl: 'https://a.example/fhir/Patient/2', resource: patient({ id: '2' }) },
    ],
  }),
  'empty collection': bundle({ identifier: { system: 'urn:x', value: '1' }, timestamp: '2026-03-01T08:00:00Z' }),
  'specimen that contains its additive': {
    resourceType: 'Specimen',
    contained: [{ resourceType: 'Substance', id: 'hep', code: { text: '肝素' } }],
    container: [{ additiveReference: { reference: '#hep' } }],
  },
  'order that contains its reason': {
    resourceType: 'ServiceRequest',
    contained: [{ resourceType: 'Condition', id: 'why', code: { text: '贫血' }, subject: { reference: 'Patient/1' } }],
    status: 'active',
    intent: 'order',
    subject: { reference: 'Patient/1' },
    reasonReference: [{ reference: '#why' }],
  },
  'result of a group that it contains': observation({
    contained: [{ resourceType: 'Group', id: 'pool', type: 'person', actual: true, quantity: 5 }],
    subject: { reference: '#pool' },
  }),
};
