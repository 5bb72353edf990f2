import { beforeEach, describe, expect, it } from 'vitest';
import { ConcurrentChangeError } from '../../../../../src/errors/concurrentChangeError.js';
import { DatabaseUnavailableError } from '../../../../../src/errors/databaseErrors.js';
import { OverloadedError } from '../../../../../src/errors/overloadedError.js';
import { Admission } from '../../../../../src/handoff/resilience/admission/admission.js';
import type { AdmissionSettings } from '../../../../../src/handoff/resilience/admission/admission.js';
import { FakeClock } from '../../../../../src/testing/fakeClock.js';
import { Call } from './call.js';

let clock: FakeClock;
let shed: string[];
let loopDelayMs = 0;
beforeEach(() => {
  clock = new FakeClock();
  shed = [];
  loopDelayMs = 0;
});

function newAdmission(changed: Partial<AdmissionSettings> = {}): Admission {
  return new Admission(
    { maxConcurrent: 2, isAdaptive: false, maxWaiting: 3, maxWaitMs: 1000, ...changed },
    { clock, random: () => 0, loopDelayMs: () => loopDelayMs, onShed: (reason) => shed.push(reason) },
  );
}

const tooSlow = new DatabaseUnavailableError('no', { reasonCode: 'pool_exhausted', attempts: 1, waitedMs: 5000 });

interface Ending {
  readonly isMeasured?: boolean;
  readonly error?: Error;
}

describe('a fixed limit', () => {
  it('lets as many begin as may run, then the oldest of those that wait', async () => {
    const admission = newAdmission();
    const calls = Array.from({ length: 5 }, () => new Call(admission));
    expect(admission.status()).toEqual({ limit: 2, running: 2, waiting: 3 });
    expect(calls.map(({ hasBegun }) => hasBegun)).toEqual([true, true, false, false, false]);
    calls[1]?.gate.resolve('second');
    expect(await calls[1]?.result).toBe('second');
    await clock.advance(0);
    expect(calls.map(({ hasBegun }) => hasBegun)).toEqual([true, true, true, false, false]);
    for (const { gate } of calls) gate.resolve('done');
    await Promise.all(calls.map(({ result }) => result));
    expect(admission.status()).toEqual({ limit: 2, running: 0, waiting: 0 });
    expect(shed).toEqual([]);
  });

  it('refuses what is beyond the queue at once, and says when to come back', async () => {
    const admission = newAdmission();
    const calls = Array.from({ length: 5 }, () => new Call(admission));
    const refused = await new Call(admission).result;
    expect(refused).toBeInstanceOf(OverloadedError);
    expect(refused).toMatchObject({ code: 'HANDOFF_OVERLOADED', data: { reason: 'queue_full', retryAfterMs: 100 } });
    expect(shed).toEqual(['queue_full']);
    for (const { gate } of calls) gate.resolve('done');
    await Promise.all(calls.map(({ result }) => result));
  });

  it('says whether there is room to who asks before a call comes, and counts what was refused there', async () => {
    const admission = newAdmission();
    const calls = Array.from({ length: 4 }, () => new Call(admission));
    expect(admission.hasRoom).toBe(true);
    calls.push(new Call(admission));
    expect(admission.hasRoom).toBe(false);
    expect(admission.refuse()).toBe(100);
    expect(shed).toEqual(['queue_full']);
    for (const { gate } of calls) gate.resolve('done');
    await Promise.all(calls.map(({ result }) => result));
    expect(admission.status()).toEqual({ limit: 2, running: 0, waiting: 0 });
  });

  it('refuses what has waited too long, and only that', async () => {
    const admission = newAdmission();
    const running = [new Call(admission), new Call(admission)];
    const early = new Call(admission);
    await clock.advance(600);
    const late = new Call(admission);
    await clock.advance(400);
    expect(await early.result).toMatchObject({ data: { reason: 'queue_timeout' } });
    expect(early.hasBegun).toBe(false);
    expect(admission.status().waiting).toBe(1);
    running[0]?.gate.resolve('done');
    await clock.advance(1);
    expect(late.hasBegun).toBe(true);
    for (const { gate } of [...running, late]) gate.resolve('done');
    expect(await late.result).toBe('done');
    expect(shed).toEqual(['queue_timeout']);
    await clock.advance(10_000);
    expect(clock.sleeping).toBe(0);
  });

  it('frees the place of a call that fails, and passes its error on', async () => {
    const admission = newAdmission({ maxConcurrent: 1, maxWaiting: 0 });
    const failure = new Error('inside');
    for (let round = 0; round < 3; round += 1) {
      await expect(admission.run(() => Promise.reject(failure))).rejects.toBe(failure);
      await expect(
        admission.run(() => {
          throw failure;
        }),
      ).rejects.toBe(failure);
    }
    expect(admission.status()).toEqual({ limit: 1, running: 0, waiting: 0 });
  });

  it('counts a call that a full bulkhead refused later on', async () => {
    const admission = newAdmission();
    const refusal = new OverloadedError('bulkhead_full', 250);
    await expect(admission.run(() => Promise.reject(refusal))).rejects.toBe(refusal);
    expect(shed).toEqual(['bulkhead_full']);
  });

  it('lets ten thousand through one place in the order in which they came', async () => {
    const admission = newAdmission({ maxConcurrent: 1, maxWaiting: 10_000 });
    const order: number[] = [];
    await Promise.all(
      Array.from({ length: 10_000 }, (_, index) =>
        admission.run(async () => {
          order.push(index);
        }),
      ),
    );
    expect(order).toEqual(Array.from({ length: 10_000 }, (_, index) => index));
  });
});

