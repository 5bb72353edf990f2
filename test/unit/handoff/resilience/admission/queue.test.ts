import { beforeEach, describe, expect, it } from 'vitest';
import { OverloadedError } from '../../../../../src/errors/overloadedError.js';
import { Admission } from '../../../../../src/handoff/resilience/admission/admission.js';
import type { AdmissionSettings } from '../../../../../src/handoff/resilience/admission/admission.js';
import { FakeClock } from '../../../../../src/testing/fakeClock.js';
import { Call } from './call.js';

let clock: FakeClock;
let shed: string[];
beforeEach(() => {
  clock = new FakeClock();
  shed = [];
});

function newAdmission(changed: Partial<AdmissionSettings>): Admission {
  return new Admission(
    { maxConcurrent: 1, isAdaptive: false, maxWaiting: 3, maxWaitMs: 1000, ...changed },
    { clock, random: () => 0, loopDelayMs: () => 0, onShed: (reason) => shed.push(reason) },
  );
}

describe('a queue', () => {
  it('takes no more than are expected to begin within a quarter of the longest wait', async () => {
    const admission = newAdmission({ maxConcurrent: 2, maxWaiting: 1000, maxWaitMs: 2000 });
    // Ten calls of 50 ms each, two at a time: forty begin in a second, and twenty in the half second that is a quarter of the wait.
    const first = Array.from({ length: 10 }, () => admission.run(() => clock.sleep(50)));
    await clock.advance(300);
    await Promise.all(first);
    const calls = Array.from({ length: 23 }, () => new Call(admission));
    await clock.advance(0);
    expect(admission.status()).toEqual({ limit: 2, running: 2, waiting: 20 });
    expect(await calls[22]?.result).toMatchObject({ data: { reason: 'queue_full' } });
    for (const { gate } of calls) gate.resolve('done');
    await Promise.all(calls.map(({ result }) => result));
  });

  it('lets a call go whose caller has gone away, and does not begin it', async () => {
    const admission = newAdmission({ maxConcurrent: 1 });
    const [gone, running] = [new AbortController(), new Call(admission)];
    let hasBegun = false;
    const begin = (): Promise<void> => {
      hasBegun = true;
      return Promise.resolve();
    };
    const waiting = admission.run(begin, { signal: gone.signal });
    const behind = new Call(admission);
    expect(admission.status().waiting).toBe(2);
    gone.abort();
    await expect(waiting).rejects.toMatchObject({ code: 'HANDOFF_CALL_CANCELLED' });
    await expect(admission.run(begin, { signal: gone.signal })).rejects.toMatchObject({ code: 'HANDOFF_CALL_CANCELLED' });
    expect(admission.status().waiting).toBe(1);
    running.gate.resolve('done');
    await clock.advance(0);
    expect([hasBegun, behind.hasBegun]).toEqual([false, true]);
    behind.gate.resolve('done');
    await behind.result;
    expect(admission.status()).toEqual({ limit: 1, running: 0, waiting: 0 });
    await clock.advance(10_000);
    expect([shed, clock.sleeping]).toEqual([[], 0]);
  });
});

describe('a turn', () => {
  it('is over once, whoever ends it', async () => {
    const admission = newAdmission({ maxConcurrent: 1 });
    const turn = await admission.enter();
    turn.failed(new OverloadedError('bulkhead_full', 1));
    turn.done();
    turn.leave();
    expect(admission.status().running).toBe(0);
    expect(shed).toEqual(['bulkhead_full']);
  });
});
