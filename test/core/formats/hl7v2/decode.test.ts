import { describe, expect, test } from 'vitest';
import { type Charset, charsetNamed } from '../../../../src/formats/hl7v2/charset.ts';
import { decode } from '../../../../src/formats/hl7v2/decode.ts';
import { bytesOf, codesOf, sample } from './samples.ts';

const CHINESE = '张三丰';
/** GBK names whose second bytes are the bytes of `\ ^ | ~`. */
const DANGEROUS = '璡玘珅珇';

describe('names of character sets', () => {
  test.each([
    ['UNICODE UTF-8', 'utf-8'],
    ['UTF-8', 'utf-8'],
    ['utf8', 'utf-8'],
    ['UNICODE', 'utf-8'],
    ['GB 18030-2000', 'gb18030'],
    ['GB18030', 'gb18030'],
    ['gbk', 'gb18030'],
    ['GB2312', 'gb18030'],
    ['8859/1', 'iso-8859-1'],
    ['8859/15', 'iso-8859-15'],
    ['ISO 8859-2', 'iso-8859-2'],
    ['BIG-5', 'big5'],
    ['KS X 1001', 'euc-kr'],
    ['ISO IR87', 'iso-2022-jp'],
    ['ASCII', 'us-ascii'],
  ])('%s means %s', (label, charset) => expect(charsetNamed(label)).toBe(charset));

  test.each(['8859/12', '8859/17', 'EBCDIC', '', 'constructor', 'X'.repeat(100)])(
    'a label that table 0211 does not know names nothing (%#)',
    (label) => expect(charsetNamed(label)).toBeUndefined(),
  );
});

describe('a true label', () => {
  test.each<[string, Charset, string]>([
    ['UNICODE UTF-8', 'utf-8', CHINESE],
    ['UTF8', 'utf-8', CHINESE],
    ['GB 18030-2000', 'gb18030', CHINESE],
    ['GBK', 'gb18030', DANGEROUS],
    ['GB2312', 'gb18030', CHINESE],
    ['BIG-5', 'big5', '張誠許'],
    ['8859/1', 'iso-8859-1', 'Müller^Zoé'],
    ['8859/2', 'iso-8859-2', 'Łukasz'],
    ['KS X 1001', 'euc-kr', '김철수'],
    ['GB 18030-2000', 'gb18030', '𠮷μ⁹²'],
  ])('%s is read as declared, without a problem', (label, charset, name) => {
    const text = sample({ label, name });
    const decoded = decode(bytesOf(text, charset));
    expect(decoded.value).toEqual({ text, charset, declared: label });
    expect(decoded.problems).toEqual([]);
  });

  test('ISO-2022-JP is read although all its bytes are ASCII', () => {
    const ascii = sample({ label: 'ISO IR87', name: '@@' });
    const at = ascii.indexOf('@@');
    const kanji = [0x1b, 0x24, 0x42, 0x3b, 0x33, 0x45, 0x44, 0x1b, 0x28, 0x42];
    const bytes = Uint8Array.from([...bytesOf(ascii.slice(0, at)), ...kanji, ...bytesOf(ascii.slice(at + 2))]);
    expect(decode(bytes).value?.text).toBe(ascii.replace('@@', '山田'));
  });

  test('the label is found behind GB18030 header fields that hold delimiter bytes', () => {
    const text = sample({ label: 'GB 18030-2000', application: DANGEROUS, name: CHINESE });
    const decoded = decode(bytesOf(text, 'gb18030'));
    expect(decoded.value).toEqual({ text, charset: 'gb18030', declared: 'GB 18030-2000' });
    expect(decoded.problems).toEqual([]);
  });

  test('only the first repetition of MSH-18 counts', () => {
    const text = sample({ label: 'GBK~UNICODE UTF-8', name: CHINESE });
    expect(decode(bytesOf(text, 'gb18030')).value).toMatchObject({ charset: 'gb18030', declared: 'GBK' });
  });

  test('ASCII bytes keep the declared character set for the answer', () => {
    expect(decode(bytesOf(sample({ label: 'GBK' })))).toMatchObject({ value: { charset: 'gb18030' }, problems: [] });
    expect(decode(bytesOf(sample()))).toMatchObject({
      value: { charset: 'us-ascii', declared: undefined },
      problems: [],
    });
  });
});

