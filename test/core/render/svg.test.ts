/** Pages as SVG: small, exact, harmless whatever a file says, and the same as those that people have looked at. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { layOut } from '../../../src/render/lay-out.ts';
import { layOutComparison } from '../../../src/render/lay-out-comparison.ts';
import type { PageRequest } from '../../../src/render/page-request.ts';
import { pathData, printSvg } from '../../../src/render/svg.ts';
import type { Ecg } from '../../../src/terms/parsed/ecg.ts';
import { pathPoints } from './read-page.ts';
import { decimal, syntheticEcg, syntheticGroup, syntheticLead, wave } from './synthetic-ecg.ts';

const GOLDEN = join(import.meta.dirname, '..', '..', 'golden-svg');
const UPDATE = process.env['UPDATE_FIXTURES'] === '1';

function page(ecg: Ecg = syntheticEcg(), wish: Partial<PageRequest> = {}) {
  return layOut({ ecg, layout: '3x4+1', speed: 25, gain: 10, language: 'en', ...wish });
}

/** Hum and noise of a real recording, the same every time. */
function noisy(lead: string, seconds: number): number {
  const noise = Math.sin(seconds * 91_193.7 + lead.length * 7.1) + Math.sin(seconds * 31_337.3);
  return wave(lead, seconds) + 0.012 * noise;
}

describe('paper', () => {
  const printed = printSvg(page());

  test('is A4 in millimetres', () => {
    expect(printed).toContain('width="297mm" height="210mm" viewBox="0 0 297 210"');
  });

  test('has squares of 1 mm with thin lines and of 5 mm with thicker, darker ones, on whole millimetres', () => {
    const [thin, thick] = [...printed.matchAll(/<pattern [^]*?<\/pattern>/g)].map(([text]) => text);
    expect(thin).toMatch(/width="1" height="1".*d="M\.5 0V1M0 \.5H1".*stroke-width="\.1"/);
    expect(thick).toMatch(/width="5" height="5".*d="M2\.5 0V5M0 2\.5H5".*stroke-width="\.25"/);
    // Half a tile off, so that the line in its middle lies on a whole, and a fifth, millimetre.
    expect(thin).toContain('x=".5" y=".5"');
    expect(thick).toContain('x="2.5" y="2.5"');
    const [x, y, width, height] = [
      ...(/<svg x="(\d+)" y="(\d+)" width="(\d+)" height="(\d+)"/.exec(printed) ?? []),
    ].slice(1);
    for (const edge of [x, y, width, height]) expect(Number(edge) % 5).toBe(0);
  });

  test('is a picture with a name and a description', () => {
    expect(printed).toMatch(/role="img" aria-labelledby="ecg-title ecg-desc"/);
    expect(printed).toMatch(/<title id="ecg-title">Electrocardiogram · 3x4\+1 · 2026-11-03 08:15:30 \+08:00<\/title>/);
    expect(printed).toMatch(/<desc id="ecg-desc">I, aVR, V1, .*UNCONFIRMED.*25 mm\/s, 10 mm\/mV/);
  });
});

