import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    name: 'jobs',
    include: ['test/jobs/**/*.test.ts'],
    globalSetup: ['test/setup/globalServices.ts'],
    pool: 'forks',
    // They mostly wait: for heartbeats that are missed, and for the next minute of cron.
    maxWorkers: 3,
    testTimeout: 300_000,
    hookTimeout: 120_000,
  },
});
