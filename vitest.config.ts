import { defineConfig } from 'vitest/config';

// `.ci/run` counts what passed and what was skipped from a report of each suite.
const report = process.env['CONCORD_TEST_REPORT'];

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    pool: 'forks',
    testTimeout: 30_000,
    hookTimeout: 60_000,
    sequence: { hooks: 'stack' },
    ...(report === undefined ? {} : { reporters: ['default', ['json', { outputFile: report }]] }),
  },
});
