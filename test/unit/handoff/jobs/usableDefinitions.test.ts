import { expect, it } from 'vitest';
import { InvalidArgumentError } from '../../../../src/errors/lifecycleErrors.js';
import type { JobDefinition } from '../../../../src/handoff/jobs/jobDefinition.js';
import { usableDefinitions } from '../../../../src/handoff/jobs/usableDefinitions.js';

const defaults = { intervalMs: 60_000, maxRetries: 0, retryDelayMs: 0 };
const job = (name: string, changed: Partial<JobDefinition['defaults']> = {}): JobDefinition => ({
  name,
  description: 'A job.',
  defaults: { ...defaults, ...changed },
  run: async () => ({}),
});

it('takes the jobs of a host after ours', () => {
  expect(usableDefinitions([job('ours')], [job('of-host'), job('x'.repeat(63))], []).map(({ name }) => name.length)).toEqual([4, 7, 63]);
});

it.each([
  ['a space', [job('my job')]],
  ['an umlaut', [job('größe')]],
  ['too many characters', [job('x'.repeat(64))]],
  ['the name of one of ours', [job('ours')]],
  ['the name of another', [job('twice'), job('twice')]],
  ['the name of the dead letters', [job('dead')]],
  ['an interval of half seconds', [job('half', { intervalMs: 90_500 })]],
  ['an interval that is too short', [job('short', { intervalMs: 0 })]],
  ['a negative number of repetitions', [job('negative', { maxRetries: -1 })]],
])('refuses %s, with which the queue would run no job at all', (_, definitions) => {
  expect(() => usableDefinitions([job('ours')], definitions, ['dead'])).toThrow(InvalidArgumentError);
});
