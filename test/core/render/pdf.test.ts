/** Pages as PDF: a file that readers can find their way in, with the same curves as the SVG and text that can be read. */
import { inflateSync } from 'node:zlib';
import { deflateSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { layOut } from '../../../src/render/lay-out.ts';
import { printPdf } from '../../../src/render/pdf.ts';
import { syntheticEcg } from './synthetic-ecg.ts';

const page = layOut({ ecg: syntheticEcg(), layout: '3x4+1', speed: 25, gain: 10, language: 'zh' });
const latin1 = (bytes: Uint8Array): string => new TextDecoder('latin1').decode(bytes);
const hexOf = (text: string): string =>
  Array.from(text, (character) => character.charCodeAt(0).toString(16).padStart(4, '0').toUpperCase()).join('');

/** Texts of the objects by their numbers, found by the table at the file's end as a reader does. */
function objectsOf(file: string): ReadonlyMap<number, string> {
  const table = Number(/startxref\n(\d+)\n%%EOF\n$/.exec(file)?.[1]);
  const [, count = '0'] = /^xref\n0 (\d+)\n/.exec(file.slice(table)) ?? [];
  const first = file.indexOf('0000000000 65535 f', table);
  return new Map(
    Array.from({ length: Number(count) - 1 }, (_, k) => {
      const line = file.slice(first + 20 * (k + 1), first + 20 * (k + 2));
      expect(line).toMatch(/^\d{10} 00000 n \n$/);
      const offset = Number(line.slice(0, 10));
      expect(file.slice(offset)).toMatch(new RegExp(`^${k + 1} 0 obj\n`));
      return [k + 1, file.slice(offset, file.indexOf('\nendobj\n', offset))] as const;
    }),
  );
}

function contentOf(file: string): string {
  const stream = [...objectsOf(file).values()].find((text) => text.includes('stream\n')) ?? '';
  const length = Number(/\/Length (\d+)/.exec(stream)?.[1]);
  const from = stream.indexOf('stream\n') + 7;
  expect(stream.slice(from + length)).toBe('\nendstream');
  return stream.slice(from, from + length);
}

describe('a file', () => {
  const file = latin1(printPdf(page));

  test('has a table whose offsets lead to its objects, and streams as long as they say', () => {
    expect(file.startsWith('%PDF-1.7\n')).toBe(true);
    const objects = objectsOf(file);
    expect(objects.size).toBe(11);
    expect(file).toContain('trailer\n<< /Size 12 /Root 1 0 R /Info 9 0 R >>');
    expect(contentOf(file)).toMatch(/ cm\n/);
    for (const [, number] of file.matchAll(/(\d+) 0 R/g)) expect(objects.has(Number(number))).toBe(true);
  });

  test('is A4, landscape', () => {
    expect(file).toContain('/MediaBox [0 0 841.890 595.276]');
  });

  test('holds no font and needs none: Chinese by the readers’ own', () => {
    expect(file).toContain('/BaseFont /STSong-Light-UniGB-UTF16-H /Encoding /UniGB-UTF16-H');
    expect(file).toContain('/CIDSystemInfo << /Registry (Adobe) /Ordering (GB1)');
    expect(file).not.toContain('/FontFile');
    expect(file).not.toMatch(/\/JavaScript|\/JS\b|\/URI|\/OpenAction|\/EmbeddedFile|\/Launch/);
  });

  test('has the words as text', () => {
    const content = contentOf(file);
    expect(content).toContain(`<${hexOf('测试甲')}> Tj`);
    expect(content).toContain(`<${hexOf('未经医师确认')}> Tj`);
    expect(content).toContain('(25 mm/s \\267 10 mm/mV) Tj');
    expect(content).toContain('(aVR\\206) Tj');
  });

  test('has the points of the page', () => {
    const content = contentOf(file);
    const traces = page.strokes.filter(({ kind }) => kind === 'trace');
    for (const { runs } of traces) {
      const [run] = runs;
      expect(content).toContain(`q 1 0 0 1 ${run?.[0]} ${run?.[1]} cm\n0 0 m\n`);
    }
    const lines = content.match(/ l$/gm)?.length ?? 0;
    const steps = page.strokes.flatMap(({ runs }) => runs).reduce((sum, run) => sum + run.length / 2 - 1, 0);
    expect(lines).toBe(steps + 271 + 146 + 55 + 30);
  });

  test('is the same every time, and knows no time but one that it is given', () => {
    expect(latin1(printPdf(page))).toBe(file);
    expect(file).not.toContain('Date');
    expect(latin1(printPdf(page, { createdAt: '2026-11-03T00:15:30Z' }))).toContain(
      '/CreationDate (D:20261103001530Z)',
    );
    expect(latin1(printPdf(page, { createdAt: '2026) /Evil (' }))).toContain('/CreationDate (D:2026Z)');
  });

  test('may be deflated by the caller', () => {
    const small = printPdf(page, { deflate: (bytes) => new Uint8Array(deflateSync(bytes)) });
    expect(small.length).toBeLessThan(90_000);
    const packed = Uint8Array.from(contentOf(latin1Exact(small)), (character) => character.charCodeAt(0));
    expect(latin1(new Uint8Array(inflateSync(packed)))).toBe(contentOf(file));
  });

  test('holds as many pages as it is given', () => {
    const two = latin1(printPdf([page, page]));
    expect(objectsOf(two).size).toBe(13);
    expect(two).toContain('/Type /Pages /Count 2 /Kids [10 0 R 12 0 R]');
  });
});

describe('a text', () => {
  const draw = (name: string) => {
    const header = { name, facility: 'x' };
    return contentOf(
      latin1(
        printPdf(
          layOut({ ecg: syntheticEcg({ hz: 50 }), layout: '3x4+1', speed: 25, gain: 10, language: 'en', header }),
        ),
      ),
    );
  };

  test('cannot leave its string', () => {
    const content = draw('a) Tj ET q (b\\');
    expect(content).toContain('(a\\) Tj ET q \\(b\\\\) Tj');
  });

  test('of several scripts changes the font within the line', () => {
    expect(draw('Müller 王')).toMatch(/\/F2 480 Tf \(M\\374ller \) Tj \/F3 480 Tf 2 Tr \d+ w <738B> Tj 0 Tr ET/);
  });

  test('outside of the first plane is two halves', () => {
    expect(draw('𠮷')).toContain('<D842DFB7> Tj');
  });
});

/** TextDecoder's latin1 is Windows-1252: for binary streams every byte must come back. */
function latin1Exact(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => String.fromCharCode(byte)).join('');
}
