import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    name: 'runtimes-cache',
    include: ['test/runtimes/cache/*.test.ts'],
    globalSetup: ['test/setup/globalServices.ts'],
    pool: 'forks',
    teardownTimeout: 30_000,
  },
});
