import { logs, trace } from '@opentelemetry/api';
import { emptyResource } from '@opentelemetry/resources';
import { LoggerProvider } from '@opentelemetry/sdk-logs';
import type { LogRecordProcessor } from '@opentelemetry/sdk-logs';
import { TracerProvider } from '@opentelemetry/sdk-trace';
import type { ReadableSpan, SpanProcessor } from '@opentelemetry/sdk-trace';
import { afterEach, describe, expect, it } from 'vitest';
import { useOwnHandles } from '../../../../src/instrumentation/sdk/ownHandles.js';
import { loadSdk } from '../../../../src/instrumentation/sdk/sdkModules.js';
import { OwnSpan } from '../../../../src/instrumentation/sdk/spans/ownSpan.js';
import { resolveSettings } from '../../../../src/instrumentation/settings/resolve.js';

const OURS = 'handoff-otel';

interface Registered {
  readonly spans: readonly ReadableSpan[];
  readonly bodies: readonly unknown[];
  readonly undo: () => void;
}

/** Registers the SDK's providers, as NodeSDK does, and puts our handles before them. */
function register(env: Readonly<Record<string, string>> = {}, takesReadable = true): Registered {
  const [spans, bodies]: [ReadableSpan[], unknown[]] = [[], []];
  const nothing = { onStart: () => undefined, forceFlush: async () => undefined, shutdown: async () => undefined };
  const spanProcessor: SpanProcessor = { ...nothing, onEnd: (span) => void spans.push(span) };
  const recordProcessor: LogRecordProcessor & { takesReadable: boolean } = {
    ...nothing,
    takesReadable,
    onEmit: (record) => void bodies.push([record.constructor.name, record.body, record.instrumentationScope.name]),
  };
  const resource = emptyResource();
  trace.setGlobalTracerProvider(new TracerProvider({ resource, spanProcessors: [spanProcessor] }));
  logs.setGlobalLoggerProvider(new LoggerProvider({ resource, processors: [recordProcessor] }));
  const parts = { resource, spanProcessors: [spanProcessor], logRecordProcessors: [recordProcessor], metricReaders: [] };
  return { spans, bodies, undo: useOwnHandles({ sdk: loadSdk(), settings: resolveSettings({}, env), env, ...parts }) };
}

describe('the handles of our own scope', () => {
  afterEach(() => {
    trace.disable();
    logs.disable();
  });

  it('are ours, and those of all others the SDK’s', () => {
    const { spans, bodies } = register();
    for (const scope of [OURS, 'another']) {
      trace.getTracer(scope, '1').startSpan('made').end();
      logs.getLogger(scope, '1').emit({ body: scope });
    }
    expect(spans.map((span) => [span.instrumentationScope.name, span instanceof OwnSpan])).toEqual([
      [OURS, true],
      ['another', false],
    ]);
    expect(bodies).toEqual([
      ['Object', OURS, OURS],
      ['LogRecordImpl', 'another', 'another'],
    ]);
  });

  it('are one for each version and schema, so that a batch puts together what belongs together', () => {
    register();
    expect(trace.getTracer(OURS, '1')).toBe(trace.getTracer(OURS, '1'));
    expect(trace.getTracer(OURS, '1')).not.toBe(trace.getTracer(OURS, '2'));
    expect(logs.getLogger(OURS, '1')).toBe(logs.getLogger(OURS, '1'));
    expect(logs.getLogger(OURS, '1')).not.toBe(logs.getLogger(OURS, '1', { schemaUrl: 'https://schema.test' }));
  });

  it('are the SDK’s again once undone', () => {
    const { spans, bodies, undo } = register();
    undo();
    trace.getTracer(OURS).startSpan('made').end();
    logs.getLogger(OURS).emit({ body: 'written' });
    expect(spans.map((span) => span instanceof OwnSpan)).toEqual([false]);
    expect(bodies).toEqual([['LogRecordImpl', 'written', OURS]]);
  });

  it('are the SDK’s where it is to report metrics about itself', () => {
    const { spans } = register({ OTEL_NODE_EXPERIMENTAL_SDK_METRICS: 'true' });
    trace.getTracer(OURS).startSpan('made').end();
    expect(spans.map((span) => span instanceof OwnSpan)).toEqual([false]);
  });

  it('leave records to the SDK where something may do more with them than read', () => {
    const { bodies } = register({}, false);
    logs.getLogger(OURS).emit({ body: 'printed' });
    expect(bodies).toEqual([['LogRecordImpl', 'printed', OURS]]);
  });
});
