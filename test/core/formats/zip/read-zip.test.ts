/** Archives of a few files are read within bounds, whatever their directories say. */
import { strToU8, zipSync } from 'fflate';
import { describe, expect, test } from 'vitest';
import { LIMITS } from '../../../../src/base/limits.ts';
import { looksLikeZip, readZip } from '../../../../src/formats/zip/read-zip.ts';
import { readAnyEcg } from '../../../../src/formats/ecg/read-any.ts';
import { ecgCase } from '../../../support/scp-file.ts';

const codes = (bytes: Uint8Array): readonly string[] => readZip(bytes).problems.map(({ code }) => code);

describe('an archive', () => {
  test('gives its files by their names without folders, packed or not', () => {
    const archive = zipSync({ 'a/one.hea': strToU8('one'), 'two.dat': [strToU8('two'), { level: 0 }] });
    expect(looksLikeZip(archive)).toBe(true);
    const { value } = readZip(archive);
    expect([...(value ?? [])].map(([name, bytes]) => [name, new TextDecoder().decode(bytes)])).toEqual([
      ['one.hea', 'one'],
      ['two.dat', 'two'],
    ]);
  });

  test('that inflates beyond what is read is stopped on its way', () => {
    const bomb = zipSync({ 'zeros.dat': new Uint8Array(LIMITS.zipBytesMax + 1) });
    expect(bomb.length).toBeLessThan(LIMITS.zipBytesMax / 500);
    const begin = performance.now();
    expect(codes(bomb)).toEqual(['zip/too-large']);
    expect(performance.now() - begin).toBeLessThan(10_000);
  });

  test('whose directory names one body many times inflates it once', () => {
    const body = zipSync({ 'zeros.dat': new Uint8Array(4_000_000) });
    const end = body.length - 22;
    const view = new DataView(body.buffer, body.byteOffset);
    const start = view.getUint32(end + 16, true);
    const entry = body.subarray(start, end);
    const many = new Uint8Array(start + entry.length * 16 + 22);
    many.set(body.subarray(0, start));
    for (let k = 0; k < 16; k++) many.set(entry, start + k * entry.length);
    many.set(body.subarray(end), start + 16 * entry.length);
    expect(readZip(many).value?.size ?? 1).toBe(1);
  });

  test('of too many files, of two of one name, cut or garbled is none', () => {
    const many = Object.fromEntries(
      Array.from({ length: LIMITS.zipFilesMax + 1 }, (_, k) => [`${k}.dat`, strToU8('x')]),
    );
    expect(codes(zipSync(many))).toEqual(['zip/too-large']);
    expect(codes(zipSync({ 'a/x.dat': strToU8('1'), 'b/x.dat': strToU8('2') }))).toEqual(['zip/repeated']);
    const whole = zipSync({ 'x.dat': Uint8Array.from({ length: 5_000 }, (_, k) => (k * 7919) & 255) });
    expect(codes(whole.subarray(0, 200))).toEqual(['zip/unreadable']);
    expect(codes(strToU8('PK\u0003\u0004 and nothing of an archive'))).toEqual(['zip/unreadable']);
  });

  test('of one recording and something else is read, and the rest is told', () => {
    const archive = zipSync({ 'a.scp': ecgCase('scp-version-3'), 'notes.txt': strToU8('something else') });
    const { value, problems } = readAnyEcg(archive);
    expect([value?.format, problems.map(({ code }) => code)]).toEqual(['scp', ['ecg/files-unused']]);
    const two = zipSync({ 'a.scp': ecgCase('scp-version-3'), 'b.xml': ecgCase('aecg-volts') });
    expect(readAnyEcg(two).problems.map(({ code }) => code)).toEqual(['ecg/format-unknown']);
  });
});
