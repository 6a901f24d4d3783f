import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readMessage } from '../../../../src/formats/hl7v2/read.ts';
import { splitMessages } from '../../../../src/formats/hl7v2/split.ts';
import { noCorpus } from '../../../support/required.ts';

/** Files, messages, OBR and OBX of each folder, as the corpus' README counts them. */
const COUNTS = {
  'microsoft-fhir-converter': [13, 14, 19, 99],
  'cdc-prime-reportstream': [119, 119, 103, 267],
  'cdc-trusted-intermediary': [21, 21, 214, 1707],
  'cosyte-hl7': [19, 19, 18, 28],
  'synthetic-cn': [6, 6, 6, 60],
} as const;

const missing = noCorpus();

describe.skipIf(missing !== undefined)(
  `the sample messages${missing === undefined ? '' : ` (skipped: ${missing})`}`,
  () => {
    const root = join(process.env['CORPUS_DIR'] ?? '', 'hl7v2');
    const filesOf = (folder: string): readonly Uint8Array[] => {
      const path = join(root, folder);
      return existsSync(path)
        ? readdirSync(path)
            .toSorted()
            .map((name) => readFileSync(join(path, name)))
        : [];
    };

    test.each(Object.entries(COUNTS))('%s splits and parses into as many segments as are there', (folder, counts) => {
      const files = filesOf(folder);
      const reads = files.flatMap((bytes) =>
        splitMessages(bytes).messages.map((message) => readMessage(message.bytes)),
      );
      const names = reads.flatMap(({ value }) => value?.message.segments.map(({ name }) => name) ?? []);
      const count = (name: string) => names.filter((one) => one === name).length;
      expect([files.length, count('MSH'), count('OBR'), count('OBX')]).toEqual(counts);
    });

    test('the Chinese files of one message decode to one text, whatever their labels', () => {
      const read = (name: string) => {
        const path = join(root, 'synthetic-cn', name);
        return existsSync(path) ? readMessage(readFileSync(path)).value : undefined;
      };
      const truth = read('oru-utf8-declared.hl7');
      // The label and the control id differ by intent.
      const body = (text: string | undefined) => text?.split('\r').slice(1).join('\r');
      expect(truth?.charset).toBe('utf-8');
      for (const name of ['oru-gb18030-declared', 'oru-gb18030-label-ascii', 'oru-gb18030-undeclared']) {
        const value = read(`${name}.hl7`);
        expect(value?.charset).toBe('gb18030');
        expect(body(value?.text) === body(truth?.text), name).toBe(true);
      }
      const mismatch = read('oru-utf8-label-gb18030-mismatch.hl7');
      expect([mismatch?.charset, body(mismatch?.text) === body(truth?.text)]).toEqual(['utf-8', true]);
      const dangerous = read('oru-gbk-label-gbk-danger-trail-bytes.hl7');
      expect([dangerous?.charset, dangerous?.message.segments.filter(({ name }) => name === 'OBX').length]).toEqual([
        'gb18030',
        10,
      ]);
    });
  },
);
