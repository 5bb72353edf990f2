import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    name: 'rules',
    include: ['test/stack/rules/**/*.test.ts'],
    pool: 'forks',
    // promtool uses a whole core.
    maxWorkers: 2,
    maxConcurrency: 2,
    testTimeout: 180_000,
    // The first run builds promtool and amtool.
    hookTimeout: 1_200_000,
  },
});
