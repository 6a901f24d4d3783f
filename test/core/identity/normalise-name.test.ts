import { describe, expect, it } from 'vitest';
import { normaliseName, sameName } from '../../../src/identity/normalise-name.ts';

describe('normaliseName', () => {
  it.each([
    ['买买提·阿不都', '买买提•阿不都', 'bullet'],
    ['买买提·阿不都', '买买提‧阿不都', 'hyphenation point'],
    ['买买提·阿不都', '买买提・阿不都', 'katakana dot'],
    ['买买提·阿不都', '买买提･阿不都', 'half-width katakana dot'],
    ['买买提·阿不都', '买买提．阿不都', 'full-width full stop'],
    ['买买提·阿不都', '买买提.阿不都', 'full stop'],
    ['买买提·阿不都', '买买提 阿不都', 'space'],
    ['买买提·阿不都', '买买提　阿不都', 'ideographic space'],
    ['买买提·阿不都', '买买提阿不都', 'nothing'],
    ['张三', '张^三', 'component mark'],
    ['张三', ' 张 三 ', 'spaces'],
    ['张三', '张​三', 'zero-width space'],
    ['Zhang San', 'ＺＨＡＮＧ　ＳＡＮ', 'full width'],
    ['Zhang San', 'SAN ZHANG', 'order'],
    ['Zhang San', 'zhangsan', 'no space'],
    ['Smith^John^Paul', 'John Paul Smith', 'order of three'],
    ["O'Brien Mary", 'MARY O’BRIEN', 'apostrophe'],
    ['Jean-Paul Petit', 'Petit, Jean Paul', 'hyphen and comma'],
  ])('makes %s and %s one name (%s)', (left, right) => {
    expect(sameName(left, right)).toBe(true);
  });

  it.each([
    ['张三', '三张', 'Chinese order'],
    ['张三', '張三', 'traditional form'],
    ['张三', 'Zhang San', 'pinyin'],
    ['王㛃', '王洁', 'a rare character and its homophone'],
    ['王\u{2C386}', '王\u{2C387}', 'two characters of the supplementary planes'],
    ['王\u{E863}', '王\u{E864}', 'two private-use characters of GB 18030'],
    ['Zhang San', 'Zhang Shan', 'another letter'],
    ['José', 'Jose', 'an accent'],
    ['', '', 'two empty names'],
    ['·', '·', 'two dots'],
  ])('keeps %s and %s apart (%s)', (left, right) => {
    expect(sameName(left, right)).toBe(false);
  });

  it('keeps rare and private-use characters as they are', () => {
    expect(normaliseName('王\u{2C386}')).toBe('王\u{2C386}');
    expect(normaliseName('王\u{E863}')).toBe('王\u{E863}');
  });

  it('leaves a text too long to be a name as it stands', () => {
    expect(normaliseName('b'.repeat(10_000) + 'a')).toBe('b'.repeat(10_000) + 'a');
  });
});
