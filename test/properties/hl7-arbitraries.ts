/** Synthetic HL7 v2 messages that keep the standard's grammar, with delimiters of any kind, for the properties. */
import * as fc from 'fast-check';

export interface Delimiters {
  readonly field: string;
  readonly component: string;
  readonly repetition: string;
  readonly escape: string;
  readonly subcomponent: string;
}

/** A message that keeps the standard's grammar, and what went into it. */
export interface Valid {
  readonly bytes: Uint8Array;
  readonly obx: number;
}

const STANDARD: Delimiters = { field: '|', component: '^', repetition: '~', escape: '\\', subcomponent: '&' };
const encoder = new TextEncoder();

export const delimiters: fc.Arbitrary<Delimiters> = fc.oneof(
  { weight: 5, arbitrary: fc.constant(STANDARD) },
  {
    weight: 2,
    arbitrary: fc
      .shuffledSubarray('|^~\\&!$%*+;:@#?=kqxz'.split(''), { minLength: 5, maxLength: 5 })
      .map(([field, component, repetition, escape, subcomponent]) => ({
        field: field as string,
        component: component as string,
        repetition: repetition as string,
        escape: escape as string,
        subcomponent: subcomponent as string,
      })),
  },
);

const TYPES = 'NM SN ST TX FT CE CWE CNE CF IS DT DTM TS TM DR NR VR NA MA ED RP EI XAD XTN XPN CX TN PN'.split(' ');
const STATUSES = ['', 'Q', '?', ...'F C A B P R S I O D W X U V N'.split(' ')];
const PLAIN = 'abcXYZ 0123456789.-+<>=/:%↑↓阳性阴性血红蛋白μ⁹×玘瑋';

const text = fc.string({ unit: fc.constantFrom(...PLAIN.split('')), maxLength: 12 });
const number = fc.oneof(
  fc.integer({ min: -999, max: 9999 }).map(String),
  fc.tuple(fc.nat(9999), fc.nat(999)).map(([whole, part]) => `${whole}.${part}`),
  fc.constantFrom(
    '007.50',
    '+3',
    '.5',
    '5.',
    '<0.5',
    '>=1000',
    '1e5',
    '1.2E+05',
    '1,234',
    '',
    '""',
    'NaN',
    '-',
    '11.2↑',
    '＜0.50',
  ),
);
const moment = fc.constantFrom(
  '20260301',
  '202603010830',
  '20260301083015.123+0800',
  '2026',
  '20261399',
  '00000000',
  '20260301083015-0000',
  'yesterday',
  '',
);
const unit = fc.constantFrom('g/L', '10^9/L', '×10^9/L', 'mmol/L', '%', 'IU/L', '个/μL', 'S/CO', '无', '', 'furlong');
const range = fc.constantFrom(
  '3.5-9.5',
  '<5',
  '≥26',
  '男:130-175 女:115-150',
  '阴性',
  '0-偶见',
  '-',
  '9-3',
  '',
  '123456789012-1',
);
const flag = fc.constantFrom('', 'H', 'L', 'N', 'H~N', '↑', '偏高', '异常', 'QCF', '??');

const value: fc.Arbitrary<readonly string[]> = fc.oneof(
  number.map((one) => [one]),
  text.map((one) => [one]),
  moment.map((one) => [one]),
  fc.tuple(fc.constantFrom('', '<', '>', '<=', '<>', '='), number, fc.constantFrom('', '-', ':', '/', '+'), number),
  fc.tuple(text, text, fc.constantFrom('LN', 'L', 'SCT', '99XYZ', '')),
  fc.tuple(
    fc.constant(''),
    fc.constantFrom('AP', 'TEXT', 'IM', ''),
    fc.constantFrom('PDF', 'JPEG', ''),
    fc.constantFrom('Base64', 'Hex', 'A', ''),
    fc.constantFrom('JVBERi0=', 'not base64!', ''),
  ),
);

const segment = (d: Delimiters, name: string, fields: Readonly<Record<number, string>>): string => {
  const last = Math.max(...Object.keys(fields).map(Number));
  const parts = [name];
  for (let i = 1; i <= last; i++) parts.push(fields[i] ?? '');
  return parts.join(d.field);
};

function escaped(d: Delimiters, written: string): string {
  const names = new Map([
    [d.field, 'F'],
    [d.component, 'S'],
    [d.repetition, 'R'],
    [d.escape, 'E'],
    [d.subcomponent, 'T'],
  ]);
  return Array.from(written)
    .map((c) => (names.has(c) ? `${d.escape}${names.get(c)}${d.escape}` : c))
    .join('');
}

const result = fc.record({
  type: fc.constantFrom(...TYPES, '', 'QQ'),
  code: fc.record({
    code: fc.constantFrom('WBC', '718-7', 'HGB', '', '6690-2'),
    name: text,
    system: fc.constantFrom('LN', 'L', '99MRC', ''),
  }),
  subId: fc.constantFrom('', '1', '1.1', '2a'),
  values: fc.array(value, { maxLength: 3 }),
  unit,
  range,
  flag,
  status: fc.constantFrom(...STATUSES),
  at: moment,
  notes: fc.array(text, { maxLength: 2 }),
});

