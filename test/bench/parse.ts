/** Parse and read 40 values of a 10-OBX ORU^R01, from a decoded string, beside other npm parsers; decoding apart. */
import { createRequire } from 'node:module';
import { Hl7Message } from '@medplum/core';
import { decode } from '../../src/formats/hl7v2/decode.ts';
import { encode } from '../../src/formats/hl7v2/encode.ts';
import { parse } from '../../src/formats/hl7v2/parse.ts';
import type { BenchLine } from './bench-line.ts';

const ITEMS = [
  ['WBC', '白细胞计数', '6.31', '10^9/L', '3.5-9.5'],
  ['RBC', '红细胞计数', '4.72', '10^12/L', '4.3-5.8'],
  ['HGB', '血红蛋白', '142', 'g/L', '130-175'],
  ['HCT', '红细胞压积', '0.421', 'L/L', '0.40-0.50'],
  ['PLT', '血小板计数', '233', '10^9/L', '125-350'],
  ['MCV', '平均红细胞体积', '89.2', 'fL', '82-100'],
  ['MCH', '平均血红蛋白量', '30.1', 'pg', '27-34'],
  ['MCHC', '平均血红蛋白浓度', '337', 'g/L', '316-354'],
  ['NEU', '中性粒细胞百分比', '61.2', '%', '40-75'],
  ['LYM', '淋巴细胞百分比', '28.4', '%', '20-50'],
] as const;

/** About 1.7 KB in UTF-8; synthetic. */
export const BENCH_MESSAGE = [
  'MSH|^~\\&|LIS|H0001^示例医院|GW|REGION|20260301101530+0800||ORU^R01^ORU_R01|MSG0000001|P|2.5.1|||AL|NE|CHN|UNICODE UTF-8',
  'PID|1||P0001^^^H0001^MR~000000199001011234^^^^NI||张三^^^^^^L||19900101|M|||示例路1号^^示例市^示例省^000000^CHN||13800000000',
  'PV1|1|O|内科^^^H0001||||D001^李^四|||||||||||V0001',
  'ORC|RE|O0001|L0001||CM||||20260301090000|||D001^李^四',
  'OBR|1|O0001|L0001|CBC^血常规^L|||20260301090500|||||||20260301091000|BLD|D001^李^四||||||20260301101500||LAB|F',
  ...ITEMS.map(
    ([code, name, value, unit, range], i) =>
      `OBX|${i + 1}|NM|${code}^${name}^L||${value}|${unit.replace('^', '*')}^${unit.replace('^', '*')}^UCUM|${range}|N|||F|||20260301101000||T001^王^五`,
  ),
  '',
].join('\r');

interface SimpleSegment {
  getField(field: number): string;
  getComponent(field: number, component: number): string;
}
interface SimpleHl7 {
  Parser: new () => { parse(text: string): { getSegments(name: string): readonly SimpleSegment[] } };
}

/** Each run returns the characters read, so that all are known to have read the same. */
function runs(): Readonly<Record<string, () => number>> {
  const text = BENCH_MESSAGE;
  const { Parser } = createRequire(import.meta.url)('simple-hl7') as SimpleHl7;
  const simple = new Parser();
  return {
    '@medplum/core Hl7Message': () => {
      let read = 0;
      for (const obx of Hl7Message.parse(text).getAllSegments('OBX')) {
        read += obx.getComponent(3, 1).length + obx.getField(5).toString().length;
        read += obx.getComponent(6, 1).length + obx.getField(7).toString().length;
      }
      return read;
    },
    'simple-hl7': () => {
      let read = 0;
      for (const obx of simple.parse(text).getSegments('OBX')) {
        read += obx.getComponent(3, 1).length + obx.getField(5).length;
        read += obx.getComponent(6, 1).length + obx.getField(7).length;
      }
      return read;
    },
    [OURS]: () => {
      let read = 0;
      for (const segment of parse(text).value?.segments ?? []) {
        if (segment.name !== 'OBX') continue;
        read += (segment.get(3)?.length ?? 0) + (segment.get(5)?.length ?? 0);
        read += (segment.get(6)?.length ?? 0) + (segment.get(7)?.length ?? 0);
      }
      return read;
    },
  };
}

const OURS = 'concord parse';
const SLICES = 7;
const SLICE_MS = 250;

/** Messages per CPU-second: ours beside each other parser, and our decoding, which stands apart, beside the bare TextDecoder. */
export async function benchParse(): Promise<readonly BenchLine[]> {
  const readers = runs();
  const counts = Object.values(readers).map((run) => run());
  if (new Set(counts).size !== 1) throw new Error('the parsers did not read the same values');
  const { [OURS]: ours = 0, ...others } = await best(readers);
  const parsing = Object.entries(others).map(
    ([yardstick, theirs]): BenchLine => ({
      what: 'HL7 v2 parse and read 40 values, from a decoded string',
      unit: 'messages/CPU-s',
      ours,
      yardstick,
      theirs,
      target: { ratio: 1, sense: 'at-least' },
    }),
  );
  return [...parsing, ...(await decoding())];
}

async function decoding(): Promise<readonly BenchLine[]> {
  const lines: BenchLine[] = [];
  for (const [charset, label] of [
    ['utf-8', 'UNICODE UTF-8'],
    ['gb18030', 'GB 18030-2000'],
  ] as const) {
    const bytes = encode(BENCH_MESSAGE.replace('UNICODE UTF-8', label), charset).value as Uint8Array;
    const bare = new TextDecoder(charset);
    const rates = await best({
      ours: () => decode(bytes).value?.text.length ?? 0,
      bare: () => bare.decode(bytes).length,
    });
    lines.push({
      what: `decode a message of ${charset}, its label read and checked`,
      unit: 'messages/CPU-s',
      ours: rates['ours'] ?? 0,
      yardstick: 'TextDecoder alone',
      theirs: rates['bare'] ?? 0,
    });
  }
  return lines;
}

/** Interleaved slices, the best of each: other work on the machine then hurts all alike. */
async function best(readers: Readonly<Record<string, () => number>>): Promise<Record<string, number>> {
  const rates: Record<string, number> = {};
  for (let slice = 0; slice < SLICES; slice++) {
    for (const [name, run] of Object.entries(readers)) {
      rates[name] = Math.max(rates[name] ?? 0, rateOf(run));
      await Promise.resolve();
    }
  }
  return rates;
}

function rateOf(run: () => number): number {
  const until = performance.now() + SLICE_MS;
  const start = process.cpuUsage();
  let done = 0;
  while (performance.now() < until) {
    for (let i = 0; i < 50; i++) run();
    done += 50;
  }
  const { user, system } = process.cpuUsage(start);
  return done / ((user + system) / 1e6);
}
