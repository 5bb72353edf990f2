import { expect, it } from 'vitest';
import { errorType } from '../../../../src/telemetry/errorType.js';
import { everyStep } from '../../../../src/handoff/resilience/everyStep.js';

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

it('keeps the code of the first failure, which is what telemetry and the results of jobs say', async () => {
  const away = Object.assign(new Error('away'), { code: 'HANDOFF_DATABASE_UNAVAILABLE' });
  const thrown = await everyStep([failing(away), failing(new Error('two'))], undefined).catch((error: unknown) => error);
  expect(errorType(thrown)).toBe('HANDOFF_DATABASE_UNAVAILABLE');
  expect(errorType(await everyStep([failing(new Error('one')), failing(away)], undefined).catch((error: unknown) => error))).toBe(
    'AggregateError',
  );
});

it('begins no step after it was told to stop', async () => {
  const stop = new AbortController();
  const done: string[] = [];
  await everyStep([async () => done.push('a'), async () => stop.abort(), async () => done.push('b')], stop.signal);
  expect(done).toEqual(['a']);
});
