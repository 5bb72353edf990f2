import { expect, it } from 'vitest';
import { Gradient } from '../../../../../src/handoff/resilience/admission/gradient.js';
import type { WindowSample } from '../../../../../src/handoff/resilience/admission/gradient.js';

const settings = { minLimit: 16, maxLimit: 256, initialLimit: 64, maxLoopDelayMs: 200 };
const sample = (changed: Partial<WindowSample>): WindowSample => ({
  meanMs: 10,
  mostInFlight: 1000,
  wasDropped: false,
  loopDelayMs: 0,
  ...changed,
});

function after(windows: number, changed: Partial<WindowSample>, gradient = new Gradient(settings)): Gradient {
  for (let window = 0; window < windows; window += 1) gradient.update(sample(changed));
  return gradient;
}

it('grows while the latency is what it always was, up to the limit', () => {
  expect(after(1, {}).limit).toBeGreaterThan(64);
  expect(after(1000, {}).limit).toBe(256);
});

it('stays while few calls run', () => {
  expect(after(1000, { mostInFlight: 31 }).limit).toBe(64);
});

it('falls in proportion when calls get slower, but never below the least', () => {
  const gradient = after(100, {});
  const before = gradient.limit;
  const once = gradient.update(sample({ meanMs: 30 }));
  expect(once).toBeLessThan(before);
  expect(once).toBeGreaterThan(before * 0.85);
  expect(after(200, { meanMs: 400 }, gradient).limit).toBe(16);
});

it('does not fall for what is within the tolerance', () => {
  const gradient = after(300, {});
  expect(after(20, { meanMs: 14 }, gradient).limit).toBe(256);
});

it('rises again once calls are fast again, also after a long time of slow ones', () => {
  const gradient = after(2000, { meanMs: 400 });
  const slow = gradient.limit;
  expect(after(400, { meanMs: 10 }, gradient).limit).toBeGreaterThanOrEqual(slow);
  expect(after(400, { meanMs: 10 }, gradient).limit).toBe(256);
});

it('takes soon for usual what calls are after a long time of slow ones, so that it falls when they get slower again', () => {
  const gradient = after(100, {}, after(2000, { meanMs: 400 }));
  const before = gradient.limit;
  expect(after(5, { meanMs: 60 }, gradient).limit).toBeLessThan(before);
});

it.each([
  ['an event loop that is late', { loopDelayMs: 1000 }],
  ['calls that ran into a time limit', { wasDropped: true }],
  ['an event loop that is late while few calls run', { loopDelayMs: 1000, mostInFlight: 1 }],
  ['a call that ran into a time limit while few run', { wasDropped: true, mostInFlight: 1 }],
])('falls for %s', (_what, changed) => {
  const gradient = after(100, {});
  expect(gradient.update(sample(changed))).toBeLessThan(256);
  expect(after(200, changed, gradient).limit).toBe(16);
});

it('keeps within a limit that is lower than the least', () => {
  const gradient = new Gradient({ ...settings, maxLimit: 4 });
  expect(gradient.limit).toBe(4);
  expect(after(50, { meanMs: 1000 }, gradient).limit).toBe(4);
});
