import { describe, expect, it } from 'vitest';
import { LoopMeter, eventLoopCheck } from '../../../../../src/handoff/monitoring/health/checks/eventLoop.js';
import type { LoopUse } from '../../../../../src/handoff/monitoring/health/checks/eventLoop.js';
import { memoryCheck, memoryUse } from '../../../../../src/handoff/monitoring/health/checks/memory.js';
import { look } from './look.js';

describe('the event loop', () => {
  it.each<[LoopUse, string, string | undefined]>([
    [{ utilization: 0.5 }, 'healthy', undefined],
    [{ utilization: 0.5, delayP99Ms: 249, delayMaxMs: 999 }, 'healthy', undefined],
    [{ utilization: 0.5, delayP99Ms: 250, delayMaxMs: 300 }, 'degraded', 'saturated'],
    [{ utilization: 0.98, delayP99Ms: 1, delayMaxMs: 2 }, 'degraded', 'saturated'],
    [{ utilization: 0.5, delayP99Ms: 1, delayMaxMs: 1000 }, 'degraded', 'stalled'],
  ])('%j', async (use, status, reason) => {
    const found = await look(eventLoopCheck(() => use));
    expect([found.status, found.reason]).toEqual([status, reason]);
  });

  it('is measured since the last look, and absent before anything was', async () => {
    const meter = new LoopMeter();
    expect(meter.look()).toEqual({});
    meter.start();
    await new Promise((resolve) => setTimeout(resolve, 250));
    const untilMs = performance.now() + 400;
    while (performance.now() < untilMs);
    await new Promise((resolve) => setTimeout(resolve, 600));
    const { delayMaxMs = 0, delayP99Ms, utilization } = meter.look();
    expect(delayMaxMs).toBeGreaterThan(200);
    expect(delayP99Ms).toBeLessThanOrEqual(delayMaxMs);
    expect(utilization).toBeGreaterThan(0.2);
    expect(utilization).toBeLessThan(1);
    const next = meter.look();
    expect([next.utilization, (next.delayMaxMs ?? 0) < 200]).toEqual([undefined, true]);
    meter.stop();
  });

  it('tells its utilization in the end, also to one who looks more often than it can be told', async () => {
    const meter = new LoopMeter();
    meter.start();
    try {
      await expect.poll(() => typeof meter.look().utilization, { interval: 100 }).toBe('number');
    } finally {
      meter.stop();
    }
  });

  // Node's own histogram forgets, with each reset, the tick from which the next is counted.
  it('shows a stall that begins right after a look, once', async () => {
    const meter = new LoopMeter();
    meter.start();
    try {
      await new Promise((resolve) => setTimeout(resolve, 150));
      meter.look();
      const untilMs = performance.now() + 400;
      while (performance.now() < untilMs);
      await new Promise((resolve) => setTimeout(resolve, 150));
      expect(meter.look().delayMaxMs).toBeGreaterThan(300);
      await new Promise((resolve) => setTimeout(resolve, 150));
      expect(meter.look().delayMaxMs).toBeLessThan(300);
    } finally {
      meter.stop();
    }
  });
});

describe('the memory', () => {
  const GIB = 2 ** 30;
  it.each([
    [{ rssBytes: 1, heapUsedBytes: 79, heapLimitBytes: 100 }, 'healthy', undefined],
    [{ rssBytes: 1, heapUsedBytes: 80, heapLimitBytes: 100 }, 'degraded', 'heap_nearly_full'],
    [{ rssBytes: 1, heapUsedBytes: 95, heapLimitBytes: 100 }, 'unhealthy', 'heap_nearly_full'],
    [{ rssBytes: 85, limitBytes: 100, heapUsedBytes: 1, heapLimitBytes: 100 }, 'degraded', 'memory_nearly_full'],
    [{ rssBytes: 96, limitBytes: 100, heapUsedBytes: 81, heapLimitBytes: 100 }, 'unhealthy', 'memory_nearly_full'],
  ])('%j', async (use, status, reason) => {
    const found = await look(memoryCheck(() => use));
    expect([found.status, found.reason]).toEqual([status, reason]);
  });

  it('is measured against the limit of the control group, if there is one', () => {
    expect(
      memoryUse(
        () => GIB,
        () => 2 * GIB,
      ),
    ).toMatchObject({ limitBytes: GIB });
    for (const none of [0, 2 ** 64, 2 * GIB])
      expect(
        memoryUse(
          () => none,
          () => 2 * GIB,
        ),
      ).not.toHaveProperty('limitBytes');
    const { rssBytes, heapUsedBytes, heapLimitBytes } = memoryUse();
    expect(rssBytes).toBeGreaterThan(heapUsedBytes);
    expect(heapLimitBytes).toBeGreaterThan(heapUsedBytes);
  });
});
