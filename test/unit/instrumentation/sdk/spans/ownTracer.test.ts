import { ROOT_CONTEXT, SpanKind, SpanStatusCode, TraceFlags, context, diag, trace } from '@opentelemetry/api';
import type { Context, Span, Tracer } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import * as core from '@opentelemetry/core';
import { emptyResource } from '@opentelemetry/resources';
import * as sdkTrace from '@opentelemetry/sdk-trace';
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { createOwnTracer } from '../../../../../src/instrumentation/sdk/spans/ownTracer.js';

const LIMITS = {
  attributeCountLimit: 5,
  attributeValueLengthLimit: 8,
  eventCountLimit: 2,
  linkCountLimit: 2,
  attributePerEventCountLimit: 2,
  attributePerLinkCountLimit: 1,
};
const REMOTE = { traceId: '0af7651916cd43dd8448eb211c80319c', spanId: 'b7ad6b7169203331', traceFlags: TraceFlags.SAMPLED, isRemote: true };
const PARENT = trace.setSpanContext(ROOT_CONTEXT, { ...REMOTE, traceState: core.TraceState.prototype });

type Sampler = sdkTrace.Sampler;

/** What processors were told, in order. */
class Witness implements sdkTrace.SpanProcessor {
  readonly seen: unknown[] = [];

  onStart(span: sdkTrace.Span, from: Context): void {
    this.seen.push(['start', span.name, { ...span.attributes }, trace.getSpanContext(from)]);
  }

  onEnding(span: sdkTrace.Span): void {
    span.setAttribute('added.while', 'ending');
    this.seen.push(['ending', span.ended]);
  }

  onEnd(span: sdkTrace.ReadableSpan): void {
    const { traceId, spanId, ...rest } = span.spanContext();
    const { name, kind, attributes, links, events, status, ended, parentSpanContext, resource, startTime, endTime, duration } = span;
    const { droppedAttributesCount, droppedEventsCount, droppedLinksCount, instrumentationScope } = span;
    expect([traceId, spanId]).toEqual([expect.stringMatching(/^[0-9a-f]{32}$/), expect.stringMatching(/^[0-9a-f]{16}$/)]);
    this.seen.push({ rest, name, kind, attributes, links, status, ended, parentSpanContext, resource, startTime, endTime, duration });
    this.seen.push({ droppedAttributesCount, droppedEventsCount, droppedLinksCount, instrumentationScope, events });
  }

  async forceFlush(): Promise<void> {}

  async shutdown(): Promise<void> {}
}

/** Does the same with a tracer of the SDK and with ours; returns what the processors of each saw. */
function both(work: (tracer: Tracer) => void, sampler: Sampler = new sdkTrace.AlwaysOnSampler()): { sdk: unknown[]; own: unknown[] } {
  vi.useFakeTimers({ now: 1_700_000_000_000, toFake: ['Date', 'performance'] });
  onTestFinished(() => void vi.useRealTimers());
  const witnesses = { sdk: new Witness(), own: new Witness() };
  const resource = emptyResource();
  const scope = { name: 'compared', version: '1', schemaUrl: undefined };
  const provider = new sdkTrace.TracerProvider({ resource, sampler, spanLimits: LIMITS, spanProcessors: [witnesses.sdk] });
  work(provider.getTracer(scope.name, scope.version));
  vi.setSystemTime(1_700_000_000_000);
  const ids = new sdkTrace.RandomIdGenerator();
  const sdk = { core, trace: sdkTrace };
  work(createOwnTracer({ sdk, sampler, ids, limits: LIMITS, processors: [witnesses.own], resource, scope } as never));
  return { sdk: witnesses.sdk.seen, own: witnesses.own.seen };
}

