import { afterEach, beforeEach, expect, it } from 'vitest';
import { operationsTo } from '../../../../../src/handoff/monitoring/measurements/listeners.js';
import { Recorder } from '../../../../../src/handoff/monitoring/measurements/recorder.js';
import { performanceRows } from '../../../../../src/handoff/monitoring/measurements/rows.js';
import { loadSketches } from '../../../../../src/handoff/monitoring/measurements/sketch.js';
import { createObserve } from '../../../../../src/telemetry/observe.js';
import { systemClock } from '../../../../../src/time/clock.js';
import { Recording } from '../../../telemetry/recording.js';

let recording: Recording;
beforeEach(() => {
  recording = new Recording();
});
afterEach(() => recording.dispose());

it('the row of an operation that failed names its span, so that who reads it finds the trace', async () => {
  const recorder = new Recorder(() => 0);
  recorder.use(await loadSketches());
  const observe = createObserve({ ...recording, clock: systemClock, onOperation: operationsTo(recorder) });
  await observe('handoff.session.list', {}, (scope) => {
    scope.fail('tool_error');
    return Promise.resolve();
  });
  const [span] = recording.spans;
  const row = performanceRows(recorder.take()).find(({ metadata }) => metadata['kind'] === 'failed');
  const { traceId, spanId } = span?.spanContext() ?? {};
  expect(row?.metadata).toEqual({
    kind: 'failed',
    subject: 'operation',
    errorType: 'tool_error',
    traceparent: `00-${traceId}-${spanId}-01`,
  });
});
