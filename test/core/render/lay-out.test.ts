/** The curves of a page: where a sample lands, what a place shows, and what the page says of it. */
import { describe, expect, test } from 'vitest';
import { layOut } from '../../../src/render/lay-out.ts';
import { GRID, type PageLayout, PULSE_WIDTH } from '../../../src/render/page-plan.ts';
import type { PageRequest } from '../../../src/render/page-request.ts';
import type { Ecg } from '../../../src/terms/parsed/ecg.ts';
import { allText, pointsOf, pointsOfStroke, textOf, tracesOf } from './read-page.ts';
import { ALL_TWELVE, decimal, INDEPENDENT, syntheticEcg, syntheticGroup, syntheticLead } from './synthetic-ecg.ts';

const FIRST_X = GRID.x + PULSE_WIDTH;
const NOTHING = () => 0;

function page(ecg: Ecg, wish: Partial<PageRequest> = {}) {
  return layOut({ ecg, layout: '3x4+1', speed: 25, gain: 10, language: 'en', ...wish });
}

/** The base line of a row, by the flat curve of its lead. */
function baseLine(lead: string, wish: Partial<PageRequest> = {}): number {
  const flat = page(syntheticEcg({ leads: ALL_TWELVE, signal: NOTHING }), wish);
  return pointsOfStroke(tracesOf(flat, lead)[0])[0]?.y ?? Number.NaN;
}

describe('a column', () => {
  // 0.1 mV a second: the height of a point tells its second.
  const ramp = page(syntheticEcg({ leads: ALL_TWELVE, signal: (_, seconds) => seconds / 10 }));

  test.each([
    ['I', 0],
    ['aVR', 1],
    ['V1', 2],
    ['V4', 3],
    ['II', 0],
    ['aVL', 1],
    ['V2', 2],
    ['V6', 3],
  ] as const)('of %s goes on in time where the one before ended (column %i)', (lead, column) => {
    const points = pointsOfStroke(tracesOf(ramp, lead)[0]);
    expect(points).toHaveLength(1250);
    expect(points[0]?.x).toBeCloseTo(FIRST_X + 62.5 * column, 6);
    // The last sample is one period before the next lead begins.
    expect(points.at(-1)?.x).toBeCloseTo(FIRST_X + 62.5 * (column + 1) - 0.05, 6);
    const base = baseLine(lead);
    expect(base - (points[0]?.y as number)).toBeCloseTo(2.5 * column, 1);
    expect(base - (points.at(-1)?.y as number)).toBeCloseTo(2.5 * (column + 1), 1);
  });

  test('of the rhythm row is all of the ten seconds', () => {
    const points = pointsOfStroke(tracesOf(ramp, 'II')[1]);
    expect(points).toHaveLength(5000);
    expect(points[2500]?.x).toBeCloseTo(FIRST_X + 125, 6);
  });

  test('ends where the recording ends', () => {
    const short = page(syntheticEcg({ leads: ALL_TWELVE, seconds: 6 }));
    const points = pointsOfStroke(tracesOf(short, 'V1')[0]);
    expect(points.at(-1)?.x).toBeCloseTo(FIRST_X + 150 - 0.05, 6);
    expect(pointsOfStroke(tracesOf(short, 'II')[1])).toHaveLength(3000);
  });

  test('of a lead that was recorded at another time says which seconds it shows', () => {
    const short = page(syntheticEcg({ leads: ALL_TWELVE, seconds: 6 }));
    expect(pointsOfStroke(tracesOf(short, 'V4')[0])[0]?.x).toBeCloseTo(FIRST_X + 187.5, 6);
    expect(allText(short)).toContain('0–2.5 s');
    expect(allText(short)).toContain('Not simultaneous, shown at their own time: V4, V5, V6');
  });
});

describe('groups that follow one another', () => {
  const group = (leads: readonly string[], start: string, from: number) => ({
    ...syntheticGroup({ leads, seconds: 2.5, signal: (_, seconds) => seconds / 10 }, from),
    start,
  });
  const ecg = syntheticEcg(
    {},
    {
      groups: [
        group(['I', 'II', 'III'], '2026-11-03T08:15:30+08:00', 0),
        group(['aVR', 'aVL', 'aVF'], '2026-11-03T08:15:32.5+08:00', 2.5),
        group(['V1', 'V2', 'V3'], '2026-11-03T00:15:35Z', 5),
        group(['V4', 'V5', 'V6'], '2026-11-03T08:15:37.500+08:00', 7.5),
      ],
    },
  );

  test('stand each in the column of its own time', () => {
    const whole = page(ecg);
    for (const [lead, column] of [
      ['III', 0],
      ['aVF', 1],
      ['V3', 2],
      ['V6', 3],
    ] as const) {
      const points = pointsOfStroke(tracesOf(whole, lead)[0]);
      expect(points).toHaveLength(1250);
      expect(points[0]?.x).toBeCloseTo(FIRST_X + 62.5 * column, 6);
    }
    expect(allText(whole)).not.toContain('Not simultaneous');
  });

  test('leave the rhythm row where its lead ends', () => {
    expect(pointsOfStroke(tracesOf(page(ecg), 'II')[1])).toHaveLength(1250);
  });
});

