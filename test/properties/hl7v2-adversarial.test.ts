import { expect, test } from 'vitest';
import { readMessage } from '../../src/formats/hl7v2/read.ts';
import { splitMessages } from '../../src/formats/hl7v2/split.ts';
import type { Hl7Segment } from '../../src/terms/parsed/hl7v2.ts';
import { FAMILIES } from './hl7v2-families.ts';

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