const SCENARIOS: Readonly<Record<string, (tracer: Tracer) => void>> = {
  'a span and nothing else': (tracer) => tracer.startSpan('bare').end(),
  'a kind, attributes and times': (tracer) =>
    tracer.startSpan('given', { kind: SpanKind.CLIENT, attributes: { a: 'x', b: 1, c: true }, startTime: [10, 20] }).end([12, 10]),
  'times of every form': (tracer) => {
    const span = tracer.startSpan('times', { startTime: new Date(1_600_000_000_123) });
    span.addEvent('a', 1_600_000_000_200.5).addEvent('b', [1_600_000_001, 5]);
    span.end(1_600_000_002_000);
    tracer.startSpan('number', { startTime: 1_600_000_000_123 }).end();
  },
  'an end before the start': (tracer) => tracer.startSpan('backwards', { startTime: [10, 0] }).end([9, 0]),
  'a remote parent with a state': (tracer) => tracer.startSpan('child', {}, PARENT).end(),
  'a root despite a parent': (tracer) => tracer.startSpan('root', { root: true }, PARENT).end(),
  'an invalid parent': (tracer) => {
    tracer.startSpan('orphan', {}, trace.setSpanContext(ROOT_CONTEXT, { ...REMOTE, traceId: 'no id' })).end();
  },
  'values of every kind, good and bad': (tracer) => {
    const values = {
      list: ['a', 'b'],
      mixed: ['a', 1],
      nested: { a: { b: 1 } },
      nothing: undefined,
      empty: null,
      date: new Date(0),
      fn: () => 1,
    };
    for (const [key, value] of Object.entries(values)) {
      const span = tracer.startSpan('values', { attributes: { [key]: value, '': 'no name' } });
      span.setAttribute(`${key}.later`, value).end();
    }
  },
  'an object that refers to itself': (tracer) => {
    const cycle: Record<string, unknown> = {};
    cycle['self'] = cycle;
    tracer.startSpan('cycle', { attributes: { cycle } }).end();
  },
  'more and longer attributes than allowed': (tracer) => {
    const span = tracer.startSpan('many', { attributes: { a: 'longer than eight', b: 2, c: ['longer than eight'], d: 4 } });
    span.setAttributes({ e: 5, f: 6, g: 7 }).setAttribute('a', 'changed').end();
  },
  'more attributes at the start than allowed': (tracer) => {
    tracer.startSpan('many', { attributes: { a: 1, b: 2, c: 3, d: 4, e: 5, f: 6, g: 7 } }).end();
  },
  'more links and events than allowed': (tracer) => {
    const link = (spanId: string): { context: typeof REMOTE; attributes: Record<string, number> } => ({
      context: { ...REMOTE, spanId },
      attributes: { a: 1, b: 2 },
    });
    const span = tracer.startSpan('links', { links: [link('1'), link('2'), link('3')] });
    span.addLink(link('4')).addLinks([{ context: REMOTE }]);
    span.addEvent('first').addEvent('second', { a: 1, b: 2, c: 3 }).addEvent('third', { text: 'longer than eight' }).end();
  },
  'a status and its message': (tracer) => {
    tracer.startSpan('failed').setStatus({ code: SpanStatusCode.ERROR, message: 'why' }).end();
    tracer.startSpan('fine').setStatus({ code: SpanStatusCode.OK, message: 'ignored' }).setStatus({ code: SpanStatusCode.ERROR }).end();
    tracer.startSpan('unset').setStatus({ code: SpanStatusCode.ERROR }).setStatus({ code: SpanStatusCode.UNSET }).end();
  },
  exceptions: (tracer) => {
    for (const exception of ['text', { code: 42, message: 'm' }, { code: 0, name: 'N' }, { name: 'N', stack: 's' }, {}, '', undefined, 7]) {
      const span = tracer.startSpan('thrown', { startTime: [1, 0] });
      span.recordException(exception as Error, [2, 0]);
      span.end([3, 0]);
    }
  },
  'what is done after the end': (tracer) => {
    const span = tracer.startSpan('over', { startTime: [1, 0] });
    span.end([2, 0]);
    span.setAttribute('a', 1).setAttributes({ b: 1 }).addEvent('e').addLink({ context: REMOTE }).setStatus({ code: SpanStatusCode.ERROR });
    span.updateName('other').end([5, 0]);
    expect([span.isRecording(), (span as sdkTrace.Span & Span).name]).toEqual([false, 'over']);
  },
  'a name that changes': (tracer) => tracer.startSpan('before').updateName('after').end(),
  'suppressed tracing': (tracer) => {
    const span = tracer.startSpan('unseen', {}, core.suppressTracing(ROOT_CONTEXT));
    expect([span.isRecording(), span.spanContext().traceId]).toEqual([false, '0'.repeat(32)]);
  },
  'the three forms of startActiveSpan': (tracer) => {
    const active = (span: Span): string => {
      expect(trace.getActiveSpan()).toBe(span);
      span.end();
      return 'result';
    };
    expect(tracer.startActiveSpan('one', active)).toBe('result');
    expect(tracer.startActiveSpan('two', { kind: SpanKind.SERVER }, active)).toBe('result');
    expect(tracer.startActiveSpan('three', {}, PARENT, active)).toBe('result');
  },
};

