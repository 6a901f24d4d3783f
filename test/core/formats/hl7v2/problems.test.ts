import { expect, test } from 'vitest';
import { SENTENCES } from '../../../../src/formats/hl7v2/problems.ts';

test.each(Object.entries(SENTENCES))('%s says what, where and what to do next', (code, sentence) => {
  expect(code).toMatch(/^hl7v2\/[a-z0-9]+(-[a-z0-9]+)*$/);
  expect(sentence).toMatch(/^[A-Z][^—]+\([^)]+\) — [^—]+\.$/);
});
