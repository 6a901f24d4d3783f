/** XML of devices: any encoding that they write, no entity but XML's own, nothing without a bound (ecg.md 7.5). */
import { describe, expect, it } from 'vitest';
import { encodeText, gbk, latin1, utf16, utf8 } from '../../../../fixtures/ecg/encoders/bytes.ts';
import { LIMITS } from '../../../../src/base/limits.ts';
import { attributeOf, childOf, descendantsOf, pathOf, textOf } from '../../../../src/formats/xml/element.ts';
import { readXml } from '../../../../src/formats/xml/read-xml.ts';

const NAME = '<?xml version="1.0" encoding="UTF-8"?>\n<a><name>测试甲</name></a>';
const nameOf = (bytes: Uint8Array) => textOf(readXml(bytes).value, 'name');
const codesOf = (bytes: Uint8Array) => readXml(bytes).problems.map(({ code, at }) => `${code} ${at}`.trim());

describe('a document', () => {
  it.each([
    ['UTF-8', utf8(NAME)],
    ['UTF-8 with its mark', encodeText(NAME, 'UTF-8-BOM')],
    ['UTF-8 without a declaration', utf8('<a><name>测试甲</name></a>')],
    ['UTF-16 little-endian with its mark', utf16(NAME.replace('UTF-8', 'UTF-16'), 'LE')],
    ['UTF-16 big-endian with its mark', utf16(NAME.replace('UTF-8', 'UTF-16'), 'BE')],
    ['UTF-16 little-endian without one', utf16(NAME.replace('UTF-8', 'UTF-16'), 'LE', false)],
    ['UTF-16 big-endian without one', utf16(NAME.replace('UTF-8', 'UTF-16'), 'BE', false)],
    ['UTF-16 that calls itself UTF-8', utf16(NAME, 'LE')],
    ['GB18030', gbk(NAME.replace('UTF-8', 'GB18030'))],
    ['GB2312', gbk(NAME.replace('UTF-8', 'gb2312'))],
  ])('in %s is read without a problem', (_, bytes) => {
    expect(nameOf(bytes)).toBe('测试甲');
    expect(codesOf(bytes)).toEqual([]);
  });

  it.each([
    ['GB18030 that calls itself UTF-8', gbk(NAME)],
    ['GB18030 that calls itself nothing', gbk('<a><name>测试甲</name></a>')],
    ['UTF-8 that calls itself UTF-16', utf8(NAME.replace('UTF-8', 'UTF-16'))],
    ['UTF-8 that calls itself something unknown', utf8(NAME.replace('UTF-8', 'KLINGON'))],
  ])('in %s is read, and told', (_, bytes) => {
    expect(nameOf(bytes)).toBe('测试甲');
    expect(codesOf(bytes)).toEqual(['xml/encoding-doubtful encoding']);
  });

  it('in an encoding that nobody can tell keeps its structure', () => {
    const { value, problems } = readXml(latin1('<a><name>\u00ff\u00fe</name><b>1</b></a>'));
    expect(textOf(value, 'b')).toBe('1');
    expect(problems.map(({ code }) => code)).toEqual(['xml/encoding-doubtful']);
  });

  it('has its five entities, character references and CDATA as text', () => {
    const { value } = readXml(utf8('<a>&lt;&amp;&gt;&quot;&apos;&#65;&#x6D4B;<![CDATA[<b>&amp;]]></a>'));
    expect(value?.text).toBe('<&>"\'A测<b>&amp;');
  });

  it('has line ends of all kinds as line feeds', () => {
    expect(readXml(utf8('<a>1\r2\r\n3\n4</a>')).value?.text).toBe('1\n2\n3\n4');
    const long = '1 '.repeat(200);
    expect(readXml(utf8(`<a>${long}\r2\r\n3</a>`)).value?.text).toBe(`${long}\n2\n3`);
  });

  it('has elements and attributes by local names, whatever their prefix', () => {
    const { value } = readXml(
      utf8('<h:a xmlns:h="u" xmlns="v" xmlns:xsi="w"><h:b xsi:type="T" h:code="c"/><b code="d"/></h:a>'),
    );
    expect(value?.name).toBe('a');
    expect(value?.children.map((child) => [child.name, attributeOf(child, 'code')])).toEqual([
      ['b', 'c'],
      ['b', 'd'],
    ]);
    expect(attributeOf(childOf(value, 'b'), 'type')).toBe('T');
    expect([...(value?.attributes.keys() ?? [])]).toEqual([]);
  });

  it('may name an external DTD, which is not fetched', () => {
    expect(codesOf(utf8('<!DOCTYPE RestingECG SYSTEM "restecg.dtd"><RestingECG/>'))).toEqual([]);
    expect(codesOf(utf8('<!DOCTYPE a PUBLIC "-//X" "http://dtd.invalid/x.dtd"><a/>'))).toEqual([]);
  });
});

