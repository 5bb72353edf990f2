import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    name: 'upgrade',
    include: ['test/upgrade/**/*.test.ts'],
    pool: 'forks',
    maxWorkers: 1,
    testTimeout: 180_000,
    hookTimeout: 120_000,
  },
});
