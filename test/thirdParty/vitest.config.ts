import { defineConfig } from 'vitest/config';
import { TableReporter } from './tableReporter.js';

export default defineConfig({
  test: {
    name: 'third party',
    include: ['test/thirdParty/**/*.test.ts'],
    globalSetup: ['test/setup/globalServices.ts'],
    pool: 'forks',
    // Each test starts programs of its own, and the first one of a package installs it.
    maxWorkers: 2,
    testTimeout: 60_000,
    hookTimeout: 240_000,
    teardownTimeout: 30_000,
    reporters: ['default', new TableReporter()],
  },
});