describe('scales', () => {
  test.each([
    [12.5, 5],
    [25, 10],
    [50, 20],
  ] as const)('at %f mm/s and %i mm/mV a pulse is 200 ms by 1 mV, on lines of the paper', (speed, gain) => {
    const drawn = page(syntheticEcg(), { speed, gain });
    const pulses = drawn.strokes.filter(({ kind }) => kind === 'pulse');
    expect(pulses).toHaveLength(4);
    for (const pulse of pulses) {
      const [, low, high, end] = pointsOf(pulse.runs[0]);
      expect((end?.x as number) - (high?.x as number)).toBeCloseTo(0.2 * speed, 6);
      expect((low?.y as number) - (high?.y as number)).toBe(gain);
      expect(Number.isInteger(high?.x)).toBe(true);
    }
    expect(allText(drawn)).toContain(`${speed} mm/s · ${gain} mm/mV`);
  });

  test.each([5, 10, 20] as const)('at %i mm/mV half a millivolt is half as high', (gain) => {
    const ecg = syntheticEcg({ leads: ALL_TWELVE, signal: () => 0.5 });
    const y = pointsOfStroke(tracesOf(page(ecg, { gain }), 'I')[0])[0]?.y as number;
    expect(baseLine('I', { gain }) - y).toBeCloseTo(gain / 2, 6);
  });

  test('twice the speed shows half the seconds on one page, and says so', () => {
    const fast = page(syntheticEcg({ leads: ALL_TWELVE }), { speed: 50 });
    expect(pointsOfStroke(tracesOf(fast, 'I')[0])).toHaveLength(625);
    expect(pointsOfStroke(tracesOf(fast, 'V4')[0])[0]?.x).toBeCloseTo(FIRST_X + 187.5, 6);
    expect(pointsOfStroke(tracesOf(fast, 'II')[1])).toHaveLength(2500);
    expect(allText(fast)).toContain('Shown: 0–5 s of 10 s');
    expect(allText(page(syntheticEcg()))).not.toContain('Shown:');
  });

  test('scale and offset of the file are both used', () => {
    const lead = { ...syntheticLead('I', { signal: NOTHING }), scale: decimal('4.88'), offset: decimal('250') };
    const samples = lead.samples.map(() => 100);
    const ecg = syntheticEcg({}, { groups: [{ ...syntheticGroup({ leads: [] }), leads: [{ ...lead, samples }] }] });
    const y = pointsOfStroke(tracesOf(page(ecg), 'I')[0])[0]?.y as number;
    expect(baseLine('I') - y).toBeCloseTo(7.38, 6);
  });
});