describe('an adaptive limit', () => {
  /** A dependency that serves `capacity` calls at a time, each in 10 ms; more wait inside it, as in a pool of connections. */
  async function drive(admission: Admission, capacity: number, arrivals: number, seconds: number): Promise<number> {
    let done = 0;
    let inService = 0;
    const line: (() => void)[] = [];
    const serve = async (): Promise<void> => {
      if (inService >= capacity) await new Promise<void>((resolve) => line.push(resolve));
      else inService += 1;
      await clock.sleep(10);
      const next = line.shift();
      if (next === undefined) inService -= 1;
      else next();
    };
    const steps = seconds * 100;
    for (let step = 0; step < steps; step += 1) {
      for (let call = 0; call < arrivals; call += 1)
        void admission.run(serve).then(
          () => (done += 1),
          () => undefined,
        );
      await clock.advance(10);
    }
    return done;
  }

  it('keeps what runs near to what can be served, when twice as much arrives', async () => {
    const admission = newAdmission({ isAdaptive: true, maxConcurrent: 1000, maxWaiting: 50 });
    await drive(admission, 20, 10, 2);
    const usual = admission.status().limit;
    expect(usual).toBeLessThanOrEqual(64);
    const done = await drive(admission, 20, 40, 10);
    // 2,000 a second can be served.
    expect(done).toBeGreaterThan(18_000);
    expect(admission.status().limit).toBeLessThan(200);
    expect(shed.length).toBeGreaterThan(10_000);
  }, 60_000);

  /** Rounds of as many calls as may run, each `durationMs` long and with this end. */
  async function rounds(admission: Admission, count: number, durationMs: number, { isMeasured = true, error }: Ending = {}): Promise<void> {
    const work = async (): Promise<void> => {
      await clock.sleep(durationMs);
      if (error !== undefined) throw error;
    };
    for (let round = 0; round < count; round += 1) {
      const calls = Array.from({ length: admission.status().limit }, () => admission.run(work, { isMeasured }));
      const all = Promise.allSettled(calls);
      await clock.advance(durationMs);
      await all;
    }
  }

  it('falls when the event loop is late', async () => {
    const admission = newAdmission({ isAdaptive: true, maxConcurrent: 64, maxWaiting: 1000 });
    await rounds(admission, 5, 300);
    expect(admission.status().limit).toBe(64);
    loopDelayMs = 2000;
    await rounds(admission, 5, 300);
    expect(admission.status().limit).toBeLessThan(45);
  });

  it('rises again when the database is too slow for no call any more', async () => {
    const admission = newAdmission({ isAdaptive: true, maxConcurrent: 64, maxWaiting: 1000 });
    for (let round = 0; round < 5; round += 1) {
      await rounds(admission, 1, 300, { error: tooSlow });
      await rounds(admission, 1, 300);
    }
    expect(admission.status().limit).toBeLessThan(64);
    await rounds(admission, 20, 300);
    expect(admission.status().limit).toBe(64);
  });

  it.each([
    ['measured calls that are slower than usual', true, {}],
    ['calls that are not measured', false, { isMeasured: false }],
    ['measured calls that the database was too slow for', true, { error: tooSlow }],
    ['calls that are not measured and that it was too slow for', false, { isMeasured: false, error: tooSlow }],
    ['calls that lost to a rival', false, { error: new ConcurrentChangeError('register_session', 3) }],
  ] as const)('%s make it fall: %s', async (_what, falls, ending) => {
    const admission = newAdmission({ isAdaptive: true, maxConcurrent: 64, maxWaiting: 1000 });
    await rounds(admission, 20, 300);
    expect(admission.status().limit).toBe(64);
    for (let round = 0; round < 5; round += 1) {
      await rounds(admission, 1, 1500, ending);
      // Failures alone end no window.
      await rounds(admission, 1, 300);
    }
    expect(admission.status().limit < 64).toBe(falls);
  });
});

describe('other settings', () => {
  it('let in those who wait where more may run, and hold to the lower limit where fewer may', async () => {
    const admission = newAdmission();
    const calls = Array.from({ length: 4 }, () => new Call(admission));
    await clock.advance(0);
    expect(admission.status()).toEqual({ limit: 2, running: 2, waiting: 2 });
    admission.configure({ maxConcurrent: 4, isAdaptive: false, maxWaiting: 1, maxWaitMs: 50 });
    await clock.advance(0);
    expect(calls.map(({ hasBegun }) => hasBegun)).toEqual([true, true, true, true]);
    const [fifth, sixth] = [new Call(admission), new Call(admission)];
    await clock.advance(50);
    expect([await fifth.result, await sixth.result]).toEqual([expect.any(OverloadedError), expect.any(OverloadedError)]);
    admission.configure({ maxConcurrent: 1, isAdaptive: false, maxWaiting: 1, maxWaitMs: 50 });
    expect(admission.status()).toEqual({ limit: 1, running: 4, waiting: 0 });
    for (const call of calls) call.gate.resolve('done');
    await Promise.all(calls.map(({ result }) => result));
  });
});
