import { describe, expect, test } from 'vitest';
import { LIMITS } from '../../../../src/base/limits.ts';
import { parse } from '../../../../src/formats/hl7v2/parse.ts';
import { HL7_NULL, type Hl7Message } from '../../../../src/terms/parsed/hl7v2.ts';
import { codesOf, sample } from './samples.ts';

function parsed(text: string): Hl7Message {
  const { value, problems } = parse(text);
  expect(problems).toEqual([]);
  if (value === undefined) throw new Error('not parsed');
  return value;
}

const segment = (line: string, encoding = '^~\\&') => {
  const message = parsed(`MSH|${encoding}|LIS\r${line}\r`);
  return message.segments[1] as Hl7Message['msh'];
};

describe('segments', () => {
  test('have names, occurrences and fields counted from 1', () => {
    const message = parsed(sample());
    expect(message.segments.map(({ name, occurrence }) => `${name}[${occurrence}]`)).toEqual([
      'MSH[1]',
      'PID[1]',
      'OBR[1]',
      'OBX[1]',
      'OBX[2]',
    ]);
    expect(message.segments[4]?.get(3)).toBe('HGB');
    expect(message.segments[4]?.fieldCount).toBe(11);
  });

  test('the MSH counts its separator as MSH-1 and its delimiters as MSH-2', () => {
    const { msh } = parsed(sample());
    expect([msh.raw(1), msh.raw(2), msh.get(1), msh.get(2), msh.text(2)]).toEqual([
      '|',
      '^~\\&',
      '|',
      '^~\\&',
      '^~\\&',
    ]);
    expect([msh.get(2, 2), msh.repetitions(2), msh.components(2), msh.subcomponents(2, 1)]).toEqual([
      undefined,
      1,
      1,
      1,
    ]);
    expect([msh.get(3), msh.get(9), msh.get(9, 2), msh.get(10), msh.get(12)]).toEqual([
      'LIS',
      'ORU',
      'R01',
      'MSG1',
      '2.5.1',
    ]);
  });

  test.each(['\r', '\n', '\r\n', '\r\r\n', '\n\n\r'])('are ended by %j', (lineEnd) => {
    const message = parsed(sample().replaceAll('\r', lineEnd));
    expect(message.segments.map(({ name }) => name)).toEqual(['MSH', 'PID', 'OBR', 'OBX', 'OBX']);
    expect(message.segments[4]?.get(11)).toBe('F');
  });

  test('are ended by a mixture of line ends, and need none at the end', () => {
    expect(parsed('MSH|^~\\&|LIS\nPID|1\r\nOBX|1\r\rOBX|2').segments).toHaveLength(4);
  });

  test('a byte order mark, MLLP bytes and blanks around the message are passed over', () => {
    expect(parsed(`\uFEFF\u000B${sample()}\u001C\r`).segments).toHaveLength(5);
    expect(
      parsed(`\u000B${sample().slice(0, -1)}\u001C\r \r`)
        .segments.at(-1)
        ?.get(11),
    ).toBe('F');
  });

  test('Z segments and segments of a name alone are kept', () => {
    const message = parsed(`${sample()}ZDR|1|local\rZ01\r`);
    expect(message.segments[5]?.get(2)).toBe('local');
    expect([message.segments[6]?.name, message.segments[6]?.fieldCount]).toEqual(['Z01', 0]);
  });
});

