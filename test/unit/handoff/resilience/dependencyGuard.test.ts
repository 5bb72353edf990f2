import * as cockatiel from 'cockatiel';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { CircuitOpenError } from '../../../../src/errors/circuitOpenError.js';
import { OverloadedError } from '../../../../src/errors/overloadedError.js';
import type { BreakerChange } from '../../../../src/handoff/resilience/breakerReports.js';
import { DependencyGuard } from '../../../../src/handoff/resilience/dependencyGuard.js';
import type { GuardSettings } from '../../../../src/handoff/resilience/dependencyGuard.js';
import { FakeClock } from '../../../../src/testing/fakeClock.js';

const outage = new Error('away');
const refused = new Error('syntax error');
const fail = (error: Error) => (): Promise<never> => Promise.reject(error);

const settings: GuardSettings = {
  dependency: 'database',
  isOutage: (error) => error === outage,
  isRepeatable: (error) => error === outage,
  outagesToOpen: 3,
  pauseMs: 1000,
  maxPauseMs: 4000,
  probeTimeoutMs: 50,
  maxConcurrent: 2,
};

let clock: FakeClock;
let changes: BreakerChange[];
let closing: AbortController;
let probe = vi.fn<() => Promise<unknown>>();
beforeEach(() => {
  clock = new FakeClock();
  changes = [];
  closing = new AbortController();
  probe = vi.fn(fail(outage));
});
afterEach(() => closing.abort());

function newGuard(changed: Partial<GuardSettings> = {}): DependencyGuard {
  return new DependencyGuard(
    { ...settings, ...changed },
    { cockatiel, clock, random: () => 0.5, onChange: (change) => changes.push(change), signal: closing.signal },
    () => probe(),
  );
}

async function open(guard: DependencyGuard): Promise<void> {
  for (let outages = 0; outages < 3; outages += 1) await expect(guard.run(fail(outage))).rejects.toBe(outage);
}

describe('the breaker', () => {
  it('opens after as many outages in a row, sends nothing, and says for how long', async () => {
    const guard = newGuard();
    await open(guard);
    expect(guard.state).toBe('open');
    const work = vi.fn(() => Promise.resolve(1));
    const refusal = await guard.run(work).catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(CircuitOpenError);
    expect(refusal).toMatchObject({ data: { dependency: 'database', retryAfterMs: 1000 }, cause: outage });
    expect(work).not.toHaveBeenCalled();
    expect(changes).toEqual([{ dependency: 'database', from: 'closed', state: 'open', error: outage }]);
  });

  it('does not open when a success is in between, nor for anything that the dependency answered', async () => {
    const guard = newGuard();
    for (let round = 0; round < 5; round += 1) {
      await guard.run(fail(outage)).catch(() => undefined);
      await guard.run(fail(outage)).catch(() => undefined);
      await guard.run(() => Promise.resolve('fine'));
    }
    for (let round = 0; round < 20; round += 1) await guard.run(fail(refused)).catch(() => undefined);
    expect(guard.state).toBe('closed');
    expect(changes).toEqual([]);
  });

  it('probes by itself, without a call, and closes when the probe is answered', async () => {
    const guard = newGuard();
    await open(guard);
    await clock.advance(1000);
    expect(probe).toHaveBeenCalledTimes(1);
    expect(guard.state).toBe('open');
    probe.mockResolvedValue(true);
    await clock.advance(4000);
    await vi.waitFor(() => expect(guard.state).toBe('closed'));
    expect(await guard.run(() => Promise.resolve('fine'))).toBe('fine');
    expect(changes.map(({ state }) => state)).toEqual(['open', 'half_open', 'open', 'half_open', 'closed']);
    await clock.advance(60_000);
    expect(probe).toHaveBeenCalledTimes(2);
    expect(clock.sleeping).toBe(0);
  });

  it('refuses calls while a probe is under way, and gives the probe up after its time', async () => {
    const guard = newGuard();
    await open(guard);
    probe.mockReturnValue(new Promise(() => undefined));
    await clock.advance(1000);
    expect(guard.state).toBe('half_open');
    const refusal = await guard.run(() => Promise.resolve(1)).catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(CircuitOpenError);
    // The pause is over, and nobody knows for how long the probe will take.
    expect(refusal).toMatchObject({ data: { retryAfterMs: 500 } });
    await vi.waitFor(() => expect(guard.state).toBe('open'));
  });

  it('counts a probe that is refused as answered', async () => {
    const guard = newGuard();
    await open(guard);
    probe.mockRejectedValue(refused);
    await clock.advance(1000);
    await vi.waitFor(() => expect(guard.state).toBe('closed'));
  });

  it('is not kept open by a wall clock that jumps back', async () => {
    vi.useFakeTimers({ toFake: ['Date'], now: Date.UTC(2026, 5, 1) });
    try {
      const guard = newGuard();
      await open(guard);
      vi.setSystemTime(Date.UTC(2026, 4, 1));
      probe.mockResolvedValue(true);
      await clock.advance(1000);
      await vi.waitFor(() => expect(guard.state).toBe('closed'));
    } finally {
      vi.useRealTimers();
    }
  });

  it('waits longer from probe to probe, up to the limit, and stops when told', async () => {
    const guard = newGuard();
    await open(guard);
    const atMs: number[] = [];
    probe.mockImplementation(() => {
      atMs.push(clock.monotonicMs());
      return Promise.reject(outage);
    });
    for (let step = 0; step < 200; step += 1) await clock.advance(100);
    const pauses = atMs.map((ms, index) => ms - (atMs[index - 1] ?? 0));
    expect(pauses.slice(0, 3)).toEqual([1000, 1750, 2250]);
    expect(Math.max(...pauses)).toBeLessThanOrEqual(4000);
    closing.abort();
    const before = probe.mock.calls.length;
    await clock.advance(60_000);
    expect(probe).toHaveBeenCalledTimes(before);
    expect(guard.state).toBe('open');
  });
});

