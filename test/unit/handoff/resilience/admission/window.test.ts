import { expect, it } from 'vitest';
import { Admission } from '../../../../../src/handoff/resilience/admission/admission.js';
import type { AdmissionSettings } from '../../../../../src/handoff/resilience/admission/admission.js';
import { FakeClock } from '../../../../../src/testing/fakeClock.js';
import { Call } from './call.js';

/** An admission whose event loop is late, and calls through it that all end at the same time. */
function admitting(settings: Pick<AdmissionSettings, 'maxConcurrent' | 'isAdaptive'>) {
  const clock = new FakeClock();
  const admission = new Admission(
    { maxWaiting: 1000, maxWaitMs: 1000, ...settings },
    { clock, random: () => 0, loopDelayMs: () => 2000, onShed: () => undefined },
  );
  const calls = async (count: number, durationMs: number): Promise<void> => {
    const all = Promise.all(Array.from({ length: count }, () => admission.run(() => clock.sleep(durationMs))));
    await clock.advance(durationMs);
    await all;
  };
  return { admission, calls };
}

it('the limit stays where it is until ten calls have ended, however long that takes', async () => {
  const { admission, calls } = admitting({ maxConcurrent: 64, isAdaptive: true });
  await calls(9, 300);
  expect(admission.status().limit).toBe(64);
  await calls(1, 300);
  expect(admission.status().limit).toBeLessThan(64);
});

it('nobody is told to come back later than in ten seconds', async () => {
  const { admission, calls } = admitting({ maxConcurrent: 2, isAdaptive: false });
  for (let round = 0; round < 5; round += 1) await calls(2, 60_000);
  const call = new Call(admission);
  expect(admission.refuse()).toBe(10_000);
  call.gate.resolve('done');
  await call.result;
});