describe('a span of ours', () => {
  beforeAll(() => void context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable()));
  afterAll(() => context.disable());

  it.each(Object.entries(SCENARIOS))('is what the SDK makes of it: %s', (name, work) => {
    const { sdk, own } = both(work);
    expect(own).toEqual(sdk);
    expect(own.length > 0).toBe(name !== 'suppressed tracing');
  });

  it('ends as much later as the monotonic clock has moved', () => {
    const { sdk, own } = both((tracer) => {
      const span = tracer.startSpan('timed');
      vi.advanceTimersByTime(1234);
      span.addEvent('then');
      vi.advanceTimersByTime(1);
      span.end();
    });
    expect(own).toEqual(sdk);
    expect(own).toContainEqual(expect.objectContaining({ duration: [1, 235_000_000] }));
  });

  it('obeys samplers, which may add attributes and a state', () => {
    const decisions = [
      { decision: sdkTrace.SamplingDecision.NOT_RECORD },
      { decision: sdkTrace.SamplingDecision.RECORD },
      { decision: sdkTrace.SamplingDecision.RECORD_AND_SAMPLED, attributes: { sampled: 'why' }, traceState: core.TraceState.prototype },
    ];
    for (const result of decisions) {
      const asked: unknown[] = [];
      const shouldSample: Sampler['shouldSample'] = (_context, _traceId, ...rest) => {
        asked.push(structuredClone(rest));
        return result;
      };
      const { sdk, own } = both(
        (tracer) => {
          const span = tracer.startSpan('asked', { kind: SpanKind.SERVER, attributes: { a: 'x' }, links: [{ context: REMOTE }] }, PARENT);
          expect(span.isRecording()).toBe(result.decision !== sdkTrace.SamplingDecision.NOT_RECORD);
          expect(span.spanContext().traceFlags).toBe(result.decision === sdkTrace.SamplingDecision.RECORD_AND_SAMPLED ? 1 : 0);
          span.end();
        },
        { shouldSample, toString: () => 'asked' },
      );
      expect(own).toEqual(sdk);
      expect(asked[1]).toEqual(asked[0]);
    }
  });

  it.each([
    ['a Proxy', (span: Span) => new Proxy(span, {})],
    ['an object derived from it', (span: Span) => Object.create(span) as Span],
  ])('works through %s, as handlers may decorate the active span', (_what, decorate) => {
    const { sdk, own } = both((tracer) => {
      const decorated = decorate(tracer.startSpan('decorated'));
      decorated.setAttribute('a', 1).addEvent('then').addLink({ context: REMOTE }).updateName('renamed');
      decorated.setStatus({ code: SpanStatusCode.OK }).recordException(new Error('e'));
      expect([decorated.isRecording(), decorated.spanContext().traceFlags]).toEqual([true, 1]);
      decorated.end();
    });
    expect(own).toEqual(sdk);
  });

  it('says that it was changed after its end', () => {
    const warn = vi.fn();
    const nothing = (): void => undefined;
    diag.setLogger({ warn, error: nothing, info: nothing, debug: nothing, verbose: nothing });
    onTestFinished(() => void diag.disable());
    const { own } = both((tracer) => {
      const span = tracer.startSpan('over');
      span.end();
      span.setAttribute('a', 1);
    });
    expect(own).not.toHaveLength(0);
    expect(warn.mock.calls.flat()).toContainEqual(expect.stringContaining('The span over has ended'));
  });
});
