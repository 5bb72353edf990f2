import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    name: 'gates',
    include: ['test/gates/**/*.test.ts'],
    pool: 'forks',
    // Each test runs a gate on a small project; a gate takes seconds of a whole core.
    maxWorkers: 2,
    testTimeout: 120_000,
  },
});
