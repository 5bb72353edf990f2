import { afterEach, beforeEach, expect, it } from 'vitest';
import { openDegradations } from '../../../../src/handoff/resilience/openDegradations.js';
import { FakeClock } from '../../../../src/testing/fakeClock.js';
import { points } from '../../telemetry/points.js';
import { Recording } from '../../telemetry/recording.js';

let recording: Recording;
beforeEach(() => {
  recording = new Recording();
});
afterEach(() => recording.dispose());

it('says since when a feature is off, in seconds, and nothing of one that works again', async () => {
  const { log, meter } = recording;
  const { degradations, close } = openDegradations(log, meter, new FakeClock(1_700_000_000_000));
  degradations.degrade('cache', 'breaker', 'circuit_open');
  expect(await points(recording)).toMatchObject({ 'handoff.degraded.since cache': 1_700_000_000, 'handoff.degraded.since jobs': 0 });
  degradations.restore('cache', 'breaker');
  expect(await points(recording)).toMatchObject({ 'handoff.degraded.since cache': 0 });
  close();
});