describe('long plain texts, which go past the parser, are what they would be without that', () => {
  const digits = '-12 345\n'.repeat(60);
  it.each([
    ['an element', `<a><b>${digits}</b></a>`, digits],
    [
      'an element that has more text',
      `<a><b>x&amp;<c/>${digits}<c>1</c>${digits}&lt;</b></a>`,
      `x&${digits}${digits}<`,
    ],
    ['text behind a comment', `<a><b><!-- > -->${digits}</b></a>`, digits],
    ['a comment', `<a><b><!-- <x>${digits}</x> -->1</b></a>`, '1'],
    ['CDATA', `<a><b><![CDATA[<x>${digits}</x>]]></b></a>`, `<x>${digits}</x>`],
    ['an instruction', `<a><b><?pi <x>${digits}<?>1</b></a>`, '1'],
  ])('in %s', (_, xml, text) => {
    const { value, problems } = readXml(utf8(xml));
    expect(problems).toEqual([]);
    expect(childOf(value, 'b')?.text).toBe(text);
  });

  it('outside of the root are no document', () => {
    expect(codesOf(utf8(`<a/>${digits}<b/>`))).toEqual(['xml/syntax']);
    expect(codesOf(utf8(`${digits}<a/>`))).toEqual(['xml/syntax']);
  });

  it('take time in proportion, however many tags never end', () => {
    const begin = performance.now();
    expect(codesOf(utf8(`<a ${`<${'1 '.repeat(130)}`.repeat(20_000)}`))).toEqual(['xml/syntax']);
    expect(performance.now() - begin).toBeLessThan(3_000);
  });
});

describe('a document is refused', () => {
  it.each([
    ['xml/dtd', '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'],
    ['xml/dtd', '<!DOCTYPE a [<!ENTITY % p SYSTEM "http://dtd.invalid/p"> %p;]><a/>'],
    ['xml/dtd', '<!DOCTYPE a SYSTEM "x" [<!ATTLIST a b CDATA "c">]><a/>'],
    ['xml/syntax a', '<a>&unknown;</a>'],
    ['xml/syntax a', '<a>&#0;</a>'],
    ['xml/syntax a', '<a><b></a>'],
    ['xml/syntax a/b', '<a><b>&c;</b></a>'],
    ['xml/syntax a', '<a>'],
    ['xml/syntax', '<a/><b/>'],
    ['xml/syntax', ''],
    ['xml/syntax', '   '],
    ['xml/syntax a', '<a>]]></a>'],
    ['xml/syntax', '<a b="1" b="2"/>'],
    ['xml/syntax a', '<a>\u0001</a>'],
  ])('with %s for %j', (problem, xml) => {
    expect(readXml(utf8(xml)).value).toBeUndefined();
    expect(codesOf(utf8(xml))).toEqual([problem]);
  });

  it('with xml/too-deep, xml/too-many and xml/too-large beyond its limits, and not at them', () => {
    const deep = (levels: number) => utf8('<a>'.repeat(levels) + '</a>'.repeat(levels));
    expect(codesOf(deep(LIMITS.xmlDepthMax))).toEqual([]);
    expect(codesOf(deep(LIMITS.xmlDepthMax + 1))[0]).toMatch(/^xml\/too-deep /);
    const many = (elements: number) => utf8(`<a>${'<b/>'.repeat(elements - 1)}</a>`);
    expect(codesOf(many(LIMITS.xmlNodesMax))).toEqual([]);
    expect(codesOf(many(LIMITS.xmlNodesMax + 1))).toEqual(['xml/too-many a']);
    expect(codesOf(new Uint8Array(LIMITS.xmlBytesMax + 1))).toEqual(['xml/too-large']);
  });
});

describe('a place', () => {
  it('counts elements of a name from 1, where there are several', () => {
    const { value } = readXml(utf8('<a><b/><c/><b><d/></b></a>'));
    const [d] = descendantsOf(value!, 'd');
    expect(pathOf(d!)).toBe('a/b[2]/d');
  });

  it('repeats no name that is none of a format', () => {
    const { value } = readXml(utf8(`<a><张三><b/></张三></a>`));
    expect(pathOf(descendantsOf(value!, 'b')[0]!)).toBe('a/*/b');
  });
});
