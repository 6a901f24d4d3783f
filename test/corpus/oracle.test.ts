/** The oracle itself: it reads small messages right, and counts what the corpus says it holds. */
import { readFileSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { plainNumber, readFile } from '../oracle.ts';
import { CORPUS_FOLDERS, corpusFiles, corpusSkipReason } from '../support/corpus.ts';

const encoder = new TextEncoder();
const HEAD = 'MSH|^~\\&|A|B|||20260301||ORU^R01|1|P|2.4\r';

function only(obx: string, head = HEAD) {
  const results = readFile(encoder.encode(head + obx)).flatMap((message) => message.results);
  expect(results).toHaveLength(1);
  return results[0];
}

describe('the oracle', () => {
  it('imports nothing but itself: what it says is its own', () => {
    const folder = fileURLToPath(new URL('../oracle/', import.meta.url));
    const files = [
      fileURLToPath(new URL('../oracle.ts', import.meta.url)),
      ...readdirSync(folder).map((name) => folder + name),
    ];
    const imported = files.flatMap((file) =>
      [...readFileSync(file, 'utf8').matchAll(/(?:from|import)\s*\(?\s*'([^']+)'/g)].map((match) => match[1]),
    );
    expect(files.length).toBeGreaterThan(1);
    expect(imported.filter((path) => path !== '../oracle.ts')).toEqual([]);
  });

  it('states position, type, codes, number, unit and status of a number', () => {
    expect(only('OBX|1|NM|718-7^Hb^LN^HB^Hb^L||007.50|g/L^gram per litre|1-2|N|||f')).toEqual({
      position: 'OBX[1]',
      type: 'NM',
      codes: ['718-7', 'HB'],
      codeText: 'Hb',
      values: [{ components: ['007.50'], numbers: ['7.50'] }],
      units: ['g/L', 'gram per litre'],
      status: 'F',
      reportStatus: '',
      carries: true,
    });
  });

  it('reads both numbers of a structured numeric, and the number behind a comparator', () => {
    expect(only('OBX|1|SN|x||<^1^:^080')?.values[0]?.numbers).toEqual(['1', '80']);
    expect(only('OBX|1|NM|x||<= 0.5')?.values[0]?.numbers).toEqual(['0.5']);
    expect(only('OBX|1|ST|x||0.5')?.values[0]?.numbers).toEqual([]);
  });

  it('tells an empty value and a null from a value', () => {
    expect(only('OBX|1|NM|x||')?.carries).toBe(false);
    expect(only('OBX|1|CE|x||^^')?.carries).toBe(false);
    expect(only('OBX|1|NM|x||""')?.carries).toBe(false);
    expect(only('OBX|1|NM|x||0')?.carries).toBe(true);
  });

  it('takes an attachment without its data for no value', () => {
    expect(only('OBX|1|ED|x||^TEXT^html^Base64^')?.carries).toBe(false);
    expect(only('OBX|1|ED|x||^TEXT^html^Base64^QQ==')?.carries).toBe(true);
    expect(only('OBX|1|RP|x||^^AP^PDF')?.carries).toBe(false);
  });

  it('reads escapes, repetitions and delimiters of its own', () => {
    const result = only('OBX*1*CWE*x**a%S%b#c&d$e', 'MSH*#$%&*A*B***20260301**ORU#R01*1*P*2.4\n');
    expect(result?.values.map((value) => value.components)).toEqual([['a#b', 'c d'], ['e']]);
    expect(only('OBX|1|ST|x||a\\P\\', HEAD.replace('&', '&#'))?.values[0]?.components).toEqual(['a#']);
    expect(only('OBX|1|ST|x||a\\X4142\\b\\.br\\c\\Q\\d\\e')?.values[0]?.components).toEqual(['aABb\nc\\Q\\d\\e']);
  });

  it('finds every message of a batch and counts their OBX apart', () => {
    const one = `${HEAD}OBX|1|NM|x||1\r`;
    const messages = readFile(encoder.encode(`FHS|^~\\&\rBHS|^~\\&\r${one}${one}BTS|2\rFTS|1\r`));
    expect(messages.map((message) => message.counts)).toEqual([
      { MSH: 1, OBX: 1 },
      { MSH: 1, OBX: 1 },
    ]);
  });

  it('decodes before it splits: a GBK name whose second byte is a delimiter stays whole', () => {
    const name = Uint8Array.of(0xab, 0x5e, 0xd3, 0x7c);
    const bytes = Uint8Array.from([...encoder.encode(`${HEAD}OBX|1|ST|x||`), ...name, ...encoder.encode('|g/L')]);
    const [message] = readFile(bytes);
    expect(message?.charset).toBe('gb18030');
    expect(message?.results[0]?.values[0]?.components[0]).toHaveLength(2);
    expect(message?.results[0]?.units).toEqual(['g/L']);
  });

  it('writes numbers as FHIR does, precision kept', () => {
    expect(['+007.50', '.5', '5.', '-0', '1.2E+05', '1,2', '<5', ''].map(plainNumber)).toEqual([
      '7.50',
      '0.5',
      '5',
      '-0',
      '1.2e+05',
      undefined,
      undefined,
      undefined,
    ]);
  });
});

describe.skipIf(corpusSkipReason !== undefined)(
  `the oracle over the corpus${corpusSkipReason === undefined ? '' : ` (skipped: ${corpusSkipReason})`}`,
  () => {
    it('counts the files, messages, OBR and OBX that the corpus is published with', () => {
      const counted = CORPUS_FOLDERS.map((folder) => {
        const files = corpusFiles([folder]);
        const messages = files.flatMap((file) => readFile(file.bytes));
        const sum = (name: string): number =>
          messages.reduce((total, message) => total + (message.counts[name] ?? 0), 0);
        return [folder, files.length, sum('MSH'), sum('OBR'), sum('OBX')];
      });
      expect(counted).toEqual([
        ['microsoft-fhir-converter', 13, 14, 19, 99],
        ['cdc-prime-reportstream', 119, 119, 103, 267],
        ['cdc-trusted-intermediary', 21, 21, 214, 1707],
        ['cosyte-hl7', 19, 19, 18, 28],
        ['synthetic-cn', 6, 6, 6, 60],
      ]);
    });
  },
);
