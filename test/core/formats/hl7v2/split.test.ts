import { describe, expect, test } from 'vitest';
import { splitMessages } from '../../../../src/formats/hl7v2/split.ts';
import { bytesOf, codesOf, sample } from './samples.ts';

const ONE = sample();
const TWO = ONE.replace('MSG1', 'MSG2');
const trimmed = (text: string) => text.replace(/[\r\n]+$/, '');

function split(input: string | Uint8Array) {
  const result = splitMessages(typeof input === 'string' ? bytesOf(input) : input);
  return {
    ...result,
    texts: result.messages.map(({ bytes }) => new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes)),
  };
}

describe('where a message begins and ends', () => {
  test.each<[string, string]>([
    ['alone', ONE],
    ['with a byte order mark', `\uFEFF${ONE}`],
    ['with MLLP bytes left on', `\u000B${ONE}\u001C\r`],
    ['with an end block and no carriage return before it', `\u000B${trimmed(ONE)}\u001C\r`],
    ['without its last line end', trimmed(ONE)],
    ['with blank lines around it', `\r\n \r\n${ONE}\r\r\n`],
    ['in a batch', `FHS|^~\\&|LIS\rBHS|^~\\&|LIS\r${ONE}BTS|1\rFTS|1\r`],
    ['in a batch without trailers', `BHS|^~\\&|LIS\r${ONE}`],
  ])('a message %s has the same bytes', (_, input) => {
    const { texts, problems } = split(input);
    expect(texts).toEqual([trimmed(ONE)]);
    expect(problems).toEqual([]);
  });

  test.each<[string, string]>([
    ['one after the other', ONE + TWO],
    ['in frames', `\u000B${ONE}\u001C\r\u000B${TWO}\u001C\r`],
    ['in frames that lack the carriage return', `\u000B${ONE}\u001C\u000B${TWO}\u001C`],
    ['each with a byte order mark', `\uFEFF${ONE}\uFEFF${TWO}`],
    ['in two batches', `FHS|^~\\&\rBHS|^~\\&\r${ONE}BTS|1\rBHS|^~\\&\r${TWO}BTS|1\rFTS|2\r`],
    ['in a file that counts one batch without headers', `${ONE}${TWO}BTS|2\rFTS|1\r`],
  ])('two messages %s are two', (_, input) => {
    const { texts, problems } = split(input);
    expect(texts).toEqual([trimmed(ONE), trimmed(TWO)]);
    expect(problems).toEqual([]);
  });

  test.each(['\n', '\r\n'])('line ends inside a message stay as they are (%j)', (lineEnd) => {
    const text = (ONE + TWO).replaceAll('\r', lineEnd);
    expect(split(text).texts).toEqual([trimmed(ONE), trimmed(TWO)].map((one) => one.replaceAll('\r', lineEnd)));
  });

  test('the offset is that of the MSH in the input', () => {
    const { messages } = split(`FHS|^~\\&\r${ONE}${TWO}`);
    expect(messages.map(({ offset }) => offset)).toEqual([9, 9 + ONE.length]);
  });

  test('messages with different delimiters in one file are told apart', () => {
    const swapped = TWO.replaceAll('|', '!');
    expect(split(ONE + swapped).texts).toEqual([trimmed(ONE), trimmed(swapped)]);
    expect(split(`MSHA^~\\&ALIS\rOBXA1\rMSHA^~\\&ALIS\r`).messages).toHaveLength(2);
  });

  test('a wrapped value that begins with MSH is no message', () => {
    expect(split(`${ONE}MSH is short for message header\r`).messages).toHaveLength(1);
  });

  test('GB18030 bytes are cut only at line ends', () => {
    const bytes = bytesOf(sample({ name: '誠玘珅珇', label: 'GBK' }) + TWO, 'gb18030');
    const { messages } = split(bytes);
    expect(messages).toHaveLength(2);
    expect(new TextDecoder('gb18030').decode(messages[0]?.bytes)).toContain('誠玘珅珇');
  });

  test.each(['utf-16le', 'utf-16be'] as const)('%s with a mark is split too', (charset) => {
    const { messages } = splitMessages(bytesOf(`\uFEFF${ONE}${TWO}`, charset));
    const texts = messages.map(({ bytes }) => new TextDecoder(charset).decode(bytes));
    expect(texts).toEqual([trimmed(ONE), trimmed(TWO)]);
    expect(messages[1]?.offset).toBe(2 + 2 * ONE.length);
  });
});

describe('what is not as it should be', () => {
  test.each<[string, string, string]>([
    ['BTS-1', `BHS|^~\\&\r${ONE}BTS|2\r`, 'BTS[1]-1'],
    ['a BTS-1 that is no number', `BHS|^~\\&\r${ONE}BTS|one\r`, 'BTS[1]-1'],
    ['FTS-1', `FHS|^~\\&\rBHS|^~\\&\r${ONE}BTS|1\rFTS|3\r`, 'FTS-1'],
  ])('%s that does not count right is told', (_, input, at) => {
    const { messages, problems } = split(input);
    expect(messages).toHaveLength(1);
    expect(problems).toEqual([{ code: 'hl7v2/batch-count-mismatch', severity: 'warning', at }]);
  });

  test.each([`BHS|^~\\&\r${ONE}BTS\r`, `BHS|^~\\&\r${ONE}BTS||\r`])(
    'a trailer that states no count is not told (%#)',
    (input) => expect(split(input).problems).toEqual([]),
  );

  test('data before the first MSH is told by line', () => {
    expect(split(`hello\r\n\r\nthere\n${ONE}`).problems).toEqual([
      { code: 'hl7v2/data-before-header', severity: 'warning', at: 'line 1' },
      { code: 'hl7v2/data-before-header', severity: 'warning', at: 'line 3' },
    ]);
  });

  test('data between a trailer and the next MSH is told by line', () => {
    const { messages, problems } = split(`BHS|^~\\&\r${ONE}BTS|1\rOBX|9\r${TWO}`);
    expect(messages).toHaveLength(2);
    expect(problems).toEqual([{ code: 'hl7v2/data-outside-message', severity: 'warning', at: 'line 8' }]);
  });

  test.each<[string, string, string]>([
    ['nothing', '', 'hl7v2/empty'],
    ['blank lines only', '\uFEFF\r\n \r', 'hl7v2/empty'],
    ['other text', '{"resourceType": "Bundle"}', 'hl7v2/not-hl7'],
    ['segments without an MSH', 'PID|1\rOBX|1\r', 'hl7v2/no-header'],
    ['an empty batch', 'FHS|^~\\&\rBHS|^~\\&\rBTS|0\rFTS|1\r', 'hl7v2/empty'],
  ])('%s is fatal', (_, input, code) => {
    const { messages, problems } = split(input);
    expect(messages).toEqual([]);
    expect(problems.filter(({ severity }) => severity === 'fatal').map((problem) => problem.code)).toEqual([code]);
  });

  test('a thousand problems are listed and the rest is counted', () => {
    const result = split(`${'x\r'.repeat(1500)}${ONE}`);
    expect(result.problems).toHaveLength(1001);
    expect(codesOf(result).at(-1)).toBe('hl7v2/more-problems');
    expect(result.problems.at(-1)?.at).toBe('500 more');
  });
});
