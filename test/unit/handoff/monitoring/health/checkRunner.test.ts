import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { CheckRunner } from '../../../../../src/handoff/monitoring/health/checkRunner.js';
import { healthy } from '../../../../../src/handoff/monitoring/health/finding.js';
import type { CheckResult } from '../../../../../src/handoff/monitoring/health/report.js';
import { systemClock } from '../../../../../src/time/clock.js';

const TIMEOUT_MS = 400;

it('takes an answer that had arrived while this process stood still', async () => {
  const results: CheckResult[] = [];
  const check = {
    name: 'database',
    isCritical: true,
    adviceWhenSlow: 'Look at it.',
    run: async () => {
      for (let n = 0; n < 3; n += 1) await readFile(new URL(import.meta.url));
      return healthy();
    },
  } as const;
  const run = new CheckRunner(check, { clock: systemClock, timeoutMs: TIMEOUT_MS, onResult: (result) => results.push(result) }).run();
  const startMs = performance.now();
  while (performance.now() - startMs < TIMEOUT_MS + 100);
  await run;
  expect(results.map(({ status, reason }) => [status, reason])).toEqual([['healthy', undefined]]);
});
