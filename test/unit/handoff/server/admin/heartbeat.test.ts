import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { HeartbeatWatch, startHeartbeat } from '../../../../../src/handoff/server/admin/heartbeat.js';

let nowMs = 0;
beforeEach(() => {
  nowMs = 0;
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
});
afterEach(() => void vi.useRealTimers());

function pass(ms: number): void {
  for (let passed = 0; passed < ms; passed += 100) {
    nowMs += 100;
    vi.advanceTimersByTime(100);
  }
}

it('tells for how long no sign of life has come, once it is later than it should be', () => {
  const heartbeat = startHeartbeat();
  const watch = new HeartbeatWatch(heartbeat.memory, () => nowMs);
  const stop = watch.start();
  pass(1000);
  expect(watch.silentMs()).toBe(0);
  heartbeat.stop();
  pass(200);
  expect(watch.silentMs()).toBe(0);
  pass(1000);
  expect(watch.silentMs()).toBe(1200);
  // The whole process, or the machine, has slept: nobody is to blame for that.
  nowMs += 3_600_000;
  expect(watch.silentMs()).toBe(1600);
  stop();
  expect(vi.getTimerCount()).toBe(0);
});
