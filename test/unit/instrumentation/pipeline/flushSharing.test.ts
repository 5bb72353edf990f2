import { expect, it } from 'vitest';
import { shareFlushes } from '../../../../src/instrumentation/pipeline/flushSharing.js';
import { FakeClock } from '../../../../src/testing/fakeClock.js';

it('has a bounded number under way; the rest share one that begins later and ends in the time of its first', async () => {
  const clock = new FakeClock();
  const begun: number[] = [];
  const ends: (() => void)[] = [];
  const flush = shareFlushes(
    (timeoutMs) => {
      begun.push(timeoutMs);
      return new Promise<void>((resolve) => ends.push(resolve));
    },
    2000,
    clock,
  );
  const all = Array.from({ length: 1000 }, () => flush());
  expect(begun).toHaveLength(16);
  expect(new Set(all).size).toBe(17);
  await clock.advance(1500);
  ends[0]?.();
  await all[0];
  await expect.poll(() => begun).toEqual([...Array.from({ length: 16 }, () => 2000), 500]);
  for (const end of ends) end();
  await Promise.all(all);
  void flush();
  expect(begun).toHaveLength(18);
});
