import { afterEach, beforeEach, expect, it } from 'vitest';
import { openAdmission } from '../../../../../src/handoff/resilience/admission/openAdmission.js';
import { watchLoopDelay } from '../../../../../src/handoff/resilience/admission/loopDelay.js';
import { FakeClock } from '../../../../../src/testing/fakeClock.js';
import { systemClock } from '../../../../../src/time/clock.js';
import { Recording } from '../../../telemetry/recording.js';

let recording: Recording;
beforeEach(() => {
  recording = new Recording();
});
afterEach(() => recording.dispose());

it('shows the limit, what runs and waits, and what was refused, with one log record a minute', async () => {
  const { log, meter } = recording;
  const loop = watchLoopDelay();
  const { admission, close } = openAdmission(
    { maxConcurrent: 1, isAdaptive: false, maxWaiting: 1, maxWaitMs: 1000 },
    { log, meter, clock: new FakeClock(), random: () => 0, loop },
  );
  const shown = async (): Promise<Record<string, unknown>> =>
    Object.fromEntries(
      (await recording.metrics()).flatMap(({ descriptor, dataPoints }) =>
        dataPoints.map(({ value, attributes }) => [[descriptor.name, ...Object.values(attributes)].join(' '), value]),
      ),
    );
  // Rates need the series before its first increase.
  expect(await shown()).toMatchObject({ 'handoff.requests.shed queue_full': 0, 'handoff.requests.shed queue_timeout': 0 });
  const gate = Promise.withResolvers<undefined>();
  const calls = [admission.run(() => gate.promise), admission.run(() => gate.promise)];
  for (let call = 0; call < 3; call += 1) await admission.run(() => gate.promise).catch(() => undefined);
  expect(await shown()).toMatchObject({
    'handoff.admission.limit': 1,
    'handoff.admission.calls running': 1,
    'handoff.admission.calls waiting': 1,
    'handoff.requests.shed queue_full': 3,
  });
  expect(recording.records).toMatchObject([{ level: 'warn', fields: { 'handoff.shed.reason': 'queue_full', running: 1, waiting: 1 } }]);
  gate.resolve(undefined);
  await Promise.all(calls);
  close();
  loop.stop();
});

it('measures how late the event loop was, once', async () => {
  const loop = watchLoopDelay();
  const delay = loop.reading();
  const other = loop.reading();
  try {
    await systemClock.sleep(60);
    delay.take();
    const untilMs = performance.now() + 150;
    while (performance.now() < untilMs);
    await systemClock.sleep(60);
    expect(delay.take()).toMatchObject({ longestMs: expect.toSatisfy((ms: number) => ms > 80), p99Ms: expect.any(Number) });
    // Asked during the same turn of the loop, before its timer has run.
    const untilAgainMs = performance.now() + 150;
    while (performance.now() < untilAgainMs);
    expect(delay.take().longestMs).toBeGreaterThan(80);
    // On a busy machine the loop is late by itself as well, and not each time.
    await expect.poll(() => delay.take().longestMs, { interval: 120 }).toBeLessThan(80);
    // Whoever asks takes nothing from others.
    expect(other.take().longestMs).toBeGreaterThan(80);
  } finally {
    loop.stop();
  }
});
