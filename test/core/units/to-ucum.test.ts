/** Unit spellings (src/units/to-ucum.ts, mappings/units.csv). */
import ucum from '@lhncbc/ucum-lhc';
import { describe, expect, test } from 'vitest';
import { compileSpecimens, compileUnits } from '../../../scripts/compile-units.ts';
import { readCsv } from '../../../src/runtime/node/read-csv.ts';
import { SPELLINGS } from '../../../src/units/generated/spellings.ts';
import { toUcum } from '../../../src/units/to-ucum.ts';

const lhc = ucum.UcumLhcUtils.getInstance();
const isUcum = (code: string): boolean => lhc.validateUnitString(code).status === 'valid';

describe('a unit as hospitals spell it', () => {
  test.each([
    ['10^9/L ×10^9/L x10^9/L 10⁹/L ×10⁹/L X109/L G/L giga.l-1 10*9/L 10E9/L', '10*9/L'],
    ['10^12/L T/L tril/L ×10^12/L', '10*12/L'],
    ['10^6/L', '10*6/L'],
    ['umol/L μmol/L µmol/L umol/l ｕmol／L UMOL/L', 'umol/L'],
    ['mmol/l mmol/L MMOL/L', 'mmol/L'],
    ['IU/L [iU]/L [IU]/L', '[IU]/L'],
    ['IU/ml', '[IU]/mL'],
    ['mIU/L MIU/L', 'm[IU]/L'],
    ['μIU/mL uIU/mL', 'u[IU]/mL'],
    ['U/L u/L', 'U/L'],
    ['μg/L ug/L mcg/L', 'ug/L'],
    ['MG/L mg/l Mg/L', 'mg/L'],
    ['% ％', '%'],
    ['fL fl', 'fL'],
    ['pg PG', 'pg'],
    ['s 秒 sec', 's'],
    ['mm/h mm/hr', 'mm/h'],
    ['copies/mL copies/ml', '{copies}/mL'],
    ['/HP /HPF 个/HP', '/[HPF]'],
    ['/LP', '/[LPF]'],
    ['个/μL /ul', '/uL'],
    ['S/CO', '{s_co_ratio}'],
    ['COI', '{coi}'],
    ['Ratio {ratio}', '1'],
    ['K/uL', '10*3/uL'],
    ['AU/mL', "[arb'U]/mL"],
    ['ml/min/1.73㎡ mL/min/1.73m2', 'mL/min/{1.73_m2}'],
    ['℃', 'Cel'],
    ['mg/g{creat}', 'mg/g{creat}'],
    ['g/24h', 'g/(24.h)'],
  ])('%s', (spellings, code) => {
    for (const spelling of spellings.split(' ')) expect([spelling, toUcum(spelling)]).toEqual([spelling, { code }]);
  });
  test('exponents without a stroke stand for one', () => expect(toUcum('g.l-1')).toEqual({ code: 'g.L-1' }));
  test('a blank inside does not matter', () => expect(toUcum('μ mol/L')).toEqual({ code: 'umol/L' }));
});

test.each(['', '无', '109/L', '100', 'G', 'M', 'bananas', 'mg//L', 'mmol/', '{a', '10^9/L extra', 'g/l-1', 'mmol/L-1'])(
  '"%s" is no unit that we know',
  (text) => expect(toUcum(text)).toBeUndefined(),
);

test('a very long text is refused by its length', () => expect(toUcum('mg/'.repeat(300_000))).toBeUndefined());

test('every unit of the catalogue is its own code', () => {
  const units = new Set(readCsv('mappings/catalogue/items.csv').records.map(({ fields }) => fields['ucum'] ?? ''));
  for (const unit of units) {
    if (unit !== '' && unit !== '-' && unit !== '{ratio}') expect([unit, toUcum(unit)?.code]).toEqual([unit, unit]);
  }
  expect(units.size).toBeGreaterThan(20);
});

test('every code of the table is valid UCUM by the reference implementation', () => {
  const codes = new Set(SPELLINGS.map(([, code]) => code));
  expect([...codes].filter((code) => !isUcum(code))).toEqual([]);
  expect(codes.size).toBeGreaterThan(100);
});

test('what passes as written is valid UCUM, in one spelling', () => {
  for (const text of [
    'mmol/kg',
    'kU/L',
    'mL/min',
    'ng/(mL.h)',
    '10*3',
    '/100{WBC}',
    'mol/m3',
    'uV',
    'cm2',
    'dl',
    'l/min',
  ]) {
    const code = toUcum(text)?.code ?? '';
    expect([text, isUcum(code)]).toEqual([text, true]);
    expect(toUcum(code)?.code).toBe(code);
  }
});

describe('the compiler refuses what it does not understand, with file and line', () => {
  test.each([
    ['spelling,ucum\nx,g\n', 'u.csv:1: columns must be'],
    ['spelling,ucum,comment\n,g,\n', 'u.csv:2: no spelling'],
    ['spelling,ucum,comment\na,g,\nb,furlong,\n', 'u.csv:3: not a UCUM code'],
    ['spelling,ucum,comment\na,g,\na,mg,\n', 'u.csv:3: this spelling has another code'],
  ])('%j', (text, message) => expect(() => compileUnits(text, 'u.csv')).toThrow(message));
  test.each([
    ['kind,spelling,target,comment\ncolour,x,red,\n', 's.csv:2: kind is neither'],
    ['kind,spelling,target,comment\nquality,x,purple,\n', 's.csv:2: no such quality mark'],
    ['kind,spelling,target,comment\nspecimen,x,Serum,\n', 's.csv:2: target is no'],
    ['kind,spelling,target,comment\nspecimen,x,serum,\nspecimen,X,blood,\n', 's.csv:3: this spelling has another'],
  ])('%j', (text, message) => expect(() => compileSpecimens(text, 's.csv')).toThrow(message));
});
