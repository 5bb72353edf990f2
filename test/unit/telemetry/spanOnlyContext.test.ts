import { ROOT_CONTEXT, createContextKey, propagation, trace } from '@opentelemetry/api';
import { expect, it } from 'vitest';
import { SpanOnlyContext } from '../../../src/telemetry/spanOnlyContext.js';

const spanContext = { traceId: 'a'.repeat(32), spanId: 'b'.repeat(16), traceFlags: 1 };

it('is to every reader the context that holds the span alone', () => {
  const span = trace.wrapSpanContext(spanContext);
  const context = new SpanOnlyContext(span);
  const key = createContextKey('another');
  expect(trace.getSpan(context)).toBe(span);
  expect(trace.getSpanContext(context)).toEqual(spanContext);
  expect([context.getValue(key), propagation.getBaggage(context)]).toEqual([undefined, undefined]);
  const more = context.setValue(key, 'value');
  expect([more.getValue(key), trace.getSpan(more)]).toEqual(['value', span]);
  expect([trace.getSpan(trace.deleteSpan(context)), trace.getSpan(ROOT_CONTEXT)]).toEqual([undefined, undefined]);
});
