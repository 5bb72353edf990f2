import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    name: 'deploy',
    include: ['test/deploy/**/*.test.ts'],
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 300_000,
    // The first run compiles the programs of go/, which takes some minutes on two cores.
    hookTimeout: 900_000,
  },
});
