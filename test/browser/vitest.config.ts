import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    name: 'browser',
    include: ['test/browser/**/*.test.ts', 'test/stack/remote/pages.test.ts'],
    pool: 'forks',
    globalSetup: ['test/setup/globalServices.ts'],
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
});
