/** Words made harmless, measured, cut and wrapped. */
import { describe, expect, test } from 'vitest';
import { plainText } from '../../../src/render/plain-text.ts';
import { fitText, textWidth, wrapText } from '../../../src/render/text-width.ts';

describe('a plain text', () => {
  test.each([
    ['  a \n\t b\u0000c ', 'a b c'],
    ['left\u202Eright\u2066x\u200Fy', 'leftrightxy'],
    ['a\uFFFEb\uD800c', 'abc'],
    ['\u0007\u200B', undefined],
    ['', undefined],
    [undefined, undefined],
    ['阿·买𠮷', '阿·买𠮷'],
    ['\uE000 rare', '\uE000 rare'],
  ])('of %j is %j', (text, plain) => {
    expect(plainText(text)).toBe(plain);
  });

  test('has an end, and no half of a character', () => {
    expect(plainText('x'.repeat(1_000_000))).toHaveLength(400);
    expect(plainText('𠮷'.repeat(50), 5)).toBe('𠮷𠮷𠮷𠮷…');
  });
});

describe('a width', () => {
  test('is Helvetica’s, and a square for Chinese', () => {
    expect(textWidth('i', 10)).toBeCloseTo(2.22, 6);
    expect(textWidth('W0', 10)).toBeCloseTo(15, 6);
    expect(textWidth('W', 10, true)).toBeCloseTo(9.44, 6);
    expect(textWidth('~', 10)).toBeCloseTo(5.84, 6);
    expect(textWidth('心电', 3)).toBeCloseTo(6, 6);
  });
});

describe('a text that is cut', () => {
  test('fits with its ellipsis', () => {
    const cut = fitText('心电图检查报告单', 16, 3);
    expect(cut).toBe('心电图检…');
    expect(textWidth(cut, 3)).toBeLessThanOrEqual(16);
    expect(fitText('short', 100, 3)).toBe('short');
  });
});

describe('a text in lines', () => {
  test('breaks between words, or anywhere in Chinese', () => {
    expect(wrapText('sinus rhythm with block', 20, 3, 3)).toEqual(['sinus rhythm', 'with block']);
    expect(wrapText('窦性心律不齐伴阻滞', 15, 3, 3)).toEqual(['窦性心律不', '齐伴阻滞']);
    expect(wrapText('x'.repeat(30), 15, 3, 3).join('')).toBe('x'.repeat(30));
  });

  test('cuts the last line', () => {
    expect(wrapText('one two three four five', 14, 3, 2)).toEqual(['one two', 'three fo…']);
    expect(wrapText('', 14, 3, 2)).toEqual([]);
  });

  test('ends where not even one character fits', () => {
    expect(wrapText('心电图', 1, 3, 5)).toHaveLength(3);
  });
});
