import { defineConfig } from 'vitest/config';
import { TableReporter } from './tableReporter.js';

export default defineConfig({
  test: {
    name: 'kill',
    include: ['test/kill/**/*.test.ts'],
    pool: 'forks',
    // Each test starts a process and measures how long that takes to end.
    maxWorkers: 2,
    testTimeout: 60_000,
    reporters: ['default', new TableReporter()],
  },
});
