/**
 * Pages as a PDF 1.7 file (ISO 32000-1): vectors and text, no font file, no picture, no script, no link. The same pages
 * give the same bytes; nothing asks the clock.
 */
import { type Page, PAGE_HEIGHT, PAGE_WIDTH } from './page.ts';
import { pageContent, POINTS_PER_MM } from './pdf-content.ts';
import { FONT_NAMES, textString } from './pdf-text.ts';

export interface PdfOptions {
  /** Instant in UTC (`2026-11-03T00:15:30Z`) that the file gives as its making; absent when not passed. */
  readonly createdAt?: string;
  /** A synchronous zlib deflate, where the runtime has one: the file gets about a fourth as large. */
  readonly deflate?: (bytes: Uint8Array) => Uint8Array;
}

/** Objects of the file, in the order of their numbers; those before the first page are the same in every file. */
const CATALOGUE = 1;
const PAGES = 2;
const RESOURCES = 3;
const REGULAR = 4;
const BOLD = 5;
const CHINESE = 6;
const CHINESE_CID = 7;
const CHINESE_DESCRIPTOR = 8;
const INFO = 9;
const FIRST_PAGE = 10;

type PdfObject = readonly (string | Uint8Array)[];

export function printPdf(pages: Page | readonly Page[], options: PdfOptions = {}): Uint8Array {
  const all = 'texts' in pages ? [pages] : pages;
  const encoder = new TextEncoder();
  const contents = all.map((page) => contentStream(encoder.encode(pageContent(page)), options));
  const objects: readonly PdfObject[] = [
    ...commonObjects(all, options),
    ...contents.flatMap((content, k) => [[pageObject(FIRST_PAGE + 2 * k + 1)], content]),
  ];
  return assemble(objects, encoder);
}

function commonObjects(pages: readonly Page[], { createdAt }: PdfOptions): readonly PdfObject[] {
  const lang = pages[0]?.language === 'zh' ? 'zh-CN' : 'en';
  const kids = pages.map((_, k) => `${FIRST_PAGE + 2 * k} 0 R`).join(' ');
  const fonts = [
    `/${FONT_NAMES.regular} ${REGULAR} 0 R`,
    `/${FONT_NAMES.bold} ${BOLD} 0 R`,
    `/${FONT_NAMES.chinese} ${CHINESE} 0 R`,
  ].join(' ');
  const created = createdAt === undefined ? '' : ` /CreationDate (${pdfDate(createdAt)})`;
  const objects: Readonly<Record<number, string>> = {
    [CATALOGUE]: `<< /Type /Catalog /Pages ${PAGES} 0 R /Lang (${lang}) /ViewerPreferences << /DisplayDocTitle true >> >>`,
    [PAGES]: `<< /Type /Pages /Count ${pages.length} /Kids [${kids}] >>`,
    [RESOURCES]: `<< /ProcSet [/PDF /Text] /Font << ${fonts} >> >>`,
    [REGULAR]: '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>',
    [BOLD]: '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica-Bold /Encoding /WinAnsiEncoding >>',
    [CHINESE]: `<< /Type /Font /Subtype /Type0 /BaseFont /STSong-Light-UniGB-UTF16-H /Encoding /UniGB-UTF16-H /DescendantFonts [${CHINESE_CID} 0 R] >>`,
    [CHINESE_CID]: `<< /Type /Font /Subtype /CIDFontType0 /BaseFont /STSong-Light /CIDSystemInfo << /Registry (Adobe) /Ordering (GB1) /Supplement 4 >> /DW 1000 /FontDescriptor ${CHINESE_DESCRIPTOR} 0 R >>`,
    [CHINESE_DESCRIPTOR]:
      '<< /Type /FontDescriptor /FontName /STSong-Light /Flags 6 /FontBBox [-25 -254 1000 880] /ItalicAngle 0 /Ascent 880 /Descent -120 /CapHeight 737 /StemV 93 >>',
    [INFO]: `<< /Title ${textString(pages[0]?.title ?? '')}${created} >>`,
  };
  return Object.values(objects).map((text) => [text]);
}

function pageObject(content: number): string {
  const box = `[0 0 ${(PAGE_WIDTH * POINTS_PER_MM).toFixed(3)} ${(PAGE_HEIGHT * POINTS_PER_MM).toFixed(3)}]`;
  return `<< /Type /Page /Parent ${PAGES} 0 R /MediaBox ${box} /Resources ${RESOURCES} 0 R /Contents ${content} 0 R >>`;
}

function contentStream(plain: Uint8Array, { deflate }: PdfOptions): PdfObject {
  const bytes = deflate === undefined ? plain : deflate(plain);
  const filter = deflate === undefined ? '' : ' /Filter /FlateDecode';
  return [`<< /Length ${bytes.length}${filter} >>\nstream\n`, bytes, '\nendstream'];
}

/** Objects, the table of their offsets, and the way to it. */
function assemble(objects: readonly PdfObject[], encoder: TextEncoder): Uint8Array {
  const chunks: Uint8Array[] = [];
  let length = 0;
  const put = (part: string | Uint8Array) => {
    const bytes = typeof part === 'string' ? encoder.encode(part) : part;
    chunks.push(bytes);
    length += bytes.length;
  };
  // Four bytes over 127 tell programs that carry files that this one is binary (7.5.2).
  put('%PDF-1.7\n%');
  put(Uint8Array.of(0xe2, 0xe3, 0xcf, 0xd3, 0x0a));
  const offsets = objects.map((parts, k) => {
    const offset = length;
    for (const part of [`${k + 1} 0 obj\n`, ...parts, '\nendobj\n']) put(part);
    return offset;
  });
  const table = length;
  // Every line of the table has twenty bytes (7.5.4).
  const lines = offsets.map((offset) => `${String(offset).padStart(10, '0')} 00000 n \n`);
  const size = objects.length + 1;
  put(`xref\n0 ${size}\n0000000000 65535 f \n${lines.join('')}`);
  put(`trailer\n<< /Size ${size} /Root ${CATALOGUE} 0 R /Info ${INFO} 0 R >>\nstartxref\n${table}\n%%EOF\n`);
  return join(chunks, length);
}

function join(chunks: readonly Uint8Array[], length: number): Uint8Array {
  const whole = new Uint8Array(length);
  let at = 0;
  for (const chunk of chunks) {
    whole.set(chunk, at);
    at += chunk.length;
  }
  return whole;
}

/** `D:20261103001530Z`; only digits get through. */
function pdfDate(instant: string): string {
  return `D:${instant.slice(0, 19).replace(/\D/g, '')}Z`;
}
