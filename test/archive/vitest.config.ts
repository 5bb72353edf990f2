import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    name: 'archive',
    include: ['test/archive/**/*.test.ts'],
    pool: 'forks',
    maxWorkers: 1,
    globalSetup: ['test/setup/globalServices.ts'],
    testTimeout: 600_000,
    // The first run fetches the S3 server.
    hookTimeout: 900_000,
  },
});
