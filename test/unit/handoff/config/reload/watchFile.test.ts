import { expect, it } from 'vitest';
import { watchFile } from '../../../../../src/handoff/config/reload/watchFile.js';
import { FakeClock } from '../../../../../src/testing/fakeClock.js';

it('the file is looked at every five seconds, and each text is told once', async () => {
  const clock = new FakeClock();
  const ending = new AbortController();
  let changes = 0;
  let text: string | undefined = 'a';
  const read = async (): Promise<string> => text ?? Promise.reject(new Error('gone'));
  const watching = watchFile(Promise.resolve('a'), read, clock, ending.signal, async () => {
    changes += 1;
  });
  await clock.advance(20_000);
  expect(changes).toBe(0);
  text = 'b';
  await clock.advance(10_000);
  expect(changes).toBe(1);
  text = undefined;
  await clock.advance(20_000);
  expect(changes).toBe(2);
  ending.abort(new Error('ended'));
  await watching;
  expect(clock.sleeping).toBe(0);
});

it('a text that was written before the watch began is told at the first look', async () => {
  const clock = new FakeClock();
  const ending = new AbortController();
  let changes = 0;
  const watching = watchFile(
    Promise.resolve('in effect'),
    async () => 'written since',
    clock,
    ending.signal,
    async () => {
      changes += 1;
    },
  );
  await clock.advance(10_000);
  expect(changes).toBe(1);
  ending.abort(new Error('ended'));
  await watching;
});

it('the file is not looked at while what it said is still being applied', async () => {
  const clock = new FakeClock();
  const ending = new AbortController();
  let reads = 0;
  const read = async (): Promise<string> => String((reads += 1));
  let applied = (): void => undefined;
  const apply = (): Promise<void> => new Promise((resolve) => (applied = resolve));
  const watching = watchFile(Promise.resolve('0'), read, clock, ending.signal, apply);
  await clock.advance(20_000);
  expect(reads).toBe(1);
  applied();
  await clock.advance(5000);
  expect(reads).toBe(2);
  applied();
  ending.abort(new Error('ended'));
  await watching;
});
