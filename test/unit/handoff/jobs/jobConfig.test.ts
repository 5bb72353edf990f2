import { describe, expect, it } from 'vitest';
import { effectiveConfig, jobConfigProblems } from '../../../../src/handoff/jobs/jobConfig.js';
import type { JobConfigChange } from '../../../../src/handoff/jobs/jobConfig.js';

describe('a change that cannot be kept', () => {
  it.each<[JobConfigChange, path: string, problem: string]>([
    [{ intervalMs: -1 }, 'intervalMs', 'is too small'],
    [{ intervalMs: 0 }, 'intervalMs', 'is too small'],
    [{ intervalMs: 59_000 }, 'intervalMs', 'is too small'],
    [{ intervalMs: 2_592_001_000 }, 'intervalMs', 'is too large'],
    [{ intervalMs: 60_000.5 }, 'intervalMs', 'is not a whole number'],
    [{ intervalMs: 60_001 }, 'intervalMs', 'is not a number of whole seconds, and is not rounded'],
    [{ intervalMs: Number.NaN }, 'intervalMs', 'is not a number'],
    [{ intervalMs: Number.POSITIVE_INFINITY }, 'intervalMs', 'is not a number'],
    [{ intervalMs: '60000' as unknown as number }, 'intervalMs', 'is not a number'],
    [{ maxRetries: -1 }, 'maxRetries', 'is too small'],
    [{ maxRetries: 1.5 }, 'maxRetries', 'is not a whole number'],
    [{ maxRetries: 101 }, 'maxRetries', 'is too large'],
    [{ retryDelayMs: 1500 }, 'retryDelayMs', 'is not a number of whole seconds, and is not rounded'],
    [{ retryDelayMs: -1000 }, 'retryDelayMs', 'is too small'],
    [{ retryDelayMs: 86_401_000 }, 'retryDelayMs', 'is too large'],
    [{ enabled: 'no' as unknown as boolean }, 'enabled', 'is not of type boolean'],
  ])('%o', (change, path, problem) => {
    expect(jobConfigProblems(change)).toEqual([{ path, problem, allowed: expect.stringMatching(/\w/) }]);
  });

  it('is reported as a whole', () => {
    expect(jobConfigProblems({ intervalMs: 1, maxRetries: -1, retryDelayMs: 1, enabled: true }).map(({ path }) => path)).toEqual([
      'intervalMs',
      'maxRetries',
      'retryDelayMs',
    ]);
  });
});

it.each<JobConfigChange>([
  {},
  { intervalMs: 60_000, maxRetries: 0, retryDelayMs: 0, enabled: false },
  { intervalMs: 2_592_000_000, maxRetries: 100, retryDelayMs: 86_400_000, enabled: true },
  { intervalMs: 61_000 },
])('%o can be kept', (change) => {
  expect(jobConfigProblems(change)).toEqual([]);
});

it('the database overrides each default by itself', () => {
  const definition = {
    name: 'swept',
    description: 'A job.',
    defaults: { intervalMs: 3_600_000, maxRetries: 3, retryDelayMs: 300_000 },
    run: async () => ({}),
  };
  const none = { intervalMs: null, enabled: null, maxRetries: null, retryDelayMs: null };
  expect(effectiveConfig(definition, none)).toEqual({ name: 'swept', enabled: true, ...definition.defaults });
  expect(effectiveConfig(definition, { ...none, enabled: false, maxRetries: 0 })).toEqual({
    name: 'swept',
    ...definition.defaults,
    enabled: false,
    maxRetries: 0,
  });
});
