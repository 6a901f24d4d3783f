/** DICOM files in every syntax and out of shape: read as they are, refused with a reason, or told what is wrong. */
import { describe, expect, it } from 'vitest';
import {
  ctInstance,
  type Element,
  encodeDataset,
  encodeFile,
  type FileOptions,
  fragments,
  INSTANCE,
  raw,
  sequence,
  type Syntax,
  SYNTAXES,
  text,
  ul,
  us,
} from '../../../../fixtures/dicom/encoder.ts';
import { concat, gbk, latin1 } from '../../../../fixtures/ecg/encoders/bytes.ts';
import { readIndex } from '../../../../src/formats/dicom/read-index.ts';
import { looksLikeDicom, readDataset } from '../../../../src/formats/dicom/read-dataset.ts';

const whole = ctInstance({ charset: 'GB18030', name: gbk('CeShi^Jia=测试^甲') });
const file = (elements: readonly Element[] = whole, options: FileOptions = {}) => encodeFile(elements, options);
const told = (bytes: Uint8Array) =>
  readIndex(bytes).problems.map(({ code, severity, at }) => `${severity} ${code} ${at}`);
const nameIn = (bytes: Uint8Array) => readIndex(bytes).value?.patient.name?.ideographic;

describe('a whole file', () => {
  const expected = readIndex(file()).value;
  const without = (value: typeof expected) => ({ ...value, uids: { ...value?.uids, transferSyntax: '' } });

  it('tells nothing', () => {
    expect(told(file())).toEqual([]);
    expect(expected?.uids.instance).toBe(INSTANCE);
  });

  it.each(Object.keys(SYNTAXES) as Syntax[])('says the same in %s, with lengths and with delimiters', (syntax) => {
    const elements =
      syntax === 'encapsulated' ? [...whole.filter(({ tag }) => tag < 0x7fe00000), fragments(latin1('1234'))] : whole;
    for (const undefinedLengths of [false, true]) {
      const bytes = file(elements, { syntax, undefinedLengths });
      expect(told(bytes)).toEqual([]);
      expect(without(readIndex(bytes).value)).toEqual(without(expected));
      expect(readIndex(bytes).value?.uids.transferSyntax).toBe(SYNTAXES[syntax]);
    }
  });

  it('is known for one, whatever it begins with', () => {
    for (const head of ['whole', 'meta', 'bare'] as const) expect(looksLikeDicom(file(whole, { head }))).toBe(true);
    for (const syntax of ['implicit', 'big-endian'] as const)
      expect(looksLikeDicom(file(whole, { syntax, head: 'bare' }))).toBe(true);
    for (const bytes of [
      new Uint8Array(0),
      new Uint8Array(200),
      latin1('%PDF-1.7 and so on'),
      latin1('\u0008\0\u0018\0'),
    ])
      expect(looksLikeDicom(bytes)).toBe(false);
  });

  it.each(['explicit', 'implicit', 'big-endian'] as const)(
    'without a header is told from its first element: %s',
    (syntax) => {
      const bytes = file(whole, { syntax, head: 'bare' });
      expect(told(bytes)).toEqual(['information dicom/headerless (0002,0010)']);
      expect(readIndex(bytes).value).toEqual({
        ...expected,
        uids: { ...expected?.uids, transferSyntax: SYNTAXES[syntax] },
      });
    },
  );

  it('with file meta information and no preamble is headerless too', () => {
    expect(told(file(whole, { head: 'meta' }))).toEqual(['information dicom/headerless (0002,0010)']);
    expect(nameIn(file(whole, { head: 'meta', syntax: 'implicit' }))).toBe('测试^甲');
  });

  it.each([
    ['implicit', null],
    ['explicit', null],
    ['implicit', SYNTAXES.explicit],
    ['explicit', SYNTAXES.implicit],
    ['big-endian', SYNTAXES.explicit],
    ['implicit', SYNTAXES['big-endian']],
  ] as const)('in %s that states %s is read as it is, and told', (syntax, stated) => {
    const bytes = file(whole, { syntax, stated });
    expect(told(bytes)).toEqual(['warning dicom/syntax-guessed (0002,0010)']);
    expect(nameIn(bytes)).toBe('测试^甲');
  });

  it('that is deflated keeps its file meta information', () => {
    expect(readDataset(file(whole, { syntax: 'deflated' })).value?.text('00020003')).toBe(INSTANCE);
  });
});

