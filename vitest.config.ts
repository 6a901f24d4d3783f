import { defineConfig } from 'vitest/config';

// `.ci/run` counts what passed and what was skipped from a report of each suite.
const report = process.env['CONCORD_TEST_REPORT'];

/** These compare times: nothing else runs beside them. */
const TIMED = 'test/properties/**/*.test.ts';

export default defineConfig({
  test: {
    pool: 'forks',
    testTimeout: 30_000,
    hookTimeout: 60_000,
    sequence: { hooks: 'stack' },
    projects: [
      { extends: true, test: { name: 'timed', include: [TIMED], maxWorkers: 1, sequence: { groupOrder: 0 } } },
      {
        extends: true,
        test: {
          name: 'rest',
          include: ['test/**/*.test.ts'],
          exclude: [TIMED],
          // Most of them wait for a database or a process; to import the gateway anew for each costs more than they do.
          isolate: false,
          maxWorkers: 2,
          sequence: { groupOrder: 1 },
        },
      },
    ],
    ...(report === undefined ? {} : { reporters: ['default', ['json', { outputFile: report }]] }),
  },
});
