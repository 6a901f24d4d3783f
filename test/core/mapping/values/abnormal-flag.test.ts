/** OBX-8 flags (src/mapping/values/abnormal-flag.ts; HL7 table 0078). */
import { describe, expect, test } from 'vitest';
import { interpretationOf } from '../../../../src/mapping/values/abnormal-flag.ts';

describe('one flag becomes one code', () => {
  test.each([
    ['H', ['H']],
    ['h', ['H']],
    ['LL', ['LL']],
    ['SDD', ['SDD']],
    ['SYN-R', ['SYN-R']],
    ['↑', ['H']],
    ['偏高', ['H']],
    ['H+', ['H']],
    ['↓', ['L']],
    ['低', ['L']],
    ['↑↑', ['HH']],
    ['↓↓', ['LL']],
    ['危急', ['AA']],
    ['*', ['A']],
    ['异常', ['A']],
    ['阳性', ['POS']],
    ['+', ['POS']],
    ['＋', ['POS']],
    ['-', ['NEG']],
    ['±', ['WR']],
    ['弱阳性', ['WR']],
    ['N', ['N']],
  ])('%s', (flag, codes) => expect(interpretationOf([flag])).toEqual({ codes, unmapped: [] }));
});

test.each(['正常', 'N/A', 'NONE', '', ' ', '""'])('"%s" says nothing and is no problem', (flag) =>
  expect(interpretationOf([flag])).toEqual({ codes: [], unmapped: [] }),
);

test.each(['AC', 'HM', 'OBX', 'QCF', 'TOX', 'MS', 'VS', 'null', 'xyz', '1'])(
  '%s has no code, so its text is kept',
  (flag) => expect(interpretationOf([flag])).toEqual({ codes: [], unmapped: [0] }),
);

describe('repeated flags', () => {
  test.each([
    [['H', 'N'], ['H']],
    [['L', 'N'], ['L']],
    [['', 'N'], ['N']],
    [['H', 'A'], ['H']],
    [['H', 'H'], ['H']],
    [
      ['POS', 'A'],
      ['POS', 'A'],
    ],
    [[], []],
  ])('%j', (flags, codes) => expect(interpretationOf(flags).codes).toEqual(codes));
  test('positions of the flags without a code are told', () =>
    expect(interpretationOf(['H', 'QCF', 'zz'])).toEqual({ codes: ['H'], unmapped: [1, 2] }));
});
