import { beforeEach, expect, it } from 'vitest';
import type { LifecycleDependencies } from '../../../../src/handoff/lifecycle/dependencies.js';
import { createLagWatch } from '../../../../src/handoff/lifecycle/sweeps/watchLag.js';
import type { LagWatch } from '../../../../src/handoff/lifecycle/sweeps/watchLag.js';
import { FakeClock } from '../../../../src/testing/fakeClock.js';

let clock: FakeClock;
let reads: number;
let isAway: boolean;
let recorded: number[];
let lag: LagWatch;
beforeEach(() => {
  clock = new FakeClock();
  reads = 0;
  isAway = false;
  recorded = [];
  lag = createLagWatch({
    clock,
    database: {
      query: async () => {
        reads += 1;
        if (isAway) throw new Error('away');
        return [{ expire: 90, dormant: null }];
      },
    },
    record: { sweepLag: (value: number) => recorded.push(value) },
  } as unknown as LifecycleDependencies);
});

it('is read at once and then every minute, until it stops', async () => {
  const stopping = new AbortController();
  const watching = lag.watchLag(stopping.signal);
  await clock.advance(0);
  expect([reads, recorded]).toEqual([1, [90, 0]]);
  isAway = true;
  await clock.advance(120_000);
  expect([reads, recorded.length]).toEqual([3, 2]);
  isAway = false;
  await clock.advance(60_000);
  expect([reads, recorded.length]).toEqual([4, 4]);
  stopping.abort(new Error('stopped'));
  await watching;
});

// The statement was run by the check of health every half minute, and every minute besides.
it('is not read again while a check of health reads it', async () => {
  const stopping = new AbortController();
  expect(await lag.readLag()).toEqual({ expire: 90, dormant: 0 });
  const watching = lag.watchLag(stopping.signal);
  for (let look = 0; look < 10; look += 1) {
    await clock.advance(30_000);
    await lag.readLag();
  }
  expect([reads, recorded.length]).toEqual([11, 22]);
  await clock.advance(90_000);
  expect(reads).toBe(12);
  stopping.abort(new Error('stopped'));
  await watching;
});