describe('samples', () => {
  const withSamples = (change: (samples: Int32Array) => void, rest: object = {}) => {
    const lead = syntheticLead('II', { signal: NOTHING });
    change(lead.samples as Int32Array);
    return syntheticEcg({}, { groups: [{ ...syntheticGroup({ leads: [] }), leads: [{ ...lead, ...rest }] }] });
  };

  test('that are absent interrupt the line, and one by itself is a dot', () => {
    const ecg = withSamples((samples) => samples.fill(-32768, 100, 200).fill(-32768, 201, 300), { absent: -32768 });
    const runs = tracesOf(page(ecg), 'II')[1]?.runs ?? [];
    expect(runs.map(({ length }) => length / 2)).toEqual([100, 1, 4700]);
    expect(pointsOf(runs[2])[0]?.x).toBeCloseTo(FIRST_X + 300 * 0.05, 6);
  });

  test('that are all absent are no signal', () => {
    const ecg = withSamples((samples) => samples.fill(-32768), { absent: -32768 });
    expect(tracesOf(page(ecg), 'II')).toEqual([]);
    expect(allText(page(ecg))).toMatch(/No signal: .*\bII\b/);
  });

  test('behind the tail are no ECG and not drawn', () => {
    const [group] = syntheticEcg({ leads: ALL_TWELVE }).groups;
    const ecg = syntheticEcg({}, { groups: [{ ...group, tail: { from: 4500, kind: 'calibration' } } as never] });
    expect(pointsOfStroke(tracesOf(page(ecg), 'II')[1])).toHaveLength(4500);
    expect(pointsOfStroke(tracesOf(page(ecg), 'V4')[0])).toHaveLength(750);
  });

  test('that leave the paper are said to be cut', () => {
    const ecg = withSamples((samples) => samples.fill(12_000, 50, 52));
    expect(allText(page(ecg))).toContain('Curve leaves the paper and is cut: II');
  });

  test('far from zero are drawn around their mean, which is said', () => {
    const ecg = syntheticEcg({ leads: ['V1'], signal: () => 12.3 });
    const drawn = page(ecg);
    expect(pointsOfStroke(tracesOf(drawn, 'V1')[0])[0]?.y).toBeCloseTo(baseLine('V1'), 1);
    expect(allText(drawn)).toContain('Base line moved: V1 12.3 mV');
  });

  test('of an absurd rate do not make an endless page, and keep every peak', () => {
    const lead = { ...syntheticLead('II', { hz: 100_000, seconds: 10, signal: NOTHING }) };
    (lead.samples as Int32Array)[345_678] = 400;
    const group = { ...syntheticGroup({ leads: [] }), leads: [lead] };
    const ecg = syntheticEcg(
      {},
      { groups: [{ ...group, rate: { hz: decimal('100000'), periodMs: decimal('0.01') } }] },
    );
    const points = pointsOfStroke(tracesOf(page(ecg), 'II')[1]);
    expect(points.length).toBeLessThan(60_000);
    expect(baseLine('III') + 36 - Math.min(...points.map(({ y }) => y))).toBeCloseTo(10, 6);
  });
});

describe('leads', () => {
  test('that follow from I and II are derived, marked and said', () => {
    const drawn = page(syntheticEcg({ leads: INDEPENDENT, signal: (lead) => (lead === 'II' ? 1 : 0.4) }));
    const y = pointsOfStroke(tracesOf(drawn, 'III')[0])[0]?.y as number;
    expect(baseLine('III') - y).toBeCloseTo(6, 6);
    expect(textOf(drawn, 'III†')).toBeDefined();
    expect(textOf(drawn, 'V1')).toBeDefined();
    expect(allText(drawn)).toContain('† III, aVR, aVL, aVF derived from I and II');
  });

  test('that the file holds are not called derived', () => {
    const drawn = page(syntheticEcg({ leads: ALL_TWELVE }));
    expect(allText(drawn)).not.toContain('derived');
    expect(textOf(drawn, 'III')).toBeDefined();
  });

  test('that the file does not hold keep their place, labelled and empty', () => {
    const drawn = page(syntheticEcg({ leads: ['II'] }), { language: 'zh' });
    expect(tracesOf(drawn, 'V3')).toEqual([]);
    expect(textOf(drawn, 'V3')).toBeDefined();
    expect(drawn.texts.filter(({ text }) => text === '无信号')).toHaveLength(11);
  });

  test.each([undefined, '0', 'nonsense'])('of scale %s are not drawn in mV', (scale) => {
    const { scale: _, ...bare } = syntheticLead('V2');
    const lead = scale === undefined ? bare : { ...bare, scale: decimal(scale) };
    const drawn = page(syntheticEcg({}, { groups: [{ ...syntheticGroup({ leads: [] }), leads: [lead] }] }));
    expect(tracesOf(drawn, 'V2')).toEqual([]);
    expect(allText(drawn)).toContain('no calibration stated');
    expect(allText(drawn)).toContain('Not drawn, no calibration stated: V2');
  });

  test('beyond those of the layout are named', () => {
    expect(allText(page(syntheticEcg({ leads: [...INDEPENDENT, 'V7', 'V4R'] })))).toContain(
      'Also recorded, not shown: V7, V4R',
    );
  });
});

