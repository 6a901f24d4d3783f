/** Hostile input costs time in proportion to its size: twelve families, doubled from 64 KB to 1 MB (issue 01, 5). */
import { describe, expect, it } from 'vitest';
import { mapFile } from '../support/real-path.ts';
import { familyInput, familyNames } from './adversarial-families.ts';
import { expectLinear, MEASURED, RATIO_MAX } from './linear.ts';

describe('twelve adversarial families, doubled from 64 KB to 1 MB', () => {
  it('are twelve', () => {
    expect(familyNames).toHaveLength(12);
  });

  it.each(familyNames)(`mapping %s: at most ${RATIO_MAX} times the time per doubling`, MEASURED, (name) =>
    expectLinear('map', name),
  );

  it.each(familyNames)('%s: parsed and mapped without a throw at 1 MB', { timeout: 60_000 }, (name) => {
    const { messages } = mapFile(familyInput(name, 1024 * 1024));
    expect(messages.length).toBeGreaterThan(0);
  });
});