describe('reads', () => {
  const line = 'OBX|1|CE|a^b&c&^^d~e^f||""|^~&|~x|';
  const obx = segment(line);

  test.each<[string, string | undefined, string | undefined]>([
    ['the first subcomponent', obx.get(3), 'a'],
    ['a component', obx.get(3, 2), 'b'],
    ['a subcomponent', obx.get(3, 2, 2), 'c'],
    ['an empty subcomponent', obx.get(3, 2, 3), undefined],
    ['an empty component', obx.get(3, 3), undefined],
    ['a late component', obx.get(3, 4), 'd'],
    ['a component that is not there', obx.get(3, 5), undefined],
    ['a repetition', obx.get(3, 2, 1, 2), 'f'],
    ['a repetition that is not there', obx.get(3, 1, 1, 3), undefined],
    ['an empty field', obx.get(4), undefined],
    ['the null', obx.get(5), HL7_NULL],
    ['a field of delimiters only', obx.get(6), undefined],
    ['a repetition behind an empty one', obx.get(7, 1, 1, 2), 'x'],
    ['a field that is not there', obx.get(99), undefined],
    ['field 0', obx.get(0), undefined],
    ['the text of a field', obx.text(3), 'a^b&c&^^d~e^f'],
    ['the text of a repetition', obx.text(3, undefined, 2), 'e^f'],
    ['the text of a component', obx.text(3, 2), 'b&c&'],
    ['the text of a component that is not there', obx.text(3, 9), undefined],
    ['the text of an empty field', obx.text(4), undefined],
    ['the raw field', obx.raw(3), 'a^b&c&^^d~e^f'],
    ['the raw field that is not there', obx.raw(42), ''],
  ])('%s', (_, found, expected) => expect(found).toBe(expected));

  test('counts of repetitions, components and subcomponents', () => {
    expect([obx.repetitions(3), obx.repetitions(4), obx.repetitions(7), obx.repetitions(42)]).toEqual([2, 0, 2, 0]);
    expect([obx.components(3), obx.components(3, 2), obx.components(3, 3), obx.components(4)]).toEqual([4, 2, 0, 0]);
    expect([
      obx.subcomponents(3, 2),
      obx.subcomponents(3, 1),
      obx.subcomponents(3, 3),
      obx.subcomponents(3, 9),
    ]).toEqual([3, 1, 0, 0]);
    expect(obx.fieldCount).toBe(8);
  });

  test('long fields are read as short ones are', () => {
    const repetitions = Array.from({ length: 40 }, (_, r) =>
      Array.from({ length: 1 + (r % 60) }, (__, c) =>
        Array.from({ length: 1 + (c % 5) }, (___, s) => `${r}.${c}.${s}`).join('&'),
      ).join('^'),
    );
    const long = segment(`OBX|1|${repetitions.join('~')}|end`);
    expect(long.repetitions(2)).toBe(40);
    for (const [r, repetition] of repetitions.entries()) {
      const components = repetition.split('^');
      expect(long.text(2, undefined, r + 1)).toBe(repetition);
      expect(long.components(2, r + 1)).toBe(components.length);
      for (const [c, component] of components.entries()) {
        const values = component.split('&');
        expect(long.text(2, c + 1, r + 1)).toBe(component);
        expect(long.subcomponents(2, c + 1, r + 1)).toBe(values.length);
        expect(values.map((_, s) => long.get(2, c + 1, s + 1, r + 1))).toEqual(values);
        expect(long.get(2, c + 1, values.length + 1, r + 1)).toBeUndefined();
      }
      expect(long.get(2, components.length + 1, 1, r + 1)).toBeUndefined();
    }
    expect([long.get(2, 1, 1, 41), long.get(2, 1, 1, 0), long.get(3)]).toEqual([undefined, undefined, 'end']);
  });
});

