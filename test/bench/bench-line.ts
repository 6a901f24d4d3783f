/** One figure of the bench beside its yardstick of the same run (DESIGN 8). */
export interface BenchLine {
  readonly what: string;
  readonly unit: string;
  /** Ours, per second (or as the unit says). */
  readonly ours: number;
  readonly yardstick: string;
  readonly theirs: number;
  /** ours / theirs, which must be at least this; a growth says at most. Absent: measured apart, no target. */
  readonly target?: { readonly ratio: number; readonly sense: 'at-least' | 'at-most' };
  readonly note?: string;
}

export function ratioOf({ ours, theirs }: BenchLine): number {
  return ours / theirs;
}

/** Undefined without a target. */
export function isReached(line: BenchLine): boolean | undefined {
  const { target } = line;
  if (target === undefined) return undefined;
  return target.sense === 'at-least' ? ratioOf(line) >= target.ratio : ratioOf(line) <= target.ratio;
}

/** Runs `work` over `count` inputs, `lanes` at a time; resolves with inputs per wall-clock second. */
export async function perSecond(
  count: number,
  lanes: number,
  work: (index: number) => Promise<unknown>,
): Promise<number> {
  let next = 0;
  const begin = performance.now();
  const lane = async (): Promise<void> => {
    for (let index = next++; index < count; index = next++) await work(index);
  };
  await Promise.all(Array.from({ length: lanes }, lane));
  return (count * 1000) / (performance.now() - begin);
}

/** The middle of an odd number of figures. */
export function median(figures: readonly number[]): number {
  return figures.toSorted((a, b) => a - b)[Math.floor(figures.length / 2)] as number;
}
