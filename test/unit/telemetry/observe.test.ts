import { SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import type { Histogram as HistogramInstrument, Meter, Span, Tracer } from '@opentelemetry/api';
import type { Histogram } from '@opentelemetry/sdk-metrics';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { sessionOperations } from '../../../src/telemetry/catalogue/sessions.js';
import { createObserve } from '../../../src/telemetry/observe.js';
import type { Observe, ObserveDependencies } from '../../../src/telemetry/observe.js';
import { FakeClock } from '../../../src/testing/fakeClock.js';
import { Recording } from './recording.js';

let recording: Recording;
let clock: FakeClock;
beforeEach(() => {
  recording = new Recording();
  clock = new FakeClock();
});
afterEach(() => recording.dispose());

function observeWith(overrides: Partial<ObserveDependencies> = {}): Observe {
  return createObserve({ tracer: recording.tracer, meter: recording.meter, log: recording.log, clock, ...overrides });
}

const fail = (): never => {
  throw new Error('telemetry is broken');
};

describe('an operation that succeeds', () => {
  it('is exactly one span, one point and one info record, with the duration of the injected clock', async () => {
    const result = { rows: 1 };
    const returned = await observeWith()(
      sessionOperations.append.name,
      { 'handoff.context.type': 'message', 'handoff.session.key': 'k' },
      async (scope) => {
        await clock.advance(12.5);
        scope.add({ 'handoff.context.sequence_number': 7 });
        return result;
      },
    );
    expect(returned).toBe(result);

    const attributes = {
      'handoff.operation.name': 'handoff.context.append',
      'handoff.context.type': 'message',
      'handoff.session.key': 'k',
      'handoff.context.sequence_number': 7,
    };
    const [span, ...otherSpans] = recording.spans;
    expect(otherSpans).toEqual([]);
    expect(span).toMatchObject({
      name: 'handoff.context.append',
      kind: SpanKind.INTERNAL,
      status: { code: SpanStatusCode.UNSET },
      attributes,
      events: [],
    });
    expect(recording.records).toEqual([
      {
        level: 'info',
        message: 'handoff.context.append',
        fields: { 'event.name': 'handoff.context.append', durationMs: 12.5, success: true, ...attributes },
      },
    ]);

    const [metric, ...otherMetrics] = await recording.metrics();
    expect(otherMetrics).toEqual([]);
    expect(metric?.descriptor).toMatchObject({ name: 'handoff.operation.duration', unit: 's' });
    expect(metric?.dataPoints).toHaveLength(1);
    const [point] = metric?.dataPoints ?? [];
    // The session key and the sequence number have no bound, so no metric may carry them.
    expect(point?.attributes).toEqual({ 'handoff.operation.name': 'handoff.context.append', 'handoff.context.type': 'message' });
    expect(point?.value as Histogram).toMatchObject({ count: 1, sum: 0.0125 });
  });

  it('is the active span while it works and while its record is written, and not after', async () => {
    const seen: (string | undefined)[] = [];
    const current = (): string | undefined => trace.getActiveSpan()?.spanContext().spanId;
    const log = { ...recording.log, info: () => void seen.push(current()) };
    await observeWith({ log })(sessionOperations.list.name, {}, async () => {
      seen.push(current());
      await Promise.resolve();
      seen.push(current());
    });
    const id = recording.spans[0]?.spanContext().spanId;
    expect(seen).toEqual([id, id, id]);
    expect(current()).toBeUndefined();
  });

  it('is the child of the operation around it', async () => {
    const observe = observeWith();
    await observe(sessionOperations.handoff.name, {}, () => observe(sessionOperations.read.name, {}, async () => undefined));
    const [inner, outer] = recording.spans;
    expect(inner?.parentSpanContext?.spanId).toBe(outer?.spanContext().spanId);
  });
});

describe('an operation that reports a failure', () => {
  it('returns its result, is an error without exception, and one warning', async () => {
    const returned = await observeWith()(sessionOperations.handoff.name, {}, async (scope) => {
      scope.fail('session_not_found');
      return 'told the caller';
    });
    expect(returned).toBe('told the caller');
    expect(recording.spans).toHaveLength(1);
    expect(recording.spans[0]).toMatchObject({
      status: { code: SpanStatusCode.ERROR },
      attributes: { 'error.type': 'session_not_found' },
      events: [],
    });
    expect(recording.records.map(({ level, fields }) => [level, fields['success'], fields['error.type'], 'err' in fields])).toEqual([
      ['warn', false, 'session_not_found', false],
    ]);
    const [metric] = await recording.metrics();
    expect(metric?.dataPoints.map((point) => point.attributes)).toEqual([
      { 'handoff.operation.name': 'handoff.session.handoff', 'error.type': 'session_not_found' },
    ]);
  });
});

describe('an operation that throws', () => {
  class StorageError extends Error {
    readonly code = '23505';
  }

  it('throws the same value, is an error with the class and the frames but not the message, and one error record', async () => {
    const thrown = new StorageError('duplicate key value: (secret)');
    const call = observeWith()(sessionOperations.register.name, {}, async () => {
      throw thrown;
    });
    await expect(call).rejects.toBe(thrown);
    expect(recording.spans).toHaveLength(1);
    const [span] = recording.spans;
    expect(span).toMatchObject({ status: { code: SpanStatusCode.ERROR }, attributes: { 'error.type': '23505' } });
    expect(span?.events).toHaveLength(1);
    expect(span?.events[0]).toMatchObject({ name: 'exception', attributes: { 'exception.type': 'StorageError' } });
    expect(String(span?.events[0]?.attributes?.['exception.stacktrace'])).toMatch(/^ {4}at .*observe\.test\.ts/);
    expect(JSON.stringify([span?.attributes, span?.events, span?.status])).not.toContain('secret');
    expect(recording.records).toHaveLength(1);
    expect(recording.records[0]).toMatchObject({ level: 'error', fields: { success: false, err: thrown, 'error.type': '23505' } });
    const [metric] = await recording.metrics();
    expect(metric?.dataPoints.map((point) => point.attributes)).toEqual([
      { 'handoff.operation.name': 'handoff.session.register', 'error.type': '23505' },
    ]);
  });

  it.each([
    ['undefined', undefined],
    ['null', null],
    ['a string', 'text'],
    ['an object without prototype', Object.create(null)],
    ['an error without constructor', Object.assign(new Error('x'), { constructor: undefined })],
    ['an object whose getters throw', Object.defineProperty(new Error('x'), 'code', { get: fail })],
    ['a revoked proxy', revokedProxy()],
  ])('with %s throws just that and is still one failed span, point and record', async (_what, thrown: unknown) => {
    let caught: unknown = 'nothing';
    try {
      await observeWith()(sessionOperations.list.name, {}, async () => {
        throw thrown;
      });
    } catch (error) {
      caught = error;
    }
    expect(Object.is(caught, thrown)).toBe(true);
    expect(recording.spans.map((span) => span.status.code)).toEqual([SpanStatusCode.ERROR]);
    expect(recording.records.map((record) => record.level)).toEqual(['error']);
    const [metric] = await recording.metrics();
    expect(metric?.dataPoints.map((point) => [(point.value as Histogram).count, typeof point.attributes['error.type']])).toEqual([
      [1, 'string'],
    ]);
  });

  it('before its first await, synchronously, is treated the same', async () => {
    const thrown = new RangeError('now');
    await expect(
      observeWith()(sessionOperations.list.name, {}, () => {
        throw thrown;
      }),
    ).rejects.toBe(thrown);
    expect(recording.spans.map((span) => span.attributes['error.type'])).toEqual(['RangeError']);
  });

  it('after it reported a failure is counted under what it threw', async () => {
    const call = observeWith()(sessionOperations.list.name, {}, async (scope) => {
      scope.fail('session_not_found');
      throw new RangeError('worse');
    });
    await expect(call).rejects.toThrow('worse');
    expect(recording.spans.map((span) => span.attributes['error.type'])).toEqual(['RangeError']);
  });
});

describe('telemetry that fails', () => {
  const brokenSpan = new Proxy({} as Span, { get: () => fail });
  const broken: readonly (readonly [string, Partial<ObserveDependencies>])[] = [
    ['a tracer that cannot start a span', { tracer: { startSpan: fail, startActiveSpan: fail } }],
    ['a span whose every method throws', { tracer: { startSpan: () => brokenSpan } as unknown as Tracer }],
    ['a meter that cannot make instruments', { meter: { createHistogram: fail } as unknown as Meter }],
    ['a histogram that throws', { meter: { createHistogram: () => ({ record: fail }) as HistogramInstrument } as unknown as Meter }],
    ['a log that throws', { log: { info: fail, warn: fail, error: fail } }],
  ];

  it.each(broken)('(%s) changes neither a result nor a thrown value', async (_what, overrides) => {
    const observe = observeWith(overrides);
    expect(await observe(sessionOperations.list.name, {}, async () => 42)).toBe(42);
    const thrown = new Error('of the work');
    await expect(observe(sessionOperations.list.name, {}, () => Promise.reject(thrown))).rejects.toBe(thrown);
  });

  it.each(broken)('(%s) does not keep the other signals from being sent, and the work runs once', async (what, overrides) => {
    let runs = 0;
    await observeWith(overrides)(sessionOperations.list.name, {}, async () => void (runs += 1));
    expect(runs).toBe(1);
    if (!what.includes('span')) expect(recording.spans).toHaveLength(1);
    if (!what.includes('log')) expect(recording.records).toHaveLength(1);
    if (overrides.meter === undefined) expect((await recording.metrics())[0]?.dataPoints).toHaveLength(1);
  });
});

function revokedProxy(): object {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  return proxy;
}
