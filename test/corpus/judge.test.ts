/** The judge finds what is lost: a right Observation passes, each loss is named. */
import { describe, expect, it } from 'vitest';
import { type OracleResult, readFile } from '../oracle.ts';
import { type Json, missing } from '../oracle/judge.ts';

const encoder = new TextEncoder();

function stated(obx: string): OracleResult {
  const [message] = readFile(
    encoder.encode(`MSH|^~\\&|A|B|||20260301||ORU^R01|1|P|2.4\rOBR|1||||||||||||||||||||||||C\r${obx}`),
  );
  return message?.results[0] as OracleResult;
}

const CODE = { coding: [{ code: 'HB' }] };
const NUMBER = stated('OBX|1|NM|HB||07.50|g/L|||||F');
const RIGHT: Json = { code: CODE, status: 'final', valueQuantity: { value: '7.50', unit: 'g/L' } };

function ratio(denominator: string): Json {
  const valueRatio = { numerator: { value: '1' }, denominator: { value: denominator } };
  return { code: CODE, status: 'final', valueRatio };
}

describe('the judge', () => {
  it('finds nothing missing in a right number', () => {
    expect(missing(NUMBER, RIGHT, [])).toEqual([]);
  });

  it.each<[string, Json, string[]]>([
    ['another code', { ...RIGHT, code: { coding: [{ code: 'WBC' }] } }, ['code']],
    ['another status', { ...RIGHT, status: 'corrected' }, ['status']],
    ['lost precision', { ...RIGHT, valueQuantity: { value: '7.5', unit: 'g/L' } }, ['number']],
    ['another unit', { ...RIGHT, valueQuantity: { value: '7.50', unit: 'mg/L' } }, ['unit']],
    ['no value', { code: CODE, status: 'final' }, ['number', 'unit', 'value']],
    ['a number as text', { code: CODE, status: 'final', valueString: '7.50 g/L' }, ['number']],
  ])('names %s', (_, observation, lost) => {
    expect(missing(NUMBER, observation, [])).toEqual(lost);
  });

  it('wants both parts of a structured numeric', () => {
    expect(missing(stated('OBX|1|SN|HB||^1^:^80||||||F'), ratio('80'), [])).toEqual([]);
    expect(missing(stated('OBX|1|SN|HB||^1^:^80||||||F'), ratio('8'), [])).toEqual(['number']);
  });

  it('takes the status of the report, or unknown, for an empty OBX-11', () => {
    const empty = stated('OBX|1|NM|HB||7.50|g/L');
    expect(missing(empty, { ...RIGHT, status: 'corrected' }, [])).toEqual([]);
    expect(missing(empty, { ...RIGHT, status: 'unknown' }, [])).toEqual([]);
    expect(missing(empty, RIGHT, [])).toEqual(['status']);
  });

  it('wants the text of a text, and code and text of a coded value', () => {
    const text = stated('OBX|1|ST|HB||a\\F\\b  c||||||F');
    expect(missing(text, { code: CODE, status: 'final', valueString: 'a|b c' }, [])).toEqual([]);
    expect(missing(text, { code: CODE, status: 'final', valueString: 'a|b' }, [])).toEqual(['text']);
    const coded = stated('OBX|1|CWE|HB||P^阳性^L||||||F');
    const concept = (display: string): Json => ({
      code: CODE,
      status: 'final',
      valueCodeableConcept: { coding: [{ code: 'P', display }] },
    });
    expect(missing(coded, concept('阳性'), [])).toEqual([]);
    expect(missing(coded, concept('阴性'), [])).toEqual(['text']);
  });

  it('takes an attachment of the report for an encapsulated value, only if it is the one that was sent', () => {
    const file = stated('OBX|1|ED|HB||^AP^PDF^Base64^JVBERi0xLjQK||||||F');
    const bare: Json = { code: CODE, status: 'final' };
    expect(missing(file, bare, [{ data: 'JVBERi0xLjQK' }])).toEqual([]);
    expect(missing(file, bare, [{ data: 'AAAA' }])).toEqual(['value']);
    expect(missing(file, bare, [])).toEqual(['value']);
  });

  it('asks no value of an OBX that carries none', () => {
    expect(missing(stated('OBX|1|NM|HB||""|g/L|||||F'), { code: CODE, status: 'final' }, [])).toEqual([]);
  });
});
