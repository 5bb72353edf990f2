import { describe, expect, it } from 'vitest';
import { ReadinessProbe } from '../../../../../src/handoff/server/admin/readiness.js';
import type { Clock } from '../../../../../src/time/clock.js';

/** A clock that stands still until it is told; those asleep wake when their time has come. */
class StillClock implements Clock {
  #nowMs = 0;
  #sleepers: { readonly atMs: number; readonly wake: () => void }[] = [];

  nowMs(): number {
    return this.#nowMs;
  }

  monotonicMs(): number {
    return this.#nowMs;
  }

  sleep(durationMs: number): Promise<void> {
    return new Promise((wake) => this.#sleepers.push({ atMs: this.#nowMs + durationMs, wake }));
  }

  async pass(durationMs: number): Promise<void> {
    this.#nowMs += durationMs;
    for (const { atMs, wake } of this.#sleepers) if (atMs <= this.#nowMs) wake();
    this.#sleepers = this.#sleepers.filter(({ atMs }) => atMs > this.#nowMs);
    await new Promise((resolve) => setImmediate(resolve));
  }
}

function probeOf(isWritable: () => Promise<boolean>): {
  readonly probe: ReadinessProbe;
  readonly clock: StillClock;
  readonly asked: () => number;
} {
  const clock = new StillClock();
  let count = 0;
  const probe = new ReadinessProbe({
    clock,
    timeoutMs: 2000,
    isWritable: () => {
      count += 1;
      return isWritable();
    },
  });
  return { probe, clock, asked: () => count };
}

describe('readiness', () => {
  it.each([
    ['takes writes', () => Promise.resolve(true), 'ready'],
    ['only reads', () => Promise.resolve(false), { reason: 'the database does not accept writes' }],
    ['cannot be reached', () => Promise.reject(new Error('secret')), { reason: 'the database cannot be reached' }],
  ])('of a database that %s', async (_what, isWritable, expected) => {
    expect(await probeOf(isWritable).probe.check()).toEqual(expected);
  });

  it('asks once for all who ask at the same time, and again after a second', async () => {
    const { probe, clock, asked } = probeOf(() => Promise.resolve(true));
    await Promise.all([probe.check(), probe.check()]);
    await probe.check();
    expect(asked()).toBe(1);
    await clock.pass(1000);
    await probe.check();
    expect(asked()).toBe(2);
  });

  it('answers in time when the database hangs, holds two of its connections at most, and sees it come back', async () => {
    const settle: ((isWritable: boolean) => void)[] = [];
    const { probe, clock, asked } = probeOf(() => new Promise((resolve) => settle.push(resolve)));
    for (let time = 0; time < 4; time += 1) {
      const readiness = probe.check();
      await clock.pass(2000);
      expect(await readiness).toEqual({ reason: 'the database has not answered within 2000 ms' });
      await clock.pass(1000);
    }
    expect(asked()).toBe(2);
    settle[0]?.(true);
    await clock.pass(1000);
    const readiness = probe.check();
    settle[2]?.(true);
    expect(await readiness).toBe('ready');
  });

  it('is over when the server stops, whatever the database says', async () => {
    const { probe } = probeOf(() => Promise.resolve(true));
    expect(await probe.check()).toBe('ready');
    probe.stop();
    expect(await probe.check()).toEqual({ reason: 'the server is stopping' });
  });
});
