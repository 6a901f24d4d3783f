/** Whatever the bytes: parser and mapper do not throw, and account for every OBX (issue 01, "done when" 5). */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mapFile } from '../support/real-path.ts';
import { r4Faults } from '../support/r4-validator.ts';
import { validMessage } from './hl7-arbitraries.ts';
import { anyInput, damagedMessage, randomBytes, structureSoup } from './hl7-damage.ts';
import { inputFaults, lostResults } from './input-faults.ts';

const SEED = 20_261_121;

describe('parser and mapper', () => {
  it.each([
    ['right messages', validMessage.map((one) => one.bytes), 800],
    ['damaged messages', damagedMessage, 1200],
    ['random bytes', randomBytes, 800],
    ['structure without sense', structureSoup, 800],
    ['a mixture, its fast-check seed new each time', anyInput, 600],
  ] as const)('never throw on %s, and tell only codes and positions', (name, input, numRuns) => {
    const seed = name.includes('new each time') ? {} : { seed: SEED };
    fc.assert(
      fc.property(input, (bytes) => {
        expect(inputFaults(bytes)).toEqual([]);
      }),
      { numRuns, ...seed },
    );
  });

  it('turn every OBX of a right message into one Observation, or tell a problem at its place', () => {
    fc.assert(
      fc.property(validMessage, ({ bytes, obx }) => {
        const [real, ...more] = mapFile(bytes).messages;
        expect(more).toEqual([]);
        expect(real?.message?.segments.filter((segment) => segment.name === 'OBX')).toHaveLength(obx);
        expect(real === undefined ? ['nothing'] : lostResults(real)).toEqual([]);
      }),
      { numRuns: 1000, seed: SEED },
    );
  });

  it('make R4 bundles that are structurally right, of right and of damaged messages', () => {
    const input = fc.oneof(
      validMessage.map((one) => one.bytes),
      damagedMessage,
    );
    fc.assert(
      fc.property(input, (bytes) => {
        const texts = mapFile(bytes).messages.map((message) => message.text);
        const faults = texts
          .filter((text) => text !== '')
          .flatMap((text) => r4Faults(JSON.parse(text) as Record<string, unknown>));
        expect(faults).toEqual([]);
      }),
      { numRuns: 600, seed: SEED },
    );
  });

  it('make the same bundle of the same bytes', () => {
    fc.assert(
      fc.property(anyInput, (bytes) => {
        const texts = (): string[] => mapFile(bytes).messages.map((message) => message.text);
        expect(texts()).toEqual(texts());
      }),
      { numRuns: 300, seed: SEED },
    );
  });
});
