import { expect, it } from 'vitest';
import { FakeClock } from '../../../src/testing.js';

it('moves both clocks by what it is told, and the wall clock alone when set', async () => {
  const clock = new FakeClock(1_000);
  await clock.advance(250.5);
  expect([clock.nowMs(), clock.monotonicMs()]).toEqual([1_250.5, 250.5]);
  clock.setWallClock(10);
  expect([clock.nowMs(), clock.monotonicMs()]).toEqual([10, 250.5]);
});

it('wakes sleepers in the order they are due, each at its own moment', async () => {
  const clock = new FakeClock(0);
  const woken: [string, number][] = [];
  const nap = async (name: string, durationMs: number): Promise<void> => {
    await clock.sleep(durationMs);
    woken.push([name, clock.monotonicMs()]);
  };
  const naps = [nap('late', 30), nap('early', 10), nap('beyond', 31)];
  await clock.advance(30);
  expect(woken).toEqual([
    ['early', 10],
    ['late', 30],
  ]);
  expect(clock.sleeping).toBe(1);
  await clock.advance(1);
  await Promise.all(naps);
});

it('drives a loop of sleeps through many rounds in one advance', async () => {
  const clock = new FakeClock(0);
  const beats: number[] = [];
  const loop = (async () => {
    for (let i = 0; i < 10; i += 1) {
      await clock.sleep(100);
      beats.push(clock.nowMs());
    }
  })();
  await clock.advance(1_000);
  await loop;
  expect(beats).toEqual([100, 200, 300, 400, 500, 600, 700, 800, 900, 1_000]);
});

it('rejects a sleep with the reason of its signal, before and during it', async () => {
  const clock = new FakeClock();
  const stop = new AbortController();
  const sleeping = clock.sleep(1_000, { signal: stop.signal });
  const reason = new Error('stopped');
  stop.abort(reason);
  await expect(sleeping).rejects.toBe(reason);
  await expect(clock.sleep(1, { signal: stop.signal })).rejects.toBe(reason);
  expect(clock.sleeping).toBe(0);
});

it('refuses to go back', async () => {
  await expect(new FakeClock().advance(-1)).rejects.toThrow(
    new RangeError('durationMs must be 0 or more, got -1. Use setWallClock to move the wall clock back.'),
  );
});
