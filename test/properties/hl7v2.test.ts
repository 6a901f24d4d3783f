import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { acknowledge, acknowledgementWanted } from '../../src/formats/hl7v2/ack.ts';
import { encode } from '../../src/formats/hl7v2/encode.ts';
import { createFramer, frame } from '../../src/formats/hl7v2/mllp.ts';
import { parse } from '../../src/formats/hl7v2/parse.ts';
import { readMessage } from '../../src/formats/hl7v2/read.ts';
import { splitMessages } from '../../src/formats/hl7v2/split.ts';
import { repeated, type WrittenSegment, writeMessage } from '../../src/formats/hl7v2/write.ts';
import type { Instant } from '../../src/terms/instant.ts';
import type { Hl7Segment } from '../../src/terms/parsed/hl7v2.ts';

const AT = '2026-03-01T02:15:30.000Z' as Instant;

/** Text that is nearly HL7: segments, delimiters, escapes, line ends and noise in any order. */
const nearly = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        'MSH|^~\\&|',
        'MSH',
        'MSH|',
        'MSHA^~\\&A',
        'PID|1|',
        'OBX|1|NM|',
        'FHS|',
        'BHS|',
        'BTS|1',
        'FTS|',
        '\r',
        '\n',
        '\r\n',
      ),
      fc.constantFrom(
        '|',
        '^',
        '~',
        '\\',
        '&',
        '\\T\\',
        '\\X',
        '\\XD6D0\\',
        '\\.sp9\\',
        '""',
        '\u000B',
        '\u001C',
        '\uFEFF',
        '\0',
      ),
      fc.constantFrom('UNICODE UTF-8', 'GBK', '8859/1', 'BIG-5', 'ISO IR87', '||||||||||', '张三', 'é', 'µ'),
      fc.string({ maxLength: 8 }),
    ),
    { maxLength: 40 },
  )
  .map((parts) => parts.join(''));

const inputs = fc.oneof(
  fc.uint8Array({ maxLength: 400 }),
  nearly.map((text) => new TextEncoder().encode(text)),
  nearly.map((text) => encode(text, 'gb18030').value as Uint8Array),
  nearly.map((text) => encode(text, 'utf-16le').value as Uint8Array),
);

function everyValue(segment: Hl7Segment): readonly (string | undefined)[] {
  const values: (string | undefined)[] = [];
  for (let field = 0; field <= segment.fieldCount + 1; field++) {
    values.push(segment.raw(field), segment.text(field));
    for (let repetition = 0; repetition <= segment.repetitions(field) + 1; repetition++) {
      values.push(segment.text(field, undefined, repetition));
      for (let component = 0; component <= segment.components(field, repetition) + 1; component++) {
        values.push(segment.text(field, component, repetition));
        const count = segment.subcomponents(field, component, repetition);
        for (let part = 0; part <= count + 1; part++) values.push(segment.get(field, component, part, repetition));
      }
    }
  }
  return values;
}

describe('whatever the bytes', () => {
  test('splitting, reading and answering never throw, and a value is missing exactly when a problem is fatal', () => {
    fc.assert(
      fc.property(inputs, (bytes) => {
        const split = splitMessages(bytes);
        expect(split.messages.length === 0).toBe(split.problems.some(({ severity }) => severity === 'fatal'));
        for (const one of [bytes, ...split.messages.map((message) => message.bytes)]) {
          const { value, problems } = readMessage(one);
          expect(value === undefined).toBe(problems.some(({ severity }) => severity === 'fatal'));
          for (const segment of value?.message.segments ?? []) everyValue(segment);
          if (value !== undefined) acknowledgementWanted(value.message);
          const ack = acknowledge({ bytes: one, code: 'AE', problems, controlId: 'A1', at: AT });
          expect(readMessage(ack).value?.message.segments[1]?.name).toBe('MSA');
        }
      }),
      { numRuns: 3000 },
    );
  });

  test('every message that is split off begins with its MSH and stands where it says', () => {
    fc.assert(
      fc.property(inputs, (bytes) => {
        for (const message of splitMessages(bytes).messages) {
          expect(bytes.subarray(message.offset, message.offset + message.bytes.length)).toEqual(message.bytes);
          const head = String.fromCharCode(...message.bytes.subarray(0, 6)).replaceAll('\0', '');
          expect(head.startsWith('MSH')).toBe(true);
        }
      }),
      { numRuns: 2000 },
    );
  });

  test('a message split off is one message when it is split again', () => {
    fc.assert(
      fc.property(nearly, (text) => {
        for (const { bytes } of splitMessages(new TextEncoder().encode(text)).messages) {
          const again = splitMessages(bytes);
          expect(again.messages.map((message) => message.bytes)).toEqual([bytes]);
        }
      }),
      { numRuns: 2000 },
    );
  });
});