describe('a label that lies or is missing (SETTLED 27)', () => {
  test.each(['GB 18030-2000', '8859/1', 'ASCII', 'BIG-5'])(
    'valid UTF-8 with Chinese is UTF-8 under the label %s',
    (label) => {
      const text = sample({ label, name: CHINESE });
      const decoded = decode(bytesOf(text));
      expect(decoded.value).toMatchObject({ text, charset: 'utf-8', declared: label });
      expect(decoded.problems).toEqual([{ code: 'hl7v2/charset-label-wrong', severity: 'warning', at: 'MSH-18' }]);
    },
  );

  test.each(['UNICODE UTF-8', 'ASCII', 'UNICODE'])('GB18030 is read as such under the label %s', (label) => {
    const text = sample({ label, name: `${CHINESE}^${DANGEROUS}` });
    const decoded = decode(bytesOf(text, 'gb18030'));
    expect(decoded.value).toMatchObject({ text, charset: 'gb18030' });
    expect(codesOf(decoded)).toEqual(['hl7v2/charset-label-wrong']);
  });

  test('GB18030 without a label is found and told', () => {
    const text = sample({ name: CHINESE });
    const decoded = decode(bytesOf(text, 'gb18030'));
    expect(decoded.value).toMatchObject({ text, charset: 'gb18030', declared: undefined });
    expect(codesOf(decoded)).toEqual(['hl7v2/charset-undeclared']);
  });

  test('a label that is not known is told and counts as missing', () => {
    const decoded = decode(bytesOf(sample({ label: 'EBCDIC', name: CHINESE }), 'gb18030'));
    expect(decoded.value).toMatchObject({ charset: 'gb18030', declared: 'EBCDIC' });
    expect(codesOf(decoded)).toContain('hl7v2/charset-label-unknown');
  });

  describe('bytes that are valid in both, of two-byte sequences only', () => {
    // In UTF-8 "éé", in GB18030 two Han letters.
    const both = bytesOf(sample({ name: 'éé' }));
    const labelled = (label: string) => bytesOf(sample({ label, name: 'éé' }));

    test('are what the label says', () => {
      expect(decode(labelled('UNICODE UTF-8'))).toMatchObject({ value: { charset: 'utf-8' }, problems: [] });
      expect(decode(labelled('GBK'))).toMatchObject({ value: { charset: 'gb18030' }, problems: [] });
    });

    test('are what the facility says when there is no label', () => {
      const decoded = decode(both, { fallback: 'UTF-8' });
      expect(decoded.value?.charset).toBe('utf-8');
      expect(codesOf(decoded)).toContain('hl7v2/charset-ambiguous');
    });

    test('are GB18030 when nobody says anything', () => {
      const decoded = decode(both);
      expect(decoded.value?.charset).toBe('gb18030');
      expect(codesOf(decoded)).toContain('hl7v2/charset-ambiguous');
    });

    test('are UTF-8 when they are nothing but signs of units that stand alone', () => {
      expect(decode(bytesOf(sample({ value: '5 µmol/L, 10³' }))).value?.charset).toBe('utf-8');
      expect(decode(bytesOf(sample({ value: '5 µmol/L' })), { fallback: 'GBK' }).value?.charset).toBe('gb18030');
    });
  });

  test('a facility of another character set is believed before GB18030', () => {
    const text = sample({ name: 'Müller' });
    const decoded = decode(bytesOf(text, 'iso-8859-1'), { fallback: '8859/1' });
    expect(decoded.value).toMatchObject({ text, charset: 'iso-8859-1' });
  });
});

describe('bytes that nothing can read', () => {
  test('are replaced and told by line, the rest is kept', () => {
    const text = sample({ label: 'UNICODE UTF-8', name: `${CHINESE}@${CHINESE}` });
    const bytes = bytesOf(text);
    bytes[bytes.indexOf(0x40)] = 0xff;
    const decoded = decode(bytes);
    expect(decoded.value?.text).toBe(text.replace('@', '\uFFFD'));
    expect(decoded.problems).toEqual([{ code: 'hl7v2/bytes-undecodable', severity: 'error', at: 'line 2' }]);
  });

  test('a name cut in the middle of a character leaves the other text readable', () => {
    const whole = bytesOf(sample({ label: 'UNICODE UTF-8', name: `${CHINESE}@`, value: CHINESE }));
    const at = whole.indexOf(0x40);
    const cut = Uint8Array.from([...whole.subarray(0, at - 2), ...whole.subarray(at + 1)]);
    const decoded = decode(cut);
    expect(decoded.value?.charset).toBe('utf-8');
    expect(decoded.value?.text).toContain(CHINESE);
    expect(codesOf(decoded)).toEqual(['hl7v2/bytes-undecodable']);
  });

  test('are read in the character set that loses least', () => {
    const bytes = bytesOf(sample({ label: 'GBK', name: `${CHINESE}@` }), 'gb18030');
    bytes[bytes.indexOf(0x40)] = 0xff;
    const decoded = decode(bytes);
    expect(decoded.value?.charset).toBe('gb18030');
    expect(decoded.value?.text).toContain(CHINESE);
    expect(codesOf(decoded)).toEqual(['hl7v2/bytes-undecodable']);
  });

  test('control characters become U+FFFD and are told by line', () => {
    const decoded = decode(bytesOf(sample({ value: 'a\u0000b\u0007' })));
    expect(decoded.value?.text).toBe(sample({ value: 'a\uFFFDb\uFFFD' }));
    expect(decoded.problems).toEqual([{ code: 'hl7v2/control-character', severity: 'warning', at: 'line 4' }]);
  });

  test('MLLP bytes become U+FFFD inside a line and stay around it, where the parser takes them off', () => {
    const decoded = decode(bytesOf(`\u000B${sample({ value: 'a\u000Bb\u001C\u001Cc' })}\u001C\r`));
    expect(decoded.value?.text).toBe(`\u000B${sample({ value: 'a\uFFFDb\uFFFD\uFFFDc' })}\u001C\r`);
    expect(decoded.problems).toEqual([{ code: 'hl7v2/control-character', severity: 'warning', at: 'line 4' }]);
  });

  test('MLLP bytes around lines alone are no problem', () => {
    const text = `\u000B${sample()}\u001C\r`;
    expect(decode(bytesOf(text))).toMatchObject({ value: { text }, problems: [] });
  });
});

describe('byte order marks', () => {
  test('a UTF-8 mark is taken off and declares UTF-8', () => {
    const text = sample({ name: 'éé' });
    const decoded = decode(bytesOf(`\uFEFF${text}`));
    expect(decoded).toEqual({ value: { text, charset: 'utf-8', declared: undefined }, problems: [] });
  });

  test.each(['utf-16le', 'utf-16be'] as const)('%s is read by its mark, and without one by the MSH', (charset) => {
    const text = sample({ label: 'UNICODE UTF-16', name: CHINESE });
    for (const marked of [`\uFEFF${text}`, text]) {
      expect(decode(bytesOf(marked, charset))).toEqual({
        value: { text, charset, declared: 'UNICODE UTF-16' },
        problems: [],
      });
    }
  });
});
