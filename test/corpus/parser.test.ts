/** The real parser and the oracle read the same segments and the same OBX out of every sample message. */
import { describe, expect, it } from 'vitest';
import { readMessage } from '../../src/formats/hl7v2/read.ts';
import { splitMessages } from '../../src/formats/hl7v2/split.ts';
import type { Hl7Message, Hl7Segment } from '../../src/terms/parsed/hl7v2.ts';
import { type OracleResult, readFile } from '../oracle.ts';
import { corpusFiles, corpusSkipReason } from '../support/corpus.ts';

const skipped = corpusSkipReason === undefined ? '' : ` (skipped: ${corpusSkipReason})`;

describe.skipIf(corpusSkipReason !== undefined)(`the parser over the corpus${skipped}`, () => {
  const files = corpusSkipReason === undefined ? corpusFiles() : [];

  it('finds sample messages where CORPUS_DIR points', () => {
    expect(files.length).toBeGreaterThan(0);
  });

  it.each(files.map((file) => [file.name, file] as const))('reads %s as the oracle does', (_, file) => {
    const stated = readFile(file.bytes);
    const parsed = splitMessages(file.bytes).messages.map((message) => readMessage(message.bytes));
    expect(parsed.map((one) => countsOf(one.value?.message))).toEqual(stated.map((message) => message.counts));
    const wrong = stated.flatMap((message, i) => {
      const segments = parsed[i]?.value?.message.segments.filter((segment) => segment.name === 'OBX') ?? [];
      return message.results
        .filter((result, j) => !sameResult(result, segments[j]))
        .map((result) => `${i + 1}/${result.position}`);
    });
    expect(wrong).toEqual([]);
  });
});

function countsOf(message: Hl7Message | undefined): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const segment of message?.segments ?? []) counts[segment.name] = (counts[segment.name] ?? 0) + 1;
  return counts;
}

function sameResult(stated: OracleResult, segment: Hl7Segment | undefined): boolean {
  if (segment === undefined) return false;
  const read = (field: number, component: number): string => plain(textOf(segment, field, component, 1));
  const units = [read(6, 1), read(6, 2)].filter((unit, i, all) => unit !== '' && all.indexOf(unit) === i);
  return (
    read(2, 1).toUpperCase() === stated.type &&
    [read(3, 1), read(3, 4)].filter((code) => code !== '').join('\n') === stated.codes.map(plain).join('\n') &&
    units.join('\n') === stated.units.map(plain).join('\n') &&
    read(11, 1).toUpperCase() === stated.status &&
    valuesOf(segment).join('\n') === stated.values.map((value) => value.components.map(plain).join('^')).join('\n')
  );
}

function valuesOf(segment: Hl7Segment): string[] {
  const values: string[] = [];
  for (let repetition = 1; repetition <= segment.repetitions(5); repetition++) {
    const components: string[] = [];
    for (let component = 1; component <= segment.components(5, repetition); component++) {
      components.push(plain(textOf(segment, 5, component, repetition)));
    }
    if (components.some((component) => component !== '')) values.push(components.join('^'));
  }
  return values;
}

function textOf(segment: Hl7Segment, field: number, component: number, repetition: number): string {
  const parts: string[] = [];
  for (let sub = 1; sub <= segment.subcomponents(field, component, repetition); sub++) {
    const part = segment.get(field, component, sub, repetition);
    if (part !== undefined) parts.push(part);
  }
  return parts.join(' ');
}

function plain(text: string): string {
  return text.replaceAll(/\s+/g, '');
}