describe('reads', () => {
  it('are repeated after a failure that may pass; other work is not', async () => {
    const guard = newGuard({ outagesToOpen: 100 });
    const twice = vi.fn<() => Promise<string>>().mockRejectedValueOnce(outage).mockResolvedValue('read');
    expect(await guard.read(twice)).toBe('read');
    expect(twice).toHaveBeenCalledTimes(2);
    const never = vi.fn(fail(outage));
    await expect(guard.read(never)).rejects.toBe(outage);
    expect(never).toHaveBeenCalledTimes(3);
    const written = vi.fn(fail(outage));
    await expect(guard.run(written)).rejects.toBe(outage);
    expect(written).toHaveBeenCalledTimes(1);
    const wrong = vi.fn(fail(refused));
    await expect(guard.read(wrong)).rejects.toBe(refused);
    expect(wrong).toHaveBeenCalledTimes(1);
  });

  it('are not sent through a breaker that opened after the first attempt', async () => {
    const guard = newGuard({ outagesToOpen: 1 });
    const work = vi.fn(fail(outage));
    await expect(guard.read(work)).rejects.toThrow(CircuitOpenError);
    expect(work).toHaveBeenCalledTimes(1);
  });
});

it('the bulkhead refuses what is beyond its size, at once, and lets others in as soon as there is room', async () => {
  const guard = newGuard();
  const gates = [Promise.withResolvers<string>(), Promise.withResolvers<string>()];
  const running = gates.map(({ promise }) => guard.run(() => promise));
  const refusal = await guard.run(() => Promise.resolve('third')).catch((error: unknown) => error);
  expect(refusal).toBeInstanceOf(OverloadedError);
  expect(refusal).toMatchObject({ data: { reason: 'bulkhead_full' } });
  for (const gate of gates) gate.resolve('done');
  expect(await Promise.all(running)).toEqual(['done', 'done']);
  expect(await guard.run(() => Promise.resolve('third'))).toBe('third');
  expect(guard.state).toBe('closed');
});
