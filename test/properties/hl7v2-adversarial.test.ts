/** Reading every value of hostile input costs time in proportion to its size, whatever its shape (issue 01, 5). */
import { expect, test } from 'vitest';
import { readEverything } from '../support/read-everything.ts';
import { FAMILIES } from './hl7v2-families.ts';
import { expectLinear, MEASURED, RATIO_MAX } from './linear.ts';

const names = Object.keys(FAMILIES);

test.each(names)(`reading %s: at most ${RATIO_MAX} times the time per doubling`, MEASURED, (name) =>
  expectLinear('read', name),
);

test.each(names)('%s is read to its end', (name) => {
  expect(readEverything(new TextEncoder().encode(FAMILIES[name]?.(64 * 1024)))).toBeGreaterThan(0);
});