describe('layouts', () => {
  test.each([
    ['3x4+1', 4, 13, 9],
    ['6x2', 6, 12, 6],
    ['cabrera', 6, 12, 6],
    ['12x1', 12, 12, 0],
    ['rhythm', 3, 3, 0],
  ] as const)('%s has %i rows, %i curves and %i marks between leads', (layout, rows, curves, marks) => {
    const drawn = page(syntheticEcg(), { layout });
    const count = (kind: string) => drawn.strokes.filter((stroke) => stroke.kind === kind).length;
    expect([count('pulse'), count('trace'), count('mark')]).toEqual([rows, curves, marks]);
  });

  test('cabrera draws aVR upside down and says so', () => {
    const ecg = syntheticEcg({ leads: ALL_TWELVE, signal: (lead) => (lead === 'aVR' ? -0.8 : 0) });
    const drawn = page(ecg, { layout: 'cabrera' });
    const y = pointsOfStroke(tracesOf(drawn, '−aVR')[0])[0]?.y as number;
    const flat = page(syntheticEcg({ leads: ALL_TWELVE, signal: NOTHING }), { layout: 'cabrera' });
    expect((pointsOfStroke(tracesOf(flat, '−aVR')[0])[0]?.y as number) - y).toBeCloseTo(8, 6);
    expect(allText(drawn)).toContain('−aVR is aVR inverted');
  });

  test('cabrera is in the order of the angles', () => {
    const drawn = page(syntheticEcg({ leads: ALL_TWELVE }), { layout: 'cabrera' });
    const left = drawn.strokes.filter(({ kind, lead = '' }) => kind === 'trace' && !lead.startsWith('V'));
    expect(left.map(({ lead }) => lead)).toEqual(['aVL', 'I', '−aVR', 'II', 'aVF', 'III']);
  });

  test('a column of two is five seconds', () => {
    const points = pointsOfStroke(tracesOf(page(syntheticEcg(), { layout: '6x2' }), 'V6')[0]);
    expect(points).toHaveLength(2500);
    expect(points[0]?.x).toBeCloseTo(FIRST_X + 125, 6);
  });

  test('a rhythm page wraps a long recording and says when each row begins', () => {
    const drawn = page(syntheticEcg({ leads: ['II'], seconds: 25 }), { layout: 'rhythm', rhythmLeads: ['II'] });
    expect(tracesOf(drawn, 'II').map((stroke) => pointsOfStroke(stroke).length)).toEqual([5000, 5000, 2500]);
    expect(textOf(drawn, '20 s')).toBeDefined();
    expect(allText(drawn)).not.toContain('Shown:');
  });

  test('a rhythm page of more than it holds says what it shows, and can begin later', () => {
    const ecg = syntheticEcg({ leads: ['II'], seconds: 300, hz: 100 });
    expect(allText(page(ecg, { layout: 'rhythm' }))).toContain('Shown: 0–120 s of 300 s');
    expect(allText(page(ecg, { layout: 'rhythm', fromSeconds: 240 }))).toContain('Shown: 240–300 s of 300 s');
  });

  test('a rhythm page of unknown leads shows what there is', () => {
    const drawn = page(syntheticEcg({ leads: ['ECG ch. A'] }), { layout: 'rhythm' });
    expect(pointsOfStroke(tracesOf(drawn, 'ECG ch. A')[0])).toHaveLength(5000);
  });

  test.each(['3x4+1', '6x2', '12x1', 'cabrera', 'rhythm'] satisfies PageLayout[])(
    '%s keeps curves and texts on the page',
    (layout) => {
      for (const gain of [5, 10, 20] as const) {
        for (const speed of [12.5, 25, 50] as const) {
          const drawn = page(syntheticEcg({ hz: 50, signal: NOTHING }), { layout, gain, speed });
          for (const { x, y } of drawn.strokes.flatMap(pointsOfStroke)) {
            expect(x >= GRID.x && x <= GRID.x + GRID.width && y >= GRID.y && y <= GRID.y + GRID.height).toBe(true);
          }
          for (const { x, y } of drawn.texts) expect(x > 4 && x <= 290 && y > 4 && y < 206).toBe(true);
        }
      }
    },
  );
});

describe('an empty file', () => {
  test.each(['3x4+1', '6x2', '12x1', 'cabrera', 'rhythm'] satisfies PageLayout[])(
    'is a page of empty places (%s)',
    (layout) => {
      const bare = syntheticEcg(
        {},
        {
          groups: [],
          patient: { identifiers: [], at: '' },
          acquisition: {},
          device: {},
          filters: {},
          measurements: [],
          statements: [],
        },
      );
      const drawn = page(bare, { layout });
      expect(drawn.strokes.some(({ kind }) => kind === 'trace')).toBe(false);
      expect(allText(drawn)).toContain('Name not stated');
      expect(allText(drawn)).toContain('Filters not stated');
    },
  );
});
