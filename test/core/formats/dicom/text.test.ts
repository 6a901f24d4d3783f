/** Character sets of DICOM texts: every term and escape sequence, and labels that lie. */
import { describe, expect, it } from 'vitest';
import { CHINESE_CASES } from '../../../../fixtures/dicom/chinese-cases.ts';
import { concat, gbk, latin1, utf8 } from '../../../../fixtures/ecg/encoders/bytes.ts';
import { decodeAs, decodeDicomText } from '../../../../src/formats/dicom/text.ts';

const bytesOf = (hex: string) => Uint8Array.from(hex.split(' '), (pair) => Number.parseInt(pair, 16));
/** What stands before it as letters, bytes beyond ASCII as `\xNN`. */
const written = (text: string) =>
  latin1(text.replace(/\\x([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))));
const decoded = (bytes: Uint8Array, charset: string, kind: 'PN' | 'text' | 'values' = 'PN') =>
  decodeDicomText(bytes, charset.split('\\'), { kind });

describe('Chinese texts', () => {
  it.each(CHINESE_CASES.map((one) => [one.name, one] as const))('%s', (_, { charset, bytes, text, guessed }) => {
    const found = decodeDicomText(bytes, charset?.split('\\') ?? [], { kind: 'PN' });
    expect(found.text).toBe(text);
    expect(found.guessed ? found.label : undefined).toBe(guessed);
  });

  it.each([
    ['GB_2312-80', gbk('测试')],
    ['gb2312', gbk('测试')],
    ['ISO 2022 GBK', gbk('测试')],
    ['ISO 2022 IR 58', gbk('测试')],
    ['ISO 2022 IR 6\\ISO 2022 IR 58', concat([0x1b, 0x24, 0x29, 0x41], gbk('测试'))],
    // AGFA: characters that GB 2312 has not, behind its escape sequence.
    ['\\ISO 2022 IR 58', concat([0x1b, 0x24, 0x29, 0x41], gbk('测试镕'))],
    ['GB18030', concat([0x1b, 0x24, 0x29, 0x41], gbk('测试'))],
  ])('are read under %s', (charset, bytes) => {
    const { text, guessed } = decoded(bytes, charset);
    expect([text.slice(0, 2), guessed]).toEqual(['测试', false]);
  });

  it.each([
    ['ISO_IR 100', 'X线', 'X线'],
    ['ISO_IR 100', 'CT平扫(胸部)', 'CT平扫(胸部)'],
    ['ISO_IR 100', 'Ce^Shi=测^试', 'Ce^Shi=测^试'],
    ['', '测', '测'],
  ])('are found under %j: %s', (charset, text, wanted) => {
    expect(decoded(gbk(text), charset)).toEqual({ text: wanted, label: 'gb18030', guessed: true });
  });

  it('of UTF-8 that a field cut within a character keep what is whole', () => {
    const cut = utf8('测试甲').slice(0, -1);
    for (const charset of ['ISO_IR 192', 'GB18030', 'ISO_IR 100', ''])
      expect(decoded(cut, charset)).toEqual({ text: '测试\ufffd', label: 'utf-8', guessed: true });
  });

  it('with a byte that fits nothing keep the rest in what is stated', () => {
    const broken = (text: Uint8Array) => concat(text, [0xff], text);
    expect(decoded(broken(gbk('测试')), 'GB18030')).toEqual({
      text: '测试\ufffd测试',
      label: 'gb18030',
      guessed: true,
    });
    expect(decoded(broken(utf8('测试')), 'ISO_IR 192')).toEqual({
      text: '测试\ufffd测试',
      label: 'utf-8',
      guessed: true,
    });
  });

  it('that nobody announced are no Japanese, whose sets need their escape sequences', () => {
    for (const charset of ['\\ISO 2022 IR 87', 'ISO 2022 IR 87'])
      expect(decoded(gbk('测试'), charset)).toEqual({ text: '测试', label: 'gb18030', guessed: true });
  });

  it('that a text alone leaves open are in what the other texts of the file are in', () => {
    // C3 B7 is 梅 in GB18030 and ÷ in UTF-8.
    expect(decodeDicomText(gbk('梅'), ['ISO_IR 100'], { hint: 'gb18030' }).text).toBe('梅');
    expect(decodeDicomText(utf8('÷'), ['ISO_IR 100'], { hint: 'utf-8' }).text).toBe('÷');
    expect(decodeDicomText(written('Universit\\xE4t'), ['ISO_IR 100'], { hint: 'gb18030' }).text).toBe('Universität');
  });

  it('can be decoded again by another label', () => {
    const bytes = gbk('测试甲');
    expect(decodeDicomText(bytes, [], { as: 'windows-1252' }).text).toBe('²âÊÔ¼×');
    expect(decodeDicomText(bytes, ['ISO_IR 100'], { as: 'gb18030' })).toEqual({
      text: '测试甲',
      label: 'gb18030',
      guessed: false,
    });
    expect(decodeAs(bytes, 'no such label')).toBe('²âÊÔ¼×');
    expect(decodeAs(concat([0x1b, 0x24, 0x29, 0x41], bytes), 'iso-2022')).toBe('测试甲');
  });
});