describe('round trips', () => {
  /** No control characters (they have no place in HL7 v2), no lone surrogates, not empty. */
  const value = fc
    .string({ unit: 'grapheme', minLength: 1, maxLength: 120 })
    .filter((text) => !/[\p{Cc}\uFFFD\uFEFF]/u.test(text));

  test('what is written is read back, in every position', () => {
    const component = fc.array(value, { minLength: 1, maxLength: 4 });
    const repetition = fc.array(component, { minLength: 1, maxLength: 4 });
    const field = fc.array(repetition, { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(fc.array(field, { minLength: 1, maxLength: 4 }), (fields) => {
        const written: WrittenSegment = ['ZZZ', ...fields.map((repetitions) => repeated(...repetitions))];
        const segment = parse(writeMessage([['MSH', 'LIS'], written])).value?.segments[1];
        for (const [f, repetitions] of fields.entries()) {
          expect(segment?.repetitions(f + 1)).toBe(repetitions.length);
          for (const [r, components] of repetitions.entries()) {
            expect(segment?.components(f + 1, r + 1)).toBe(components.length);
            for (const [c, values] of components.entries()) {
              expect(values.map((_, s) => segment?.get(f + 1, c + 1, s + 1, r + 1))).toEqual(values);
            }
          }
        }
      }),
      { numRuns: 500 },
    );
  });

  test.each([
    ['UNICODE UTF-8', 'utf-8'],
    ['GB 18030-2000', 'gb18030'],
  ] as const)('text comes back from bytes declared as %s', (label, charset) => {
    const han = fc.string({
      unit: fc.integer({ min: 0x4e00, max: 0x9fa5 }).map((point) => String.fromCodePoint(point)),
      minLength: 1,
      maxLength: 12,
    });
    fc.assert(
      fc.property(han, value, (name, note) => {
        const blank: readonly string[] = Array.from({ length: 15 }, () => '');
        const text = writeMessage([
          ['MSH', ...blank.with(6, 'ORU'), label],
          ['PID', name, note],
        ]);
        const read = readMessage(encode(text, charset).value as Uint8Array);
        expect(read.value?.charset).toBe(charset);
        expect(read.value?.text).toBe(text);
        expect(read.value?.message.segments[1]?.get(1)).toBe(name);
      }),
      { numRuns: 500 },
    );
  });

  test('frames come out as they went in, however they are cut', () => {
    const message = fc
      .uint8Array({ maxLength: 200 })
      .map((bytes) => bytes.filter((byte) => byte !== 0x0b && byte !== 0x1c));
    fc.assert(
      fc.property(fc.array(message, { maxLength: 5 }), fc.integer({ min: 1, max: 64 }), (messages, size) => {
        const stream = Uint8Array.from(messages.flatMap((bytes) => [...frame(bytes)]));
        const framer = createFramer({ bytesMax: 1000 });
        const events = [];
        for (let i = 0; i < stream.length; i += size) events.push(...framer.push(stream.subarray(i, i + size)));
        expect(events).toEqual(messages.map((bytes) => ({ kind: 'message', bytes })));
        expect(framer.end()).toEqual([]);
      }),
      { numRuns: 500 },
    );
  });
});
