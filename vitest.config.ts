import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { defineConfig } from 'vitest/config';

const shared = {
  pool: 'forks',
  // Five times what the slowest test without a limit of its own takes on two quiet cores.
  testTimeout: 60_000,
  hookTimeout: 120_000,
  teardownTimeout: 30_000,
  // Vitest's own second is less than a program's start takes on a busy machine; what never comes is noticed a little later.
  expect: { poll: { timeout: 15_000 } },
  // Hundreds of tests start programs that load our sources. Compiling them anew each time is a third of what such a program costs.
  env: { NODE_COMPILE_CACHE: join(import.meta.dirname, '.cache', 'compiled') },
} as const;

/** Tests of code that changes nothing of its process: many files share one. What instruments or patches needs a process of its own. */
const SHARED = [
  'bench',
  'dashboards',
  'deploy',
  'docs',
  'errors',
  'faults',
  'handoff',
  'otel-collector',
  'setup',
  'telemetry',
  'testing',
  'time',
].map((folder) => `test/unit/${folder}`);

export default defineConfig({
  test: {
    // Tests start processes of their own and wait for them a fifth of the time, so one worker more than there are cores keeps the cores
    // busy. More only makes tests time out.
    maxWorkers: Math.min(availableParallelism() + 1, 4),
    teardownTimeout: 30_000,
    projects: [
      // Unit tests need no server, so running only them starts none.
      {
        test: {
          ...shared,
          name: 'unit',
          include: SHARED.map((folder) => `${folder}/**/*.test.ts`),
          // A process for each file is most of what these tests cost, and they leave nothing behind that another one could notice.
          isolate: false,
        },
      },
      {
        test: {
          ...shared,
          name: 'unit-patching',
          include: ['test/{unit,conventions,transparency,comparison,bootComparison}/**/*.test.ts'],
          // Suites of CI install packages of their own below these folders, which have tests too.
          exclude: ['**/node_modules/**', ...SHARED.map((folder) => `${folder}/**`)],
        },
      },
      {
        test: {
          ...shared,
          name: 'services',
          include: ['test/{integration,contract,e2e}/**/*.test.ts'],
          // `npm run prove long`
          exclude: ['**/node_modules/**', '**/*.long.test.ts'],
          globalSetup: ['test/setup/globalServices.ts'],
        },
      },
    ],
  },
});