describe('Latin texts', () => {
  it.each([
    ['ISO_IR 100', 'Buc^J\\xE9r\\xF4me', 'Buc^Jérôme'],
    ['ISO_IR 100', '\\xC4neas^R\\xFCdiger', 'Äneas^Rüdiger'],
    ['ISO_IR 100', 'J\\xD6RG', 'JÖRG'],
    ['ISO_IR 100', 'Gr\\xF6\\xDFe', 'Größe'],
    ['ISO_IR 100', '\\xB5m 20\\xB0', 'µm 20°'],
    ['ISO-IR 100', 'M\\xFCller', 'Müller'],
    ['ISO 2022 IR 100', 'M\\xFCller', 'Müller'],
  ])('under %s are not taken for Chinese: %s', (charset, text, wanted) => {
    expect(decoded(written(text), charset)).toEqual({ text: wanted, label: 'windows-1252', guessed: false });
  });

  it('without a label are told as a guess', () => {
    expect(decoded(written('M\\xFCller'), '')).toEqual({ text: 'Müller', label: 'windows-1252', guessed: true });
    expect(decoded(bytesOf('41 FF 42'), '')).toEqual({ text: 'AÿB', label: 'windows-1252', guessed: true });
  });

  it('in UTF-8 under IR 100 are found by their letters', () => {
    expect(decoded(utf8('José'), 'ISO_IR 100')).toEqual({ text: 'José', label: 'utf-8', guessed: true });
  });
});

describe('sets of one byte', () => {
  it.each([
    ['ISO_IR 101', 'iso-8859-2'],
    ['ISO_IR 109', 'iso-8859-3'],
    ['ISO_IR 110', 'iso-8859-4'],
    ['ISO_IR 144', 'iso-8859-5'],
    ['ISO_IR 127', 'iso-8859-6'],
    ['ISO_IR 126', 'iso-8859-7'],
    ['ISO_IR 138', 'iso-8859-8'],
    ['ISO_IR 148', 'windows-1254'],
    ['ISO_IR 166', 'windows-874'],
    ['ISO_IR 203', 'iso-8859-15'],
  ])('%s is read as %s, byte by byte, and behind its escape sequence', (term, label) => {
    const final: Record<string, string> = {
      101: 'B',
      109: 'C',
      110: 'D',
      144: 'L',
      127: 'G',
      126: 'F',
      138: 'H',
      148: 'M',
      166: 'T',
      203: 'b',
    };
    const number = term.slice(-3);
    const strict = new TextDecoder(label, { fatal: true });
    let read = 0;
    for (let byte = 0xa0; byte <= 0xff; byte++) {
      const bytes = Uint8Array.of(0x41, byte);
      let wanted: string;
      try {
        wanted = strict.decode(bytes);
      } catch {
        continue;
      }
      read += 1;
      expect(decoded(bytes, term)).toEqual({ text: wanted, label, guessed: false });
      const behind = concat(latin1(`\u001b-${final[number] ?? ''}`), bytes);
      expect(decoded(behind, `ISO 2022 IR 6\\ISO 2022 IR ${number}`)).toEqual({
        text: wanted,
        label: 'iso-2022',
        guessed: false,
      });
    }
    expect(read).toBeGreaterThan(40);
  });
});

