import { defineConfig } from 'vitest/config';

/** The files that `npm test` leaves out, because each waits for seconds: for time limits, owners that died, memory that settles. */
export default defineConfig({
  test: {
    name: 'long',
    include: ['test/**/*.long.test.ts'],
    globalSetup: ['test/setup/globalServices.ts'],
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 60_000,
    hookTimeout: 120_000,
    expect: { poll: { timeout: 15_000 } },
  },
});