describe('elements', () => {
  it.each(['OV', 'SV', 'UV'])('of %s have lengths of four bytes, at every level', (vr) => {
    const wide = raw(0x00081199, vr, new Uint8Array(16));
    const bytes = file(
      ctInstance(
        {},
        wide,
        sequence(0x00081140, [wide, text(0x00081155, 'UI', '1.2.3')]),
        raw(0x7fe00001, 'OV', new Uint8Array(8)),
      ),
    );
    expect(told(bytes)).toEqual([]);
    expect(readDataset(bytes).value?.items('00081140')[0]?.text('00081155')).toBe('1.2.3');
  });

  it('of private groups are no part of the data set, at any level and of any length', () => {
    const secret = text(0x00091001, 'LO', 'PRIVATE');
    const hidden = sequence(0x00091002, [secret, sequence(0x00081140, [text(0x00081155, 'UI', '1.2.3')])]);
    for (const undefinedLengths of [false, true])
      for (const syntax of ['explicit', 'implicit'] as const) {
        const bytes = file(ctInstance({}, secret, hidden, sequence(0x00081140, [secret])), {
          undefinedLengths,
          syntax,
        });
        const { value, problems } = readDataset(bytes);
        expect(problems).toEqual([]);
        expect([
          value?.text('00091001'),
          value?.items('00091002'),
          value?.items('00081140')[0]?.text('00091001'),
        ]).toEqual([undefined, [], undefined]);
        expect(value?.text('00100010')).toBe('CESHI^JIA');
      }
  });

  it('of UN and undefined length hold items in the implicit syntax', () => {
    const item = encodeDataset([text(0x00080100, 'SH', 'A1')], { syntax: 'implicit' });
    const items = concat([0xfe, 0xff, 0, 0xe0], [item.length, 0, 0, 0], item, [0xfe, 0xff, 0xdd, 0xe0, 0, 0, 0, 0]);
    const bytes = file(ctInstance({}, raw(0x00081032, 'UN', items, 0xffffffff)));
    expect(told(bytes)).toEqual([]);
    expect(readIndex(bytes).value?.study.procedures).toEqual([{ value: 'A1' }]);
  });

  it('that hold an icon of encapsulated pixels are passed over', () => {
    const icon = sequence(0x00880200, [us(0x00280010, 1), { ...fragments(latin1('12')) }]);
    expect(told(file(ctInstance({}, icon), { undefinedLengths: true }))).toEqual([]);
  });

  it('of the top level that look like items in the implicit syntax are values where they have no room to be', () => {
    const bytes = file(ctInstance({}, raw(0x00080119, 'OB', [0xfe, 0xff, 0, 0xe0, 0xff, 0, 0, 0])), {
      syntax: 'implicit',
    });
    expect(told(bytes)).toEqual([]);
  });

  it('after which zeros fill the file end there', () => {
    const header = ctInstance().filter(({ tag }) => tag < 0x7fe00000);
    expect(told(concat(file(header), new Uint8Array(40)))).toEqual([]);
    expect(told(concat(file(header), new Uint8Array(3)))).toEqual([]);
    expect(told(concat(file(header), new Uint8Array(40), [1]))).toEqual(['fatal dicom/truncated (0028,0101)']);
  });
});

describe('pixels', () => {
  const header = whole.filter(({ tag }) => tag < 0x7fe00000);
  const encapsulated = file([...header, fragments(new Uint8Array(100), new Uint8Array(50))], {
    syntax: 'encapsulated',
  });

  it('are not read: what they would be read as does not matter', () => {
    const odd = file([...header, raw(0x7fe00010, 'OW', new Uint8Array(100).fill(0xff))]);
    expect(told(concat(odd, [1, 2, 3]))).toEqual([]);
    expect(readIndex(odd).value?.pixels).toBe('whole');
    expect(readIndex(file(header)).value?.pixels).toBe('none');
    expect(readIndex(encapsulated).value?.pixels).toBe('whole');
  });

  it('of floats stop the walk as others do', () => {
    const float = file([...header, raw(0x7fe00008, 'OF', new Uint8Array(8))]);
    expect([readIndex(float).value?.pixels, told(float)]).toEqual(['whole', []]);
  });

  it('that are cut leave the index whole, and are told', () => {
    const bytes = file();
    for (const cut of [
      bytes.slice(0, -1),
      bytes.slice(0, -64),
      bytes.slice(0, -70),
      encapsulated.slice(0, -9),
      encapsulated.slice(0, -60),
    ]) {
      expect(told(cut)).toEqual(['warning dicom/pixels-truncated (7FE0,0010)']);
      expect(nameIn(cut)).toBe('测试^甲');
      expect(readIndex(cut).value?.pixels).toBe('cut');
    }
  });
});