describe('code extension', () => {
  it.each([
    // PS3.5 H.3.1, H.3.2 and I.2.
    [
      '\\ISO 2022 IR 87',
      'Yamada^Tarou=\u001b$B;3ED\u001b(B^\u001b$BB@O:\u001b(B=\u001b$B$d$^$@\u001b(B^\u001b$B$?$m$&\u001b(B',
      'Yamada^Tarou=山田^太郎=やまだ^たろう',
    ],
    [
      'ISO 2022 IR 13\\ISO 2022 IR 87',
      '\\xD4\\xCF\\xC0\\xDE^\\xC0\\xDB\\xB3=\u001b$B;3ED\u001b(J^\u001b$BB@O:\u001b(J',
      'ﾔﾏﾀﾞ^ﾀﾛｳ=山田^太郎',
    ],
    [
      '\\ISO 2022 IR 149',
      'Hong^Gildong=\u001b$)C\\xFB\\xF3^\u001b$)C\\xD1\\xCE\\xD4\\xD7=\u001b$)C\\xC8\\xAB^\u001b$)C\\xB1\\xE6\\xB5\\xBF',
      'Hong^Gildong=洪^吉洞=홍^길동',
    ],
    // JIS X 0212: 丂 is 30 21; characters of JIS X 0208 that begin or end like delimiters: 充 3D 3C, 構 39 3D, 乗 3E 68.
    ['\\ISO 2022 IR 159', 'A=\u001b$(D0!\u001b(B', 'A=丂'],
    ['\\ISO 2022 IR 87', 'A=\u001b$B=<9=\u001b(B^\u001b$B>h\u001b(B', 'A=充構^乗'],
    // Katakana called into G0 and G1, and ISO 2022 IR 100 beside Greek.
    ['\\ISO 2022 IR 13', '\u001b)I\\xD4\\xCF', 'ﾔﾏ'],
    ['\\ISO 2022 IR 13', '\u001b(ITO\u001b(B', 'ﾔﾏ'],
    ['ISO 2022 IR 100\\ISO 2022 IR 126', 'J\\xF6rg=\u001b-F\\xC4\\xE9', 'Jörg=Δι'],
    ['ISO 2022 IR 100\\ISO 2022 IR 144', '\u001b-L\\xBB^J\\xF6rg', 'Л^Jörg'],
  ])('%s: %j', (charset, text, wanted) => {
    expect(decoded(written(text), charset)).toEqual({ text: wanted, label: 'iso-2022', guessed: false });
  });

  it('ends at delimiters of a name, of values and of lines, each where its VR says so', () => {
    const greek = (between: string) => written(`\u001b-F\\xC4${between}\\xC4`);
    const stated = 'ISO 2022 IR 100\\ISO 2022 IR 126';
    expect(decoded(greek('^'), stated, 'PN').text).toBe('Δ^Ä');
    expect(decoded(greek('='), stated, 'PN').text).toBe('Δ=Ä');
    expect(decoded(greek('^'), stated, 'values').text).toBe('Δ^Δ');
    expect(decoded(greek('\\'), stated, 'values').text).toBe('Δ\\Ä');
    expect(decoded(greek('\\'), stated, 'text').text).toBe('Δ\\Δ');
    for (const control of ['\r\n', '\f', '\t'])
      expect(decoded(greek(control), stated, 'text').text).toBe(`Δ${control}Ä`);
  });

  it('that nobody stated is read, and told', () => {
    const text = concat([0x1b, 0x24, 0x29, 0x41], gbk('测试'));
    expect(decoded(text, '')).toEqual({ text: '测试', label: 'iso-2022', guessed: true });
  });

  it('that is damaged keeps what is whole, and is told', () => {
    expect(decoded(written('A\u001b%XB'), '\\ISO 2022 IR 87')).toEqual({
      text: 'AB',
      label: 'iso-2022',
      guessed: true,
    });
    expect(decoded(written('A\u001b'), '\\ISO 2022 IR 87')).toEqual({ text: 'A', label: 'iso-2022', guessed: true });
    expect(decoded(written('\u001b$)C\\xFF'), '\\ISO 2022 IR 149')).toEqual({
      text: '\ufffd',
      label: 'iso-2022',
      guessed: true,
    });
    expect(decoded(concat([0x1b, 0x24, 0x29, 0x41], utf8('测试甲')), '\\ISO 2022 IR 87').guessed).toBe(true);
  });
});

it('Korean and Japanese texts of one label are read as it says', () => {
  expect(decoded(written('\\xB1\\xE8\\xC8\\xF1'), 'ISO_IR 149')).toEqual({
    text: '김희',
    label: 'euc-kr',
    guessed: false,
  });
  expect(decoded(written('\\xD4\\xCF\\xC0\\xDE'), 'ISO_IR 13')).toEqual({
    text: 'ﾔﾏﾀﾞ',
    label: 'shift_jis',
    guessed: false,
  });
});

it('ASCII is ASCII under every label', () => {
  for (const charset of ['', 'ISO_IR 100', 'GB18030', '\\ISO 2022 IR 87', 'no term'])
    expect(decoded(latin1('TEST^A'), charset)).toEqual({ text: 'TEST^A', label: 'ascii', guessed: false });
});

it('every two-byte character of GB18030 is read as the platform reads it', () => {
  const strict = new TextDecoder('gb18030', { fatal: true });
  let read = 0;
  for (let high = 0x81; high <= 0xfe; high++) {
    const row = Array.from({ length: 0xbf }, (_, k) => k + 0x40).filter((low) => low !== 0x7f && low !== 0xff);
    const bytes = Uint8Array.from(row.flatMap((low) => [high, low]));
    const { text, label } = decodeDicomText(bytes, ['GB18030']);
    expect([text, label]).toEqual([strict.decode(bytes), 'gb18030']);
    read += Array.from(text).length;
  }
  expect(read).toBe(126 * 190);
});