describe('curves', () => {
  test('give every sample back to half a hundredth of a millimetre', () => {
    const ecg = syntheticEcg({ leads: ['I', 'II', 'V1', 'V2', 'V3', 'V4', 'V5', 'V6'], signal: noisy });
    const printed = printSvg(page(ecg));
    for (const [lead, column, baseLine] of [
      ['I', 0, 66],
      ['V1', 2, 66],
      ['V5', 3, 102],
    ] as const) {
      const [run] = pathPoints(new RegExp(`data-lead="${lead}" d="([^"]*)"`).exec(printed)?.[1] ?? '');
      const { samples } = syntheticLead(lead, { signal: noisy });
      expect(run).toHaveLength(1250);
      for (const [k, { x, y }] of (run ?? []).entries()) {
        const raw = samples[1250 * column + k] as number;
        expect(Math.abs(x / 100 - (30 + 62.5 * column + k * 0.05))).toBeLessThanOrEqual(0.005 + 1e-9);
        expect(Math.abs(y / 100 - (baseLine - raw * 2.5 * 0.01))).toBeLessThanOrEqual(0.005 + 1e-9);
      }
    }
  });

  test('do not drift where a sample is no whole number of hundredths', () => {
    const printed = printSvg(page(syntheticEcg({ hz: 360, leads: ['II'] })));
    const [run] = pathPoints([...printed.matchAll(/data-lead="II" d="([^"]*)"/g)][1]?.[1] ?? '');
    expect(run).toHaveLength(3600);
    expect(run?.at(-1)?.x).toBe(Math.round(3000 + (3599 * 2500) / 360));
  });

  test('are whole relative steps; a level one costs no zero, a lone sample is a dot', () => {
    const runs = [Int32Array.of(10, 20, 15, 20, 20, 20, 25, 17, 30, 30, 30, 30), Int32Array.of(50, 50)];
    expect(pathData(runs)).toBe('M10 20h5 5l5-3 5 13h0M50 50h0');
    expect(pathPoints(pathData(runs))[0]?.at(-1)).toEqual({ x: 30, y: 30 });
  });

  test('of a page at 500 Hz are at most 100 kB with noise, and 85 kB without', () => {
    expect(new TextEncoder().encode(printSvg(page())).length).toBeLessThan(85_000);
    expect(new TextEncoder().encode(printSvg(page(syntheticEcg({ signal: noisy })))).length).toBeLessThan(100_000);
  });
});

describe('what a file says', () => {
  const evil = `</text><script>alert(1)</script>&"'<![CDATA[\u0000\u0007\u202Egnp.exe\uFFFE\uD800]]>`;
  const lead = { ...syntheticLead(evil), name: evil };
  const ecg = syntheticEcg(
    {},
    {
      groups: [{ ...syntheticGroup({ leads: [] }), leads: [lead] }],
      patient: { identifiers: [{ value: evil, at: '' }], name: evil, birthDate: evil, at: '' },
      acquisition: { start: evil, facility: evil, order: evil, department: evil, reason: evil, confirmer: evil },
      device: { maker: evil },
      filters: { highPassHz: decimal(evil) },
      measurements: [{ kind: 'pr', value: decimal(evil), at: '' }],
      statements: [{ text: evil, kind: 'statement', by: 'machine', at: '' }],
    },
  );

  test.each(['zh', 'en'] as const)('is text and nothing else (%s)', (language) => {
    const printed = printSvg(page(ecg, { layout: 'rhythm', language, warnings: [evil] }));
    expect(printed).not.toMatch(/<(?!\/?(?:svg|title|desc|defs|pattern|rect|path|g|text)\b)/);
    expect(printed).not.toMatch(/[\u0000-\u0009\u000B-\u001F\u202A-\u202E\uFFFE\uFFFF]|[\uD800-\uDFFF]/);
    expect(printed).not.toMatch(/\b(?:on\w+|href|src|style)=|<script|foreignObject|<!|<\?/);
    expect(printed.match(/https?:/g)).toEqual(['http:']);
    expect(printed).toContain('&lt;/text&gt;&lt;script&gt;');
    // Every ampersand begins an escape.
    expect(printed).not.toMatch(/&(?!(?:amp|lt|gt|quot|#39);)/);
  });
});

describe('absurd numbers of a file', () => {
  const samples = new Float64Array([Number.NaN, 1, 4e9, Number.POSITIVE_INFINITY, -5]);
  const [group] = syntheticEcg({ leads: ['II'] }).groups;

  test.each([
    ['samples', {}, { samples }],
    ['a scale', {}, { scale: decimal('1e300') }],
    ['an offset', {}, { offset: decimal('-1e308') }],
    ['a slow rate', { rate: { hz: decimal('1e-300'), periodMs: decimal('1e303') } }, {}],
    ['a fast rate', { rate: { hz: decimal('1e9'), periodMs: decimal('1e-6') } }, {}],
    ['a tail', { tail: { from: -5, kind: 'calibration' } }, {}],
    ['a start', { start: '2026-13-99T99:99' }, {}],
  ])('still make a page of whole steps (%s)', (_, ofGroup, ofLead) => {
    const lead = { ...syntheticLead('II'), ...ofLead };
    const ecg = syntheticEcg({}, { groups: [{ ...group, leads: [lead], ...ofGroup } as never] });
    for (const layout of ['3x4+1', 'rhythm'] as const) {
      const paths = printSvg(page(ecg, { layout })).match(/ d="[^"]*"/g) ?? [];
      expect(paths.filter((path) => /[^Mlh\d\s-]/.test(path.slice(4, -1)) && !/[VH]/.test(path))).toEqual([]);
    }
  });
});

describe('golden pages', () => {
  const earlier = syntheticEcg(
    { hz: 100, signal: (lead, seconds) => 0.8 * wave(lead, seconds) },
    {
      acquisition: { start: '2024-05-01T16:20:00+08:00', facility: '邻县中医医院', confirmer: '王医师' },
      filters: {},
      confirmed: 'confirmed',
    },
  );
  const ecg = syntheticEcg({ hz: 100 });
  const scale = { speed: 25, gain: 10 } as const;
  const pages = {
    '3x4-zh.svg': layOut({ ecg, layout: '3x4+1', ...scale, language: 'zh', warnings: ['V2 基线漂移'] }),
    '12x1-en.svg': layOut({ ecg, layout: '12x1', ...scale, language: 'en' }),
    'comparison-zh.svg': layOutComparison(earlier, ecg, { ...scale, language: 'zh' }),
  };

  // `UPDATE_FIXTURES=1` writes them anew: look at each before committing it.
  test.each(Object.entries(pages))('%s', (name, drawn) => {
    const path = join(GOLDEN, name);
    const printed = printSvg(drawn);
    if (UPDATE) writeFileSync(path, printed);
    expect(printed).toBe(readFileSync(path, 'utf8'));
  });
});
