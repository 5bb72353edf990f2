import { defineConfig } from 'vitest/config';
import { TableReporter } from './tableReporter.js';

export default defineConfig({
  test: {
    name: 'matrix',
    include: ['test/matrix/**/*.test.ts'],
    globalSetup: ['test/setup/globalServices.ts'],
    pool: 'forks',
    // Each test starts programs of its own; more at once only makes them wait for each other.
    maxWorkers: 2,
    maxConcurrency: 2,
    testTimeout: 60_000,
    hookTimeout: 300_000,
    teardownTimeout: 30_000,
    reporters: ['default', new TableReporter()],
  },
});
