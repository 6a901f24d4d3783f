/** The note for the chart: what was used, of whom, when and under which mark; or why it was not; and whether the patient knows. */
import { expect, test } from 'vitest';
import { chartNote } from '../../../src/recognition/chart-note.ts';
import { decide } from '../../../src/recognition/decide.ts';
import type { DecideInput } from '../../../src/terms/decide-input.ts';
import type { Decision } from '../../../src/terms/decision.ts';
import type { FacilityId } from '../../../src/terms/facility.ts';
import type { Reply } from '../../../src/terms/reply.ts';
import type { ResultEntry } from '../../../src/terms/result-entry.ts';
import { cityMarks, entryOf, instant, questionOf, readValue, sampleCatalogue } from '../../cases/recognition-world.ts';

const sample = sampleCatalogue();
const catalogue = { ...sample, marks: cityMarks(sample) };
const AT = instant('2026-03-10 10:05');

const input = (order: string, ...entries: readonly ResultEntry[]): DecideInput =>
  questionOf(catalogue, entries, [order]);
const note = (of: DecideInput, reply: Omit<Reply, 'offer' | 'at'>): string | undefined =>
  chartNote(decide(of)[0] as Decision, { offer: 'o', at: AT, ...reply }, of);
const potassium = entryOf(catalogue, 'K', { value: readValue('4.1 mmol/L'), referenceText: '3.5-5.3' });

test('an acceptance names values as written, with unit, range, hospital, time and mark', () => {
  expect(note(input('K', potassium), { outcome: 'accepted', patientInformed: true })).toBe(
    '检查检验结果互认：钾采用已有结果；示例市人民医院 2026-03-10 07:00 采集：钾 4.1 mmol/L（参考区间 3.5-5.3）（互认标识：示例省HR）；已告知患者。',
  );
});

test('results of one hospital and time stand together, abnormal ones with their flag, and what is missing is told', () => {
  const of = input(
    'LIPIDS',
    entryOf(catalogue, 'TC', { value: readValue('6.9 mmol/L'), interpretation: ['H'] }),
    entryOf(catalogue, 'TG', { value: readValue('1.2 mmol/L') }),
    entryOf(catalogue, 'HDLC', {
      facility: 'county' as FacilityId,
      value: readValue('1.30 mmol/L'),
      effectiveStart: instant('2026-03-09 08:30'),
    }),
  );
  const text = note(of, { outcome: 'accepted' });
  expect(text).toContain('总胆固醇 6.9 mmol/L（H），甘油三酯 1.2 mmol/L（互认标识：示例省HR）');
  expect(text).toContain('示例县人民医院 2026-03-09 08:30 采集：');
  // Its own results need no mark.
  expect(text).toContain('1.30 mmol/L；');
  expect(text).toMatch(/；另开：低密度脂蛋白胆固醇；/);
  expect(text).toContain('患者告知情况未记录。');
});

test('a refusal gives its coded reason', () => {
  const of = input('K', potassium);
  const reason = catalogue.refusalReasons.find(({ code }) => code === '02')?.zh ?? '';
  expect(note(of, { outcome: 'refused', reason: '02', patientInformed: true })).toBe(
    `检查检验结果互认：钾未采用已有结果，理由：02 ${reason}；已告知患者。`,
  );
  expect(note(of, { outcome: 'refused' })).toContain('理由：未说明');
});

test('a revocation has none', () => {
  expect(note(input('K', potassium), { outcome: 'revoked' })).toBeUndefined();
});

test('a card for review that was accepted names what was shown for a look', () => {
  const of = input(
    'K',
    entryOf(catalogue, 'K', { facility: 'township' as FacilityId, value: readValue('4.4 mmol/L') }),
  );
  expect(note(of, { outcome: 'accepted' })).toContain('示例镇卫生院 2026-03-10 07:00 采集：钾 4.4 mmol/L；');
});
