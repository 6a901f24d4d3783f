/** The simulator's own small tools: its randomness, its quotas, its agenda, its clock. */
import { array, assert, integer, property } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createHeap } from '../../../src/simulation/heap.ts';
import { createRota, randomFor } from '../../../src/simulation/random.ts';
import { localDay, startOfLocalDay, toHl7Time } from '../../../src/simulation/when.ts';

function draw(...labels: readonly (string | number)[]): readonly number[] {
  const random = randomFor('seed', ...labels);
  return Array.from({ length: 20 }, () => random.next());
}

describe('randomFor', () => {
  it('gives the same stream for the same labels, another for others', () => {
    expect(draw('a', 1)).toEqual(draw('a', 1));
    expect(draw('a', 1)).not.toEqual(draw('a', 2));
    expect(draw('a', 'b')).not.toEqual(draw('ab'));
  });

  it('spreads evenly over its range, for neighbouring labels too', () => {
    const first = Array.from({ length: 10_000 }, (_, label) => randomFor('even', label).next());
    for (let tenth = 0; tenth < 10; tenth++) {
      const share = first.filter((x) => Math.floor(x * 10) === tenth).length / first.length;
      expect(Math.abs(share - 0.1)).toBeLessThan(0.02);
    }
  });

  it('is about normal with mean 0 and deviation 1', () => {
    const random = randomFor('normal');
    const drawn = Array.from({ length: 20_000 }, () => random.normal());
    const mean = drawn.reduce((sum, x) => sum + x, 0) / drawn.length;
    const variance = drawn.reduce((sum, x) => sum + x * x, 0) / drawn.length;
    expect(Math.abs(mean)).toBeLessThan(0.03);
    expect(Math.abs(variance - 1)).toBeLessThan(0.05);
  });

  it('picks by weight and never what weighs nothing', () => {
    const random = randomFor('weights');
    const drawn = Array.from({ length: 4000 }, () =>
      random.weighted([
        ['a', 3],
        ['b', 1],
        ['c', 0],
      ] as const),
    );
    expect(drawn.filter((x) => x === 'a').length / drawn.length).toBeCloseTo(0.75, 1);
    expect(drawn).not.toContain('c');
  });
});

describe('a quota', () => {
  it('is due once in every n asks', () => {
    const rota = createRota('quota');
    const due = Array.from({ length: 70 }, () => rota.due('case', 7));
    expect(due.filter(Boolean).length).toBe(10);
  });
});

describe('a deck', () => {
  it('deals every card of a pack before the next pack, in another order', () => {
    const rota = createRota('deck');
    const pack = ['a', 'a', 'b', 'c', 'd', 'e', 'f', 'g'];
    const dealt = Array.from({ length: 3 }, () => pack.map(() => rota.deal('case', pack)));
    for (const one of dealt) expect(one.toSorted((x, y) => (x < y ? -1 : 1))).toEqual(pack);
    expect(new Set(dealt.map(String)).size).toBeGreaterThan(1);
  });
});

describe('the agenda', () => {
  it('gives back what was put in by time, then by arrival', () => {
    assert(
      property(array(integer({ min: 0, max: 20 })), (times) => {
        const heap = createHeap<number>();
        for (const [arrival, at] of times.entries()) heap.push(at, arrival);
        const out: (readonly [number, number])[] = [];
        for (let next = heap.popUntil(Infinity); next !== undefined; next = heap.popUntil(Infinity))
          out.push([next.at, next.entry]);
        expect(out).toEqual(
          times.map((at, arrival) => [at, arrival] as const).toSorted((a, b) => a[0] - b[0] || a[1] - b[1]),
        );
      }),
    );
  });

  it('keeps what is not due yet', () => {
    const heap = createHeap<string>();
    heap.push(5, 'later');
    expect(heap.popUntil(4)).toBeUndefined();
    expect(heap.popUntil(5)?.entry).toBe('later');
    expect(heap.size).toBe(0);
  });
});

describe('the region\u2019s clock', () => {
  it('writes local time eight hours before UTC, with or without its zone', () => {
    const at = Date.UTC(2026, 2, 1, 18, 5, 9);
    expect(toHl7Time(at, { seconds: true, zoned: false })).toBe('20260302020509');
    expect(toHl7Time(at, { seconds: false, zoned: true })).toBe('202603020205+0800');
    expect(localDay(at)).toBe('2026-03-02');
    expect(startOfLocalDay(at)).toBe(Date.UTC(2026, 2, 1, 16));
  });
});
