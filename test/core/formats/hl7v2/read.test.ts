import { expect, test } from 'vitest';
import { readMessage } from '../../../../src/formats/hl7v2/read.ts';
import { bytesOf, codesOf, sample } from './samples.ts';

test('bytes become a message, with the character set that was used and the text', () => {
  const text = sample({ label: 'GB 18030-2000', name: '誠玘', value: '\\XD6D0\\' });
  const { value, problems } = readMessage(bytesOf(text, 'gb18030'));
  expect(problems).toEqual([]);
  expect([value?.charset, value?.text]).toEqual(['gb18030', text]);
  expect(value?.message.segments[1]?.get(5)).toBe('誠玘');
  expect(value?.message.segments[3]?.get(5)).toBe('中');
});

test('the facility says the character set where nothing else does', () => {
  const bytes = bytesOf(sample({ name: 'Müller' }), 'iso-8859-1');
  expect(readMessage(bytes, { fallback: '8859/1' }).value?.message.segments[1]?.get(5)).toBe('Müller');
});

test('what was wrong with bytes, lines and escapes is told together', () => {
  const read = readMessage(bytesOf(`${sample({ name: '张三', value: '\\Q\\' })}free text\r`, 'gb18030'));
  expect(read.value?.message.segments).toHaveLength(5);
  expect(codesOf(read)).toEqual(['hl7v2/charset-undeclared', 'hl7v2/line-unreadable', 'hl7v2/escape-unknown']);
});

test.each<[string, string, string]>([
  ['nothing', '', 'hl7v2/empty'],
  ['no HL7', '<ClinicalDocument/>', 'hl7v2/not-hl7'],
  ['no MSH', 'PID|1\rOBX|1\r', 'hl7v2/no-header'],
  ['an MSH cut before MSH-2', 'MSH|', 'hl7v2/header-truncated'],
  ['an MSH cut before MSH-9', 'MSH|^~\\&|LIS|H01|GW|REG', 'hl7v2/header-truncated'],
])('%s is fatal with its own code', (_, text, code) => {
  const read = readMessage(bytesOf(text));
  expect(read.value).toBeUndefined();
  expect(read.problems.filter(({ severity }) => severity === 'fatal').map((problem) => problem.code)).toEqual([code]);
});
