import { ROOT_CONTEXT, SeverityNumber, TraceFlags, context, trace } from '@opentelemetry/api';
import type { LogRecord, Logger } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import * as core from '@opentelemetry/core';
import { emptyResource } from '@opentelemetry/resources';
import { LoggerProvider } from '@opentelemetry/sdk-logs';
import type { LogRecordProcessor, ReadableLogRecord } from '@opentelemetry/sdk-logs';
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { createOwnLogger } from '../../../../../src/instrumentation/sdk/records/ownLogger.js';

const LIMITS = { attributeCountLimit: 3, attributeValueLengthLimit: 8 };
const SPAN = { traceId: '0af7651916cd43dd8448eb211c80319c', spanId: 'b7ad6b7169203331', traceFlags: TraceFlags.SAMPLED };
const IN_SPAN = trace.setSpanContext(ROOT_CONTEXT, SPAN);

class Witness implements LogRecordProcessor {
  readonly seen: unknown[] = [];

  onEmit(record: ReadableLogRecord): void {
    const { hrTime, hrTimeObserved, spanContext, severityText, severityNumber, body, eventName, attributes } = record;
    const { resource, instrumentationScope, droppedAttributesCount } = record;
    this.seen.push({ hrTime, hrTimeObserved, spanContext, severityText, severityNumber, body, eventName, attributes });
    this.seen.push({ resource, instrumentationScope, droppedAttributesCount });
  }

  async forceFlush(): Promise<void> {}

  async shutdown(): Promise<void> {}
}

function loggers(): { provider: LoggerProvider; sdk: Witness; sdkLogger: Logger; own: Witness; ownLogger: Logger } {
  const [sdk, own] = [new Witness(), new Witness()];
  const resource = emptyResource();
  const provider = new LoggerProvider({ resource, logRecordLimits: LIMITS, processors: [sdk] });
  const sdkLogger = provider.getLogger('compared', '1');
  const scope = { name: 'compared', version: '1' };
  const ownLogger = createOwnLogger({ core, limits: LIMITS, countsRefused: false, sinks: [own], resource, scope, sdkLogger });
  return { provider, sdk, sdkLogger, own, ownLogger };
}

const RECORDS: Readonly<Record<string, LogRecord>> = {
  'nothing at all': {},
  'everything it may have': {
    severityNumber: SeverityNumber.WARN,
    severityText: 'warn',
    body: 'text',
    eventName: 'handoff.context.append',
    timestamp: [10, 20],
    observedTimestamp: new Date(5000),
    attributes: { a: 'x', b: 1, c: true },
    context: IN_SPAN,
  },
  'more and longer attributes than allowed': { attributes: { a: 'longer than eight', b: ['longer than eight'], c: 3, d: 4, e: 5 } },
  'values that are no attributes': {
    attributes: { fn: () => 1, '': 'no name', none: undefined, empty: null, nested: { a: [1, { b: 2 }] } },
  },
  'a body that is an object': { body: { a: [1, 'b'] }, timestamp: 1_700_000_000_500 },
};

describe('a log record of ours', () => {
  beforeAll(() => void context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable()));
  afterAll(() => context.disable());

  it.each(Object.entries(RECORDS))('is what the SDK makes of it: %s', (_name, record) => {
    vi.useFakeTimers({ now: 1_700_000_000_000, toFake: ['Date'] });
    onTestFinished(() => void vi.useRealTimers());
    const { sdk, sdkLogger, own, ownLogger } = loggers();
    for (const from of [ROOT_CONTEXT, IN_SPAN])
      context.with(from, () => {
        sdkLogger.emit(record);
        ownLogger.emit(record);
      });
    expect(own.seen).toHaveLength(4);
    expect(own.seen).toEqual(sdk.seen);
  });

  it('is left to the SDK when it has an exception', () => {
    const { sdk, own, ownLogger } = loggers();
    ownLogger.emit({ exception: new TypeError('why') });
    expect(own.seen).toEqual([]);
    expect(sdk.seen).toContainEqual(
      expect.objectContaining({ attributes: expect.objectContaining({ 'exception.type': 'TypeErro' }) as object }),
    );
  });

  it('is not made once the SDK has been shut down', async () => {
    const { provider, sdk, own, ownLogger } = loggers();
    await provider.shutdown();
    ownLogger.emit({ body: 'late' });
    expect([own.seen, sdk.seen, ownLogger.enabled()]).toEqual([[], [], false]);
  });
});
