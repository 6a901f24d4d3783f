import { expect, test } from 'vitest';
import { readMessage } from '../../src/formats/hl7v2/read.ts';
import { splitMessages } from '../../src/formats/hl7v2/split.ts';
import type { Hl7Segment } from '../../src/terms/parsed/hl7v2.ts';

const HEADER = 'MSH|^~\\&|LIS|H01|GW|REGION|20260301101530||ORU^R01|M1|P|2.5.1\r';
const filled = (unit: string, size: number) => unit.repeat(Math.ceil(size / unit.length));

/** Texts of about `size` characters, each of one shape. */
export const FAMILIES: Readonly<Record<string, (size: number) => string>> = {
  'a long field': (size) => `${HEADER}OBX|1|TX|||${filled('long text ', size)}\r`,
  'many fields': (size) => `${HEADER}OBX|${filled('ab|', size)}\r`,
  'many repetitions': (size) => `${HEADER}OBX|1|ST|||${filled('ab~', size)}\r`,
  'many components': (size) => `${HEADER}OBX|1|ST|||${filled('ab^', size)}\r`,
  'many subcomponents': (size) => `${HEADER}OBX|1|ST|||${filled('ab&', size)}\r`,
  'many escapes': (size) => `${HEADER}OBX|1|TX|||${filled('\\T\\\\XE4\\\\.br\\', size)}\r`,
  'many unclosed escapes': (size) => `${HEADER}OBX|1|TX|||${filled('\\a b', size)}\r`,
  'many segments': (size) => HEADER + filled('ZAB|1|local\rZAC|2|local too\r', size),
  'many OBX': (size) => HEADER + filled('OBX|1|NM|WBC^Leukocytes^L||6.31|10*9/L|3.5-9.5|N|||F\r', size),
  'many NTE': (size) => `${HEADER}OBX|1|NM|WBC\r${filled('NTE|1|L|a note of some length\r', size)}`,
  'nested batch headers': (size) => filled('FHS|^~\\&|LIS\rBHS|^~\\&|LIS\r', size) + HEADER,
  'delimiters that are letters': (size) =>
    `MSHABCDEALISAH01AGWAREGIONA2026AAORUBR01AM1APA2.5.1\rOBXA${filled('xAyBzCwEvDED', size)}\r`,
};

/** Reads all there is; the number keeps the work from being optimised away. */
function readEverything(bytes: Uint8Array): number {
  let read = 0;
  for (const message of splitMessages(bytes).messages) {
    for (const segment of readMessage(message.bytes).value?.message.segments ?? []) read += readSegment(segment);
  }
  return read;
}

function readSegment(segment: Hl7Segment): number {
  let read = 0;
  for (let field = 1; field <= segment.fieldCount; field++) {
    read += segment.text(field)?.length ?? 0;
    for (let repetition = 1; repetition <= segment.repetitions(field); repetition++) {
      for (let component = 1; component <= segment.components(field, repetition); component++) {
        const subcomponents = segment.subcomponents(field, component, repetition);
        for (let subcomponent = 1; subcomponent <= subcomponents; subcomponent++) {
          read += segment.get(field, component, subcomponent, repetition)?.length ?? 0;
        }
      }
    }
  }
  return read;
}

const KB = 1024;
const SIZES = [64 * KB, 128 * KB, 256 * KB, 512 * KB, 1024 * KB];
const encoder = new TextEncoder();

/** Median CPU time of five, per message; small ones are read several times over so that clocks can see them. */
function medianMicroseconds(bytes: Uint8Array): number {
  const rounds = Math.max(1, Math.round((512 * KB) / bytes.length));
  const times = Array.from({ length: 5 }, () => {
    const start = process.cpuUsage();
    for (let round = 0; round < rounds; round++) expect(readEverything(bytes)).toBeGreaterThan(0);
    const { user, system } = process.cpuUsage(start);
    return (user + system) / rounds;
  });
  return times.toSorted((a, b) => a - b)[2] as number;
}

test.each(Object.keys(FAMILIES))(
  'reading %s takes at most 2.5 times as long when it doubles',
  { retry: 3, timeout: 120_000 },
  (name) => {
    const make = FAMILIES[name] as (size: number) => string;
    readEverything(encoder.encode(make(256 * KB)));
    const times = SIZES.map((size) => medianMicroseconds(encoder.encode(make(size))));
    const growth = times.slice(1).map((time, i) => time / (times[i] as number));
    for (const factor of growth) expect(factor).toBeLessThanOrEqual(2.5);
  },
);
