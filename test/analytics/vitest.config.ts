import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    name: 'analytics',
    include: ['test/analytics/**/*.test.ts'],
    pool: 'forks',
    maxWorkers: 1,
    globalSetup: ['test/setup/globalServices.ts'],
    testTimeout: 300_000,
    // Writing a million rows and rolling them up twice.
    hookTimeout: 1_200_000,
  },
});
