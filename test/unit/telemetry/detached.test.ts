import { context, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { TracerProvider } from '@opentelemetry/sdk-trace';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { linksTo, originIn, startDetached } from '../../../src/telemetry/detached.js';

beforeEach(() => {
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
});
afterEach(() => {
  context.disable();
});

const tracer = new TracerProvider().getTracer('test');

it('starts something outside of the active span, which stays known for a link, also through several starts', () => {
  tracer.startActiveSpan('request', (span) => {
    const origins = startDetached(() => [originIn(context.active(), Date.now), startDetached(() => originIn(context.active(), Date.now))]);
    expect(origins).toEqual([
      { parent: undefined, startedIn: span.spanContext() },
      { parent: undefined, startedIn: span.spanContext() },
    ]);
    expect(linksTo(span.spanContext())).toEqual({ links: [{ context: span.spanContext() }] });
  });
  expect(startDetached(() => originIn(context.active(), Date.now))).toEqual({ parent: undefined, startedIn: undefined });
  expect(linksTo(undefined)).toEqual({});
});

it.each([
  ['runs', undefined, true],
  ['has just ended', 0, true],
  ['ended nine seconds ago', 9_000, true],
  ['ended eleven seconds ago', 11_000, false],
])('takes a span for the parent: one that %s', (_what, endedBeforeMs, isParent) => {
  const span = tracer.startSpan('request');
  const endMs = 1_700_000_000_000;
  if (endedBeforeMs !== undefined) span.end(endMs);
  const { parent, startedIn } = originIn(
    trace.setSpan(context.active(), span),
    () => Math.max(endMs, (span as unknown as { endTime: [number, number] }).endTime[0] * 1000) + (endedBeforeMs ?? 0),
  );
  expect([parent === span, startedIn]).toEqual([isParent, isParent ? undefined : span.spanContext()]);
});

it('never takes a remote span for one that has ended', () => {
  const remote = trace.wrapSpanContext({ traceId: '0af7651916cd43dd8448eb211c80319c', spanId: 'b7ad6b7169203331', traceFlags: 1 });
  expect(originIn(trace.setSpan(context.active(), remote), () => Number.MAX_SAFE_INTEGER).parent).toBe(remote);
});
