import { expect, test } from 'vitest';
import { parse } from '../../../../src/formats/hl7v2/parse.ts';
import { repeated, type WrittenSegment, writeMessage } from '../../../../src/formats/hl7v2/write.ts';
import { HL7_NULL } from '../../../../src/terms/parsed/hl7v2.ts';

const HEADER: WrittenSegment = ['MSH', 'LIS', 'H01'];

test('segments are written with the delimiters of the header, empty tails left out', () => {
  const text = writeMessage([
    HEADER,
    ['PID', '1', undefined, repeated(['P1', '', '', 'H01', 'MR'], 'P2'), '', ['张', '三'], ''],
    ['OBX', '1', 'CE', ['a', ['b', 'c', ''], '']],
    ['ZZZ'],
  ]);
  expect(text).toBe('MSH|^~\\&|LIS|H01\rPID|1||P1^^^H01^MR~P2||张^三\rOBX|1|CE|a^b&c\rZZZ\r');
});

test('batch headers name their delimiters too', () => {
  expect(writeMessage([['FHS', 'LIS'], ['BHS'], ['BTS', '0']], { lineEnd: '\n' })).toBe(
    'FHS|^~\\&|LIS\nBHS|^~\\&\nBTS|0\n',
  );
});

const AWKWARD = 'a|b^c~d\\e&f#g\rh\ni]j-k';

test.each([
  undefined,
  { field: '|', component: '^', repetition: '~', escape: '\\', subcomponent: '&', truncation: '#' },
  { field: '^', component: ']', repetition: '-', escape: '/', subcomponent: '|' },
])('values come back whatever they hold (%#)', (delimiters) => {
  const options = delimiters === undefined ? {} : { delimiters };
  const fields = [AWKWARD, [AWKWARD, [AWKWARD, AWKWARD]], repeated(AWKWARD, [AWKWARD])];
  const text = writeMessage([HEADER, ['OBX', ...fields]], options);
  const obx = parse(text).value?.segments[1];
  const read = [obx?.get(1), obx?.get(2), obx?.get(2, 2), obx?.get(2, 2, 2), obx?.get(3), obx?.get(3, 1, 1, 2)];
  expect(read).toEqual(Array.from({ length: 6 }, () => AWKWARD));
});

test('the null is written as it is', () => {
  expect(writeMessage([HEADER, ['OBX', HL7_NULL]])).toContain('OBX|""\r');
});
