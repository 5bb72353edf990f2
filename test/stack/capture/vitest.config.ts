import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    name: 'capture',
    include: ['test/stack/{capture,queries,remote}/**/*.test.ts'],
    // Needs Chromium: `npm run prove browser`.
    exclude: ['test/stack/remote/pages.test.ts'],
    pool: 'forks',
    testTimeout: 60_000,
    hookTimeout: 240_000,
  },
});