const report = fc.record({
  order: fc.boolean(),
  placer: fc.constantFrom('', 'P1', 'P2'),
  filler: fc.constantFrom('', 'F1', 'F2'),
  code: fc.constantFrom('CBC', 'LIVER', ''),
  at: moment,
  issued: moment,
  status: fc.constantFrom(...STATUSES, 'Y', 'Z', 'M'),
  notes: fc.array(text, { maxLength: 2 }),
  results: fc.array(result, { maxLength: 5 }),
  specimen: fc.constantFrom('none', 'before', 'after'),
});

const patient = fc.record({
  stated: fc.boolean(),
  id: fc.constantFrom('', 'A1', 'A2', '""'),
  name: text,
  birth: moment,
  sex: fc.constantFrom('M', 'F', '1', '2', '男', '', 'Q'),
  visit: fc.boolean(),
  reports: fc.array(report, { minLength: 1, maxLength: 3 }),
});

/** What is between the headers: patients, their reports and results. */
const content = fc.record({
  d: delimiters,
  trigger: fc.constantFrom('ORU^R01^ORU_R01', 'ORU^R01', 'OUL^R22^OUL_R22', 'OUL^R23', 'OUL^R24', 'ORU^R30'),
  charset: fc.constantFrom('', 'UNICODE UTF-8', 'UTF-8', 'ASCII', 'UNICODE'),
  mode: fc.constantFrom('P', 'T', 'D', ''),
  sentAt: moment,
  lineEnd: fc.constantFrom('\r', '\n', '\r\n'),
  patients: fc.array(patient, { minLength: 1, maxLength: 2 }),
});

type Content = typeof content extends fc.Arbitrary<infer T> ? T : never;
type Report = Content['patients'][number]['reports'][number];

function linesOf(c: Content): string[] {
  const { d } = c;
  const join = (...parts: readonly string[]): string => parts.map((part) => escaped(d, part)).join(d.component);
  const trigger = c.trigger.split('^').join(d.component);
  const encoding = `${d.component}${d.repetition}${d.escape}${d.subcomponent}`;
  const msh = segment(d, 'MSH', {
    1: encoding,
    2: 'LIS',
    3: 'H',
    6: c.sentAt,
    8: trigger,
    9: 'M1',
    10: c.mode,
    11: '2.4',
    17: c.charset,
  });
  const lines = [msh];
  for (const [p, one] of c.patients.entries()) {
    if (one.stated) {
      const id = `${join(one.id)}${d.component.repeat(4)}MR`;
      lines.push(
        segment(d, 'PID', { 1: String(p + 1), 3: id, 5: join(one.name), 7: join(one.birth), 8: join(one.sex) }),
      );
    }
    if (one.visit) lines.push(segment(d, 'PV1', { 1: '1', 2: 'I', 19: 'V1' }));
    for (const each of one.reports) lines.push(...reportLines(d, each, join));
  }
  return lines;
}

function reportLines(d: Delimiters, one: Report, join: (...parts: readonly string[]) => string): string[] {
  const lines: string[] = [];
  const specimen = segment(d, 'SPM', { 1: '1', 2: 'S1', 4: join('BLD', '血'), 17: join(one.at) });
  if (one.order) lines.push(segment(d, 'ORC', { 1: 'RE', 2: one.placer, 3: one.filler }));
  if (one.specimen === 'before') lines.push(specimen);
  const status = join(one.status);
  lines.push(
    segment(d, 'OBR', {
      1: '1',
      2: one.placer,
      3: one.filler,
      4: join(one.code, 'x', 'L'),
      7: join(one.at),
      22: join(one.issued),
      25: status,
    }),
  );
  for (const note of one.notes) lines.push(segment(d, 'NTE', { 1: '1', 3: join(note) }));
  for (const [i, each] of one.results.entries()) {
    const values = each.values.map((parts) => join(...parts)).join(d.repetition);
    const code = join(each.code.code, each.code.name, each.code.system);
    const flags = each.flag
      .split('~')
      .map((part) => join(part))
      .join(d.repetition);
    lines.push(
      segment(d, 'OBX', {
        1: String(i + 1),
        2: each.type,
        3: code,
        4: join(each.subId),
        5: values,
        6: join(each.unit),
        7: join(each.range),
        8: flags,
        11: join(each.status),
        14: join(each.at),
      }),
    );
    for (const note of each.notes) lines.push(segment(d, 'NTE', { 1: '1', 3: join(note) }));
  }
  if (one.specimen === 'after') lines.push(specimen);
  return lines;
}

export const validMessage: fc.Arbitrary<Valid> = content.map((c) => {
  const lines = linesOf(c);
  const obx = c.patients.flatMap((one) => one.reports).reduce((sum, one) => sum + one.results.length, 0);
  return { bytes: encoder.encode(lines.join(c.lineEnd) + c.lineEnd), obx };
});