describe('delimiters', () => {
  test.each<[string, string]>([
    ['the usual ones', 'MSH|^~\\&|LIS\rOBX|1|a^b&c~d\r'],
    ['five', 'MSH|^~\\&#|LIS\rOBX|1|a^b&c~d\r'],
    ['swapped', 'MSH^|&\\~^LIS\rOBX^1^a|b~c&d\r'],
    ['custom', 'MSH!$%*@!LIS\rOBX!1!a$b@c%d\r'],
    ['special in regular expressions', 'MSH.[]*(.LIS\rOBX.1.a[b(c]d\r'],
    ['letters', 'MSHABCDEALIS\rOBXA1AaBbEcCd\r'],
  ])('%s', (_, text) => {
    const obx = parsed(text).segments[1];
    expect([obx?.get(2), obx?.get(2, 2), obx?.get(2, 2, 2), obx?.get(2, 1, 1, 2)]).toEqual(['a', 'b', 'c', 'd']);
  });

  test('five name the truncation character', () => {
    expect(parsed('MSH|^~\\&#|LIS\r').delimiters).toEqual({
      field: '|',
      component: '^',
      repetition: '~',
      escape: '\\',
      subcomponent: '&',
      truncation: '#',
    });
  });

  test('those that a short MSH-2 leaves out separate nothing', () => {
    const obx = segment('OBX|1|a^b&c~d\\T\\', '^~');
    expect([obx.get(2, 2), obx.subcomponents(2, 2), obx.get(2, 1, 1, 2)]).toEqual(['b&c', 1, 'd\\T\\']);
  });

  test('an empty MSH-2 is told and means the usual ones', () => {
    const { value, problems } = parse('MSH||LIS\rOBX|1|a^b\r');
    expect(value?.segments[1]?.get(2, 2)).toBe('b');
    expect(problems).toEqual([{ code: 'hl7v2/delimiters-missing', severity: 'warning', at: 'MSH-2' }]);
  });

  test('one character for two of them is told', () => {
    const { value, problems } = parse('MSH|^^\\&|LIS\rOBX|1|a^b\r');
    expect(problems).toEqual([{ code: 'hl7v2/delimiters-repeated', severity: 'warning', at: 'MSH-2' }]);
    expect([value?.segments[1]?.get(2), value?.segments[1]?.repetitions(2)]).toEqual(['a', 2]);
  });
});

describe('what is not as it should be', () => {
  test.each(['free text', 'obx|1', 'OBX-1', 'OB', '1AB|1', '|'])('the line %j is no segment and is told', (line) => {
    const { value, problems } = parse(`${sample()}${line}\rZZZ|1\r`);
    expect(value?.segments.at(-1)?.name).toBe('ZZZ');
    expect(problems).toEqual([{ code: 'hl7v2/line-unreadable', severity: 'error', at: 'line 6' }]);
  });

  test('lines before the MSH are told, lines after it are read', () => {
    const { value, problems } = parse(`BHS|^~\\&\r${sample()}`);
    expect(value?.segments).toHaveLength(5);
    expect(problems).toEqual([{ code: 'hl7v2/data-before-header', severity: 'warning', at: 'line 1' }]);
  });

  test('a second MSH is told', () => {
    expect(parse(sample() + sample()).problems).toEqual([
      { code: 'hl7v2/second-header', severity: 'error', at: 'MSH[2]' },
    ]);
  });

  test.each<[string, string, string]>([
    ['nothing', '', 'hl7v2/empty'],
    ['blanks', ' \r\n\u000B\u001C\r', 'hl7v2/empty'],
    ['other text', 'hello', 'hl7v2/not-hl7'],
    ['segments without MSH', 'PID|1\r', 'hl7v2/no-header'],
    ['an MSH alone', 'MSH', 'hl7v2/header-truncated'],
    ['an MSH without MSH-2', 'MSH|\rPID|1\r', 'hl7v2/header-truncated'],
  ])('%s is fatal', (_, text, code) => {
    const result = parse(text);
    expect(result.value).toBeUndefined();
    expect(codesOf(result)).toContain(code);
    expect(result.problems.filter(({ severity }) => severity === 'fatal')).toHaveLength(1);
  });

  test('segments up to the limit are read, one more is fatal', () => {
    const most = `MSH|^~\\&|LIS\r${'NTE\r'.repeat(LIMITS.segmentsMax - 1)}`;
    expect(parsed(most).segments).toHaveLength(LIMITS.segmentsMax);
    const result = parse(`${most}NTE\r`);
    expect(result.value).toBeUndefined();
    expect(codesOf(result)).toEqual(['hl7v2/segments-limit']);
  });
});
