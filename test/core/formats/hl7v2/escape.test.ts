import { describe, expect, test } from 'vitest';
import type { Charset } from '../../../../src/formats/hl7v2/charset.ts';
import { escapeProblems } from '../../../../src/formats/hl7v2/escape.ts';
import { type ParsedMessage, parse } from '../../../../src/formats/hl7v2/parse.ts';

function message(text: string, charset?: Charset): ParsedMessage {
  const { value } = parse(text, charset === undefined ? {} : { charset });
  if (value === undefined) throw new Error('not parsed');
  return value;
}

const read = (value: string, charset?: Charset) =>
  message(`MSH|^~\\&|LIS\rOBX|1|ST|||${value}|\r`, charset).segments[1]?.get(5);
const told = (value: string, charset?: Charset) => {
  const one = message(`MSH|^~\\&|LIS\rOBX|1|ST|||${value}|\r`, charset);
  return escapeProblems(one, one.grammar);
};

describe('escapes that are decoded', () => {
  test.each<[string, string]>([
    ['\\F\\', '|'],
    ['\\S\\', '^'],
    ['\\T\\', '&'],
    ['\\R\\', '~'],
    ['\\E\\', '\\'],
    ['\\P\\', '#'],
    ['\\L\\', '#'],
    ['a\\.br\\b', 'a\nb'],
    ['a\\.sp\\b', 'a\nb'],
    ['a\\.sp3\\b', 'a\n\n\nb'],
    ['a\\.sp+2\\b', 'a\n\nb'],
    ['a\\.sp9999\\b', `a${'\n'.repeat(10)}b`],
    ['a\\.sk3\\b', 'a   b'],
    ['\\.in+4\\a', 'a'],
    ['\\.ti-2\\a', 'a'],
    ['\\.fi\\a\\.nf\\', 'a'],
    ['a\\.ce\\b', 'a\nb'],
    ['\\H\\high\\N\\', 'high'],
    ['\\X41\\', 'A'],
    ['\\X0D0A\\', '\r\n'],
    ['\\E\\F\\E\\', '\\F\\'],
    ['10\\S\\9/L \\T\\ more', '10^9/L & more'],
  ])('%s', (written, value) => {
    expect(read(written)).toBe(value);
    expect(told(written)).toEqual([]);
  });

  test.each<[Charset, string, string]>([
    ['gb18030', '\\XD6D0\\', '中'],
    ['gb18030', '\\XD6\\\\XD0\\', '中'],
    ['utf-8', '\\XE4B8AD\\', '中'],
    ['iso-8859-1', '\\XE9\\', 'é'],
  ])('hexadecimal bytes are in the character set of the message (%s)', (charset, written, value) =>
    expect(read(written, charset)).toBe(value),
  );

  test('with the delimiters that the message names', () => {
    const obx = message('MSH!$%*@?!LIS\rOBX!*F**S**T**R**E**P*!\r').segments[1];
    expect(obx?.get(1)).toBe('!$@%*?');
  });

  test('nothing when MSH-2 names no escape character', () => {
    expect(message('MSH|^~|LIS\rOBX|a\\F\\b\r').segments[1]?.get(1)).toBe('a\\F\\b');
  });

  test('in whole texts, whose inner delimiters stay as written', () => {
    expect(message('MSH|^~\\&|LIS\rOBX|a^b\\T\\c~d\r').segments[1]?.text(1)).toBe('a^b&c~d');
  });
});

describe('escapes that stay as written and are told', () => {
  test.each<[string, string]>([
    ['\\Q\\', '\\Q\\'],
    ['\\Z03BC\\g/L', '\\Z03BC\\g/L'],
    ['\\C2842\\', '\\C2842\\'],
    ['\\M2842\\', '\\M2842\\'],
    ['\\.xy\\', '\\.xy\\'],
    ['\\X4\\', '\\X4\\'],
    ['\\XZZ\\', '\\XZZ\\'],
    ['\\X00\\', '\\X00\\'],
    ['\\XFF\\', '\\XFF\\'],
    ['a\\Q\\b\\T\\c', 'a\\Q\\b&c'],
  ])('%s is not known', (written, value) => {
    expect(read(written)).toBe(value);
    expect(told(written)).toEqual([{ code: 'hl7v2/escape-unknown', severity: 'warning', at: 'OBX[1]-5.1' }]);
  });

  test.each<[string, string]>([
    ['a\\b', 'a\\b'],
    ['\\', '\\'],
    ['C:\\my files\\T\\', 'C:\\my files&'],
    ['a\\T\\b\\', 'a&b\\'],
    ['\\\\', '\\\\'],
  ])('%s opens nothing', (written, value) => {
    expect(read(written)).toBe(value);
    expect(told(written)).toEqual([{ code: 'hl7v2/escape-unclosed', severity: 'warning', at: 'OBX[1]-5.1' }]);
  });

  test('at segment, field, repetition and component', () => {
    const one = message('MSH|^~\\&|L\\Q\\\rOBX|1\rOBX|1||a^\\Q\\~b^c^x\\y\r');
    expect(escapeProblems(one, one.grammar).map(({ at }) => at)).toEqual(['MSH-3.1', 'OBX[2]-3.2', 'OBX[2]-3[2].3']);
  });
});
