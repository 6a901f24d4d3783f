/** HL7 v2 parse and map to resources (printing apart), beside @medplum/core's parse and read of 40 values of the same message. */
import { Hl7Message } from '@medplum/core';
import { createMac } from '../../src/base/digest.ts';
import { utf8 } from '../../src/base/bytes.ts';
import { parse } from '../../src/formats/hl7v2/parse.ts';
import { createIdKeys, createMessageIds } from '../../src/gateway/id-source.ts';
import { mapHl7v2 } from '../../src/mapping/map-hl7v2.ts';
import { DEFAULT_PROFILE, type FacilityId } from '../../src/terms/facility.ts';
import type { BenchLine } from './bench-line.ts';
import { BENCH_MESSAGE } from './parse.ts';

const SLICE_MS = 350;
const FACILITY = 'bench' as FacilityId;

/** Messages per CPU-second: the best of interleaved slices of each. */
export function benchMap(size: 'short' | 'plain' | 'large' = 'plain'): readonly BenchLine[] {
  const slices = size === 'short' ? 2 : 5;
  const works = [mapOnce(), readOnce];
  const best = works.map(() => 0);
  for (let slice = 0; slice < slices; slice++) {
    works.forEach((work, i) => {
      best[i] = Math.max(best[i] ?? 0, perCpuSecond(work));
    });
  }
  return [
    {
      what: 'HL7 v2 message of 10 OBX to FHIR resources, parse included',
      unit: 'messages/CPU-s',
      ours: best[0] ?? 0,
      yardstick: '@medplum/core parse and read 40 values',
      theirs: best[1] ?? 0,
      target: { ratio: 0.21, sense: 'at-least' },
      note: 'numbers, patients and specimens differ from message to message; ids by keyed hashes as the gateway makes them',
    },
  ];
}

/** Numbers change with every message, as they do in a hospital: nothing but codes is met twice. */
function mapOnce(): () => number {
  const mac = createMac(utf8('bench'));
  const keys = createIdKeys(mac, mac);
  let count = 0;
  return () => {
    const number = String(++count).padStart(7, '0');
    const text = BENCH_MESSAGE.replaceAll('L0001', `L${number}`)
      .replaceAll('O0001', `O${number}`)
      .replace('P0001', `P${number}`);
    const message = parse(text).value;
    if (message === undefined) throw new Error('the bench message is not read');
    const ids = createMessageIds(keys, { facility: FACILITY, production: true, known: new Map() });
    const mapped = mapHl7v2(message, { facility: FACILITY, zone: 'Asia/Shanghai', profile: DEFAULT_PROFILE, ids });
    return mapped.patients[0]?.reports[0]?.elements.length ?? 0;
  };
}

function readOnce(): number {
  let read = 0;
  for (const obx of Hl7Message.parse(BENCH_MESSAGE).getAllSegments('OBX')) {
    read += obx.getComponent(3, 1).length + obx.getField(5).toString().length;
    read += obx.getComponent(6, 1).length + obx.getField(7).toString().length;
  }
  return read;
}

function perCpuSecond(work: () => number): number {
  const begin = process.cpuUsage();
  const end = performance.now() + SLICE_MS;
  let done = 0;
  while (performance.now() < end) {
    for (let i = 0; i < 50; i++) work();
    done += 50;
  }
  const used = process.cpuUsage(begin);
  return (done * 1e6) / (used.user + used.system);
}
