import { SpanStatusCode } from '@opentelemetry/api';
import { afterEach, expect, it } from 'vitest';
import { guardedTracerProvider } from '../../../../../src/handoff/jobs/pgBoss/guardedTelemetry.js';
import { Recording } from '../../../telemetry/recording.js';

let recording: Recording | undefined;
afterEach(() => recording?.dispose());

it('keeps the texts of errors out of the status and out of exception events', () => {
  recording = new Recording();
  const span = guardedTracerProvider(recording.tracer).getTracer('pg-boss').startSpan('process swept');
  span.recordException(new RangeError('secret value'));
  span.setStatus({ code: SpanStatusCode.ERROR, message: 'secret value' });
  span.end();
  const [{ status, events, name }] = recording.spans as [(typeof recording.spans)[number]];
  expect({ name, status }).toEqual({ name: 'process swept', status: { code: SpanStatusCode.ERROR } });
  expect(events.map((event) => [event.name, event.attributes])).toEqual([['exception', { 'exception.type': 'RangeError' }]]);
  expect(JSON.stringify([status, events])).not.toContain('secret');
});
