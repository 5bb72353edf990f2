import { afterEach, beforeEach, expect, it } from 'vitest';
import { openAdmission } from '../../../../../src/handoff/resilience/admission/openAdmission.js';
import { watchLoopDelay } from '../../../../../src/handoff/resilience/admission/loopDelay.js';
import { FakeClock } from '../../../../../src/testing/fakeClock.js';
import { points } from '../../../telemetry/points.js';
import { Recording } from '../../../telemetry/recording.js';

let recording: Recording;
beforeEach(() => {
  recording = new Recording();
});
afterEach(() => recording.dispose());

async function floorOf(settings: { readonly minConcurrent?: number; readonly maxConcurrent: number; readonly isAdaptive: boolean }) {
  const { log, meter } = recording;
  const loop = watchLoopDelay();
  const { close } = openAdmission(
    { ...settings, maxWaiting: 1, maxWaitMs: 1000 },
    { log, meter, clock: new FakeClock(), random: () => 0, loop },
  );
  const shown = await points(recording);
  close();
  loop.stop();
  return shown['handoff.admission.floor'];
}

it.each([
  [{ minConcurrent: 20, maxConcurrent: 256, isAdaptive: true }, 20],
  [{ maxConcurrent: 256, isAdaptive: true }, 32],
  [{ minConcurrent: 20, maxConcurrent: 20, isAdaptive: true }, undefined],
  [{ minConcurrent: 20, maxConcurrent: 256, isAdaptive: false }, undefined],
])('%o shows the floor %s: where the limit cannot move there is none', async (settings, floor) => {
  expect(await floorOf(settings)).toBe(floor);
});