describe('a header that is cut', () => {
  const header = ctInstance().filter(({ tag }) => tag < 0x7fe00000);

  it.each(['explicit', 'implicit', 'big-endian'] as const)('anywhere but between elements is refused: %s', (syntax) => {
    const bytes = file(header, { syntax });
    const bounds = new Set(header.map((_, k) => file(header.slice(0, k), { syntax }).length));
    let refused = 0;
    for (let length = bytes.length - 1; length > bytes.length - 600; length--) {
      const { value, problems } = readIndex(bytes.slice(0, length));
      if (bounds.has(length) || bytes.length === length) continue;
      expect([value, problems.at(-1)?.severity]).toEqual([undefined, 'fatal']);
      refused += 1;
    }
    expect(refused).toBeGreaterThan(500);
  });

  it('between elements lacks what comes after: UIDs are missed', () => {
    const cut = file(header.filter(({ tag }) => tag < 0x00200000));
    expect(told(cut)).toEqual(['error dicom/uid-missing (0020,000D)', 'error dicom/uid-missing (0020,000E)']);
  });

  it('within file meta information is no data set', () => {
    expect(told(file().slice(0, 150))).toEqual(['fatal dicom/unreadable data set']);
    expect(told(file().slice(0, 132))).toEqual(['fatal dicom/unreadable data set']);
    expect(told(latin1('no data set'))).toEqual(['fatal dicom/unreadable (0002,0010)']);
  });

  it('while deflated is refused', () => {
    const bytes = file(header, { syntax: 'deflated' });
    for (const lost of [1, 10, 100])
      expect(told(bytes.slice(0, -lost)).at(-1)).toMatch(/^fatal dicom\/(?:truncated|unreadable) /);
  });
});

describe('a length that lies', () => {
  it('past the end is refused at the element before it', () => {
    expect(told(file(ctInstance({}, raw(0x00100010, 'PN', latin1('A^B '), 0xffff))))).toEqual([
      'fatal dicom/truncated (0008,2218)',
    ]);
  });

  it('in characters in place of bytes is refused at the institution that has it', () => {
    // Domestic scanners write (0008,0080) so; readers then lose all that follows.
    const bytes = file(ctInstance({}, raw(0x00080080, 'LO', gbk('测试示范医院'), 6)));
    expect(told(bytes)).toEqual(['fatal dicom/truncated (0008,0080)']);
  });

  it('in characters of ASCII is refused as well: words are no VRs', () => {
    const bytes = file(ctInstance({}, raw(0x00080080, 'LO', latin1('TEST HOSPITAL '), 4)));
    expect(told(bytes)).toEqual(['fatal dicom/truncated (0008,0080)']);
  });

  it('of an item beyond its sequence is refused', () => {
    const inner = encodeDataset([text(0x00081155, 'UI', '1.2.3')]);
    const items = concat([0xfe, 0xff, 0, 0xe0], [200, 0, 0, 0], inner);
    expect(told(file(ctInstance({}, raw(0x00081140, 'SQ', items))))).toEqual(['fatal dicom/truncated (0008,1030)']);
  });
});

it('counts in big-endian order too', () => {
  const { value } = readDataset(
    file(ctInstance({}, us(0x00280010, 0x0102), ul(0x00080119, 0x01020304)), { syntax: 'big-endian' }),
  );
  expect([value?.uint16('00280010'), value?.uint32('00080119'), value?.bigEndian]).toEqual([0x0102, 0x01020304, true]);
});
