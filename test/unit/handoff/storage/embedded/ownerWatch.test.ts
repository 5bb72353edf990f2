import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { watchOwner } from '../../../../../src/handoff/storage/embedded/ownerWatch.js';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** A watch with limits of 3 s and 10 s that looks every second, and what the owner is at. */
function watched(): { owner: { waitedFor: boolean; bytes: number; suspended: boolean }; given: number[]; stop: () => void } {
  const owner = { waitedFor: true, bytes: 0, suspended: false };
  const given: number[] = [];
  const stop = watchOwner(
    {
      suspendedLimitMs: 3000,
      silentLimitMs: 10_000,
      isWaitedFor: () => owner.waitedFor,
      bytesHeard: () => owner.bytes,
      isSuspended: () => owner.suspended,
      giveUp: (waitedMs) => given.push(waitedMs),
    },
    1000,
  );
  return { owner, given, stop };
}

describe('watchOwner', () => {
  it('gives up on a suspended owner after its limit, and again after it once more', () => {
    const { owner, given, stop } = watched();
    owner.suspended = true;
    vi.advanceTimersByTime(2999);
    expect(given).toEqual([]);
    vi.advanceTimersByTime(3001);
    expect(given).toEqual([3000, 3000]);
    stop();
    vi.advanceTimersByTime(20_000);
    expect(given).toHaveLength(2);
  });

  it('waits for one that was resumed, and for one that runs and says nothing up to the longer limit', () => {
    const { owner, given } = watched();
    owner.suspended = true;
    vi.advanceTimersByTime(2000);
    owner.suspended = false;
    vi.advanceTimersByTime(7000);
    expect(given).toEqual([]);
    vi.advanceTimersByTime(1000);
    expect(given).toEqual([10_000]);
  });

  it('leaves alone what is heard of, and what nobody waits for', () => {
    const { owner, given } = watched();
    owner.suspended = true;
    for (let second = 0; second < 20; second += 1) {
      owner.bytes += 1;
      vi.advanceTimersByTime(1000);
    }
    owner.waitedFor = false;
    vi.advanceTimersByTime(20_000);
    expect(given).toEqual([]);
  });
});
