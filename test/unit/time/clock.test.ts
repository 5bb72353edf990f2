import { expect, it } from 'vitest';
import { systemClock } from '../../../src/time/clock.js';

it('sleeps at least as long as asked, by its own monotonic clock', async () => {
  const startMs = systemClock.monotonicMs();
  await systemClock.sleep(20);
  // Node's timers count whole milliseconds and may be up to one early.
  expect(systemClock.monotonicMs() - startMs).toBeGreaterThanOrEqual(19);
});

it('tells the wall clock in milliseconds since the epoch', () => {
  expect(Math.abs(systemClock.nowMs() - Date.now())).toBeLessThan(1000);
});

it('stops sleeping with the reason that its caller gave', async () => {
  const reason = new Error('stopped');
  const stop = new AbortController();
  const sleeping = systemClock.sleep(60_000, { signal: stop.signal, unref: true });
  stop.abort(reason);
  await expect(sleeping).rejects.toBe(reason);
});

it('stops sleeping when it is told to, with an error', async () => {
  const stop = new AbortController();
  const sleeping = systemClock.sleep(60_000, { signal: stop.signal, unref: true });
  stop.abort();
  await expect(sleeping).rejects.toMatchObject({ name: 'AbortError' });
  await expect(systemClock.sleep(60_000, { signal: stop.signal })).rejects.toMatchObject({ name: 'AbortError' });
});
