import { expect, test } from 'vitest';
import type { Charset } from '../../../../src/formats/hl7v2/charset.ts';
import { encode } from '../../../../src/formats/hl7v2/encode.ts';

const hex = (bytes: Uint8Array | undefined) =>
  [...(bytes ?? [])].map((byte) => byte.toString(16).padStart(2, '0')).join('');

test.each<[string, Charset, string]>([
  ['中文', 'gb18030', 'd6d0cec4'],
  ['誠玘珅珇', 'gb18030', 'd55cab5eab7cab7e'],
  ['²', 'gb18030', '81308535'],
  ['𠀀', 'gb18030', '95328236'],
  ['\u{10FFFF}', 'gb18030', 'e3329a35'],
  ['中文', 'big5', 'a4a4a4e5'],
  ['é€', 'iso-8859-15', 'e9a4'],
  ['é', 'iso-8859-1', 'e9'],
  ['한', 'euc-kr', 'c7d1'],
  ['é', 'utf-8', 'c3a9'],
  ['A中', 'utf-16le', '41002d4e'],
  ['A中', 'utf-16be', '00414e2d'],
])('%s in %s has the bytes of the standard', (text, charset, bytes) => {
  const encoded = encode(text, charset);
  expect(encoded.problems).toEqual([]);
  expect(hex(encoded.value)).toBe(bytes);
});

test('GB18030 brings every character of Unicode back, private ones of the BMP aside', () => {
  const decoder = new TextDecoder('gb18030', { ignoreBOM: true });
  const lost: string[] = [];
  for (let point = 0x80; point <= 0x10ffff; point += point < 0x10000 ? 1 : 997) {
    if ((point >= 0xd800 && point <= 0xf8ff) || point === 0xfffd) continue;
    const text = String.fromCodePoint(point);
    const { value, problems } = encode(text, 'gb18030');
    if (problems.length > 0 || decoder.decode(value) !== text) lost.push(point.toString(16));
  }
  expect(lost).toEqual([]);
});

test.each<[Charset]>([['us-ascii'], ['iso-8859-1'], ['iso-2022-jp'], ['big5']])(
  'what %s does not have becomes ? and is told once a line',
  (charset) => {
    const encoded = encode('ok\r𠮷𠮷\rok', charset);
    expect(new TextDecoder().decode(encoded.value)).toBe('ok\r??\rok');
    expect(encoded.problems).toEqual([{ code: 'hl7v2/character-unencodable', severity: 'warning', at: 'line 2' }]);
  },
);
