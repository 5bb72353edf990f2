import { expect, it } from 'vitest';
import { everyStep } from '../../../../../src/handoff/lifecycle/sweeps/everyStep.js';

const failing = (error: Error) => () => Promise.reject(error);

it('does every step, and then throws what the only one that failed has thrown', async () => {
  const done: string[] = [];
  const error = new Error('no');
  const steps = [async () => done.push('a'), failing(error), async () => done.push('b')];
  await expect(everyStep(steps, undefined)).rejects.toBe(error);
  expect(done).toEqual(['a', 'b']);
});

it('says of several failures what all of them were, and that the first is the cause', async () => {
  const errors = [new Error('one'), new Error('two')];
  await expect(everyStep(errors.map(failing), undefined)).rejects.toMatchObject({
    name: 'AggregateError',
    message: '2 of 2 steps failed; the first is the cause',
    errors,
    cause: errors[0],
  });
});

it('begins no step after it was told to stop', async () => {
  const stop = new AbortController();
  const done: string[] = [];
  await everyStep([async () => done.push('a'), async () => stop.abort(), async () => done.push('b')], stop.signal);
  expect(done).toEqual(['a']);
});
