import { describe, expect, it } from 'vitest';
import { checkOf, readNationalId } from '../../../src/identity/national-id.ts';

/** With its check digit. Years to come and the address code 000000 keep these from being anybody's. */
const whole = (body: string): string => body + checkOf(body);

describe('readNationalId', () => {
  it.each([
    ['11010519491231002X', '1949-12-31', 'female'],
    ['440524188001010014', '1880-01-01', 'male'],
    ['000000199001010018', '1990-01-01', 'male'],
    ['00000019620714005X', '1962-07-14', 'male'],
    ['000000198505200021', '1985-05-20', 'female'],
  ])('reads %s, a vector of the standard or a synthetic number', (text, birthDate, sex) => {
    expect(readNationalId(text)).toEqual({ number: text, birthDate, sex, converted15: false, holder: 'citizen' });
  });

  it('computes the check character X where the remainder is 2', () => {
    expect(checkOf('34052419800101001')).toBe('X');
  });

  it.each([
    ['lower-case x', '00000019620714005x'],
    ['full-width digits', '００００００１９６２０７１４００５Ｘ'],
    ['spaces between the parts', ' 000000 19620714 005X '],
    ['an ideographic space and a zero-width space', '000000　19620714​005X'],
  ])('reads through %s', (_what, text) => {
    expect(readNationalId(text)?.number).toBe('00000019620714005X');
  });

  it('refuses every other check character and every single changed digit', () => {
    const good = '000000199001010018';
    for (const check of '0123456789X'.replace('8', ''))
      expect(readNationalId(good.slice(0, 17) + check)).toBeUndefined();
    for (let i = 0; i < 17; i++) {
      for (const digit of '0123456789'.replace(good[i] as string, '')) {
        expect(readNationalId(good.slice(0, i) + digit + good.slice(i + 1))).toBeUndefined();
      }
    }
  });

  it.each(['19900230', '19901301', '19900001', '19900100', '19000229', '17990101', '21000101', '19910431'])(
    'refuses the impossible birth date %s under a right check digit',
    (date) => {
      expect(readNationalId(whole(`000000${date}001`))).toBeUndefined();
    },
  );

  it.each(['19040229', '20000229', '20241231', '18000101'])('reads the possible birth date %s', (date) => {
    expect(readNationalId(whole(`000000${date}001`))?.birthDate.replaceAll('-', '')).toBe(date);
  });

  it('converts 15 digits into the 20th century', () => {
    expect(readNationalId('000000900101001')).toEqual({
      number: '000000199001010018',
      birthDate: '1990-01-01',
      sex: 'male',
      converted15: true,
      holder: 'citizen',
    });
  });

  it.each(['996', '997', '998', '999'])(
    'does not convert 15 digits of sequence %s, kept for births before 1900',
    (seq) => {
      expect(readNationalId(`000000900101${seq}`)).toBeUndefined();
    },
  );

  it('refuses 15 digits with an impossible birth date', () => {
    expect(readNationalId('000000900230001')).toBeUndefined();
  });

  it.each(['111111', '123456', '333333', '888888', '999999'])('refuses the filler %s as address code', (address) => {
    expect(readNationalId(whole(`${address}19900101001`))).toBeUndefined();
    expect(readNationalId(`${address}900101001`)).toBeUndefined();
  });

  it.each([
    '111111111111111',
    '111111111111111111',
    '000000000000000000',
    '123456789012345678',
    '',
    '无',
    '0'.repeat(100),
  ])('refuses what only fills the field (%#)', (text) => {
    expect(readNationalId(text)).toBeUndefined();
  });

  it('classes the other documents that are numbered by the same rule', () => {
    expect(readNationalId(whole('90000020990101001'))?.holder).toBe('permanent-resident');
    expect(readNationalId(whole('81000020990101001'))?.holder).toBe('hong-kong');
    expect(readNationalId(whole('82000020990101001'))?.holder).toBe('macao');
    expect(readNationalId(whole('83000020990101002'))?.holder).toBe('taiwan');
  });
});
