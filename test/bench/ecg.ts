/**
 * ECG files of ten seconds at 500 samples a second, format by format: decoded, mapped to FHIR and printed, drawn as a page.
 * The yardstick is JSON.parse and JSON.stringify of the very bundle that comes out, of the same run.
 */
import { ECG_CASES, type EcgCase } from '../../fixtures/ecg/cases.ts';
import { utf8 } from '../../src/base/bytes.ts';
import { createMac } from '../../src/base/digest.ts';
import { printResource } from '../../src/base/json.ts';
import { readEcg } from '../../src/formats/ecg/read-ecg.ts';
import { createIdKeys, createMessageIds } from '../../src/gateway/id-source.ts';
import { toBundle } from '../../src/mapping/bundle.ts';
import { mapEcg } from '../../src/mapping/ecg/map-ecg.ts';
import { layOut } from '../../src/render/lay-out.ts';
import { printSvg } from '../../src/render/svg.ts';
import { DEFAULT_PROFILE, type FacilityId } from '../../src/terms/facility.ts';
import type { Ecg } from '../../src/terms/parsed/ecg.ts';
import type { BenchLine } from './bench-line.ts';

const FACILITY = 'bench' as FacilityId;
/** Twelve leads where the format stores as many, else eight. */
const FILES = [
  'scp-default-huffman-second-difference-12-leads',
  'aecg-annotations-global-and-per-lead',
  'dicom-12-lead-explicit',
  'muse-median-and-rhythm',
  'philips-1.04-xli-with-calibration',
  'mfer-big-endian-planar',
  'mortara-eight-leads',
  'cardiosoft-strip',
  'zoncare-utf-8',
  'edf-microvolts',
  'wfdb-format-16',
  'ishne-count-per-lead',
] as const;
/** Decode, map and print of a whole file: DESIGN 8. */
const MS_TARGET = 5;

const mac = createMac(utf8('bench'));
const keys = createIdKeys(mac, mac);

export function benchEcg(size: 'short' | 'plain' | 'large' = 'plain'): readonly BenchLine[] {
  const rounds = size === 'short' ? 12 : 60;
  return FILES.flatMap((name) => {
    const one = ECG_CASES.find((known) => known.name === name);
    return one === undefined ? [] : [lineOf(one, rounds)];
  });
}

function lineOf(one: EcgCase, rounds: number): BenchLine {
  const bytes = one.make();
  const companions = one.companions?.() ?? {};
  const read = (): Ecg => {
    const { value } = readEcg(bytes, (name) => companions[name]);
    if (value === undefined) throw new Error(`the bench file ${one.name} is not read`);
    return value;
  };
  const ecg = read();
  const bundle = mapped(ecg);
  const print = (): string => printSvg(layOut({ ecg, layout: '3x4+1', speed: 25, gain: 10, language: 'zh' }));
  const works = [read, () => mapped(ecg), print, () => JSON.stringify(JSON.parse(bundle))];
  const [decode = 0, map = 0, svg = 0, yardstick = 0] = bestOf(works, rounds);
  const kilobytes = (text: string): string => `${Math.round(utf8(text).length / 1000)} kB`;
  return {
    what: `ECG ${one.format}: file of ${Math.round(bytes.length / 1000)} kB to FHIR text of ${kilobytes(bundle)}`,
    unit: 'ms',
    ours: decode + map,
    yardstick: 'JSON.parse and stringify of that text',
    theirs: yardstick,
    note: `decode ${decode.toFixed(2)} ms, map and print ${map.toFixed(2)} ms (aim: ${MS_TARGET} ms for both); page as SVG ${svg.toFixed(2)} ms, ${kilobytes(print())}`,
  };
}

function mapped(ecg: Ecg): string {
  const source = { digest: '0'.repeat(64), sha1: 'AAAAAAAAAAAAAAAAAAAAAAAAAAA=', bytes: 1, corrupt: false };
  const ids = createMessageIds(keys, { facility: FACILITY, production: true, known: new Map() });
  const context = { facility: FACILITY, zone: 'Asia/Shanghai', profile: DEFAULT_PROFILE, ids };
  return printResource(toBundle(mapEcg(ecg, source, context)));
}

/** Milliseconds of the best round of each, interleaved: other work on the machine then hurts all alike. */
function bestOf(works: readonly (() => unknown)[], rounds: number): readonly number[] {
  const best = works.map(() => Number.POSITIVE_INFINITY);
  for (let round = 0; round < rounds; round++) {
    works.forEach((work, i) => {
      const begin = performance.now();
      work();
      best[i] = Math.min(best[i] ?? 0, performance.now() - begin);
    });
  }
  return best;
}
