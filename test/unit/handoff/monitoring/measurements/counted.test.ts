import { afterEach, beforeEach, expect, it } from 'vitest';
import { statementsTo } from '../../../../../src/handoff/monitoring/measurements/listeners.js';
import { Measurements } from '../../../../../src/handoff/monitoring/measurements/measurements.js';
import { Suspicions } from '../../../../../src/handoff/monitoring/health/suspicions.js';
import { Recorder } from '../../../../../src/handoff/monitoring/measurements/recorder.js';
import { loadSketches } from '../../../../../src/handoff/monitoring/measurements/sketch.js';
import type { SystemMetrics } from '../../../../../src/handoff/monitoring/types.js';
import { FakeClock } from '../../../../../src/testing/fakeClock.js';
import { points } from '../../../telemetry/points.js';
import { Recording } from '../../../telemetry/recording.js';

let recording: Recording;
beforeEach(() => {
  recording = new Recording();
});
afterEach(() => recording.dispose());

it('counts statements that take longer than half a second, by name', async () => {
  const told = statementsTo(new Recorder(() => 0), recording.meter, new Suspicions(() => 0));
  told('handoff_quick', 500, undefined);
  told('handoff_slow', 501, undefined);
  told('handoff_slow', 900, '57014');
  const shown = await points(recording);
  expect(shown).toMatchObject({ 'handoff.statements.slow handoff_slow': 2 });
  expect(shown).not.toHaveProperty('handoff.statements.slow handoff_quick');
});

it('counts rows that were written, and those that were not, both from zero', async () => {
  const { log, meter } = recording;
  const clock = new FakeClock();
  const recorder = new Recorder(() => clock.monotonicMs());
  let isAway = false;
  const measurements = new Measurements({
    recorder,
    database: { query: () => (isAway ? Promise.reject(new Error('away')) : Promise.resolve([])) },
    clock,
    log,
    meter,
    loadSketches,
  });
  expect(await points(recording)).toMatchObject({ 'handoff.measurements.written': 0, 'handoff.measurements.dropped': 0 });
  const sample = { memory: {}, cpu: {}, database: {}, redis: {}, cache: {}, sessions: {}, disk: {}, eventLoop: {} } as unknown as Omit<
    SystemMetrics,
    'ageMs'
  >;
  const write = async (): Promise<void> => {
    recorder.record({ subject: 'operation', name: 'work', durationMs: 1, errorType: undefined });
    const interval = await measurements.end();
    if (interval !== undefined) await measurements.write(interval, sample);
  };
  await write();
  expect(await points(recording)).toMatchObject({ 'handoff.measurements.written': 1 });
  isAway = true;
  await write();
  expect(await points(recording)).toMatchObject({ 'handoff.measurements.written': 1 });
});
