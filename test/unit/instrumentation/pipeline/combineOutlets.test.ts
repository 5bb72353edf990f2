import { describe, expect, it, vi } from 'vitest';
import type { BatchCounts } from '../../../../src/instrumentation/pipeline/batchCounts.js';
import { combineOutlets } from '../../../../src/instrumentation/pipeline/combineOutlets.js';
import type { Outlet } from '../../../../src/instrumentation/pipeline/outlet.js';

function outletOf(name: string, delivered: number): Outlet<string, BatchCounts> {
  return {
    feeds: [name],
    endpoint: `http://${name}`,
    counts: () => ({ made: delivered + 1, queued: 0, inFlight: 1, delivered, failed: 0, dropped: 0 }),
    details: () => ({ failures: new Map([['503', delivered]]), queueFull: 1, afterClose: 2, capacity: 10 }),
    lastRequests: () => [],
    flush: vi.fn(async () => {}),
    setHurried: vi.fn(),
    close: vi.fn(),
  };
}

describe('several receivers of one signal', () => {
  it('are one to whoever flushes, counts and stops', async () => {
    const parts = [outletOf('a', 2), outletOf('b', 3)];
    const both = combineOutlets(parts);
    expect([both.feeds, both.endpoint]).toEqual([['a', 'b'], 'http://a, http://b']);
    expect(both.counts()).toEqual({ made: 7, queued: 0, inFlight: 2, delivered: 5, failed: 0, dropped: 0 });
    expect(both.details?.()).toEqual({ failures: new Map([['503', 5]]), queueFull: 2, afterClose: 4, capacity: 20 });
    await both.flush();
    both.setHurried(true);
    both.close();
    for (const part of parts) {
      expect(part.flush).toHaveBeenCalledOnce();
      expect(part.setHurried).toHaveBeenCalledWith(true);
      expect(part.close).toHaveBeenCalledOnce();
    }
  });

  it('may be one, or none', () => {
    const one = outletOf('a', 1);
    expect(combineOutlets([one])).toBe(one);
    const none = combineOutlets<string, BatchCounts>([]);
    expect([none.feeds, none.endpoint, none.counts(), none.lastRequests?.()]).toEqual([[], undefined, undefined, []]);
  });
});
