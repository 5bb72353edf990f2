import { context, propagation, trace } from '@opentelemetry/api';
import type { Context, ContextManager, Meter, Span, Tracer } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { SimpleSpanProcessor } from '@opentelemetry/sdk-trace';
import type { SpanExporter, SpanProcessor } from '@opentelemetry/sdk-trace';
import { afterEach, describe, expect, it } from 'vitest';
import type { McpHooksDependencies } from '../../../../../src/instrumentation/mcp/instrumentation.js';
import { systemClock } from '../../../../../src/time/clock.js';
import { generations } from '../../../../unit/instrumentation/mcp/generations.js';
import type { Pair } from '../../../../unit/instrumentation/mcp/pair.js';
import { exercise } from './exercise.js';
import { Ledger } from './ledger.js';
import { escaping } from './strays.js';

function broken(): never {
  throw new Error('broken telemetry');
}

/** Every method of `target` fails, or those named. */
function breaking<T extends object>(target: T, ...names: readonly string[]): T {
  return new Proxy(target, {
    get: (inner, key) => {
      const value: unknown = Reflect.get(inner, key, inner);
      if (typeof value !== 'function') return value;
      return names.length === 0 || names.includes(String(key)) ? broken : (value.bind(inner) as unknown);
    },
  });
}

/** A tracer whose spans come out changed. */
function tracerOf(tracer: Tracer, change: (span: Span) => Span): Tracer {
  return { startSpan: (...args) => change(tracer.startSpan(...args)), startActiveSpan: broken };
}

function processor(part: Partial<SpanProcessor>): SpanProcessor {
  return {
    onStart: () => undefined,
    onEnd: () => undefined,
    forceFlush: () => Promise.resolve(),
    shutdown: () => Promise.resolve(),
    ...part,
  };
}

function contextManager(part: Partial<ContextManager>): ContextManager {
  const inner = new AsyncLocalStorageContextManager().enable();
  const own: ContextManager = {
    active: () => inner.active(),
    with: (active, work, thisArg, ...args) => inner.with(active, work, thisArg, ...args),
    bind: (active, target) => inner.bind(active, target),
    enable: () => own,
    disable: () => own,
    ...part,
  };
  return own;
}

type Fault = (ledger: Ledger) => Partial<McpHooksDependencies>;

const SPAN_METHODS = ['setAttribute', 'setAttributes', 'setStatus', 'addEvent', 'end', 'isRecording', 'spanContext'] as const;

const faults: readonly (readonly [string, Fault])[] = [
  ['a tracer that throws', ({ tracer }) => ({ tracer: breaking(tracer) })],
  ['a tracer that answers nothing', ({ tracer }) => ({ tracer: tracerOf(tracer, () => undefined as unknown as Span) })],
  ['a tracer that answers an empty object', ({ tracer }) => ({ tracer: tracerOf(tracer, () => ({}) as Span) })],
  ...SPAN_METHODS.map(
    (name) =>
      [`spans whose ${name} throws`, ({ tracer }: Ledger) => ({ tracer: tracerOf(tracer, (span) => breaking(span, name)) })] as const,
  ),
  ['spans of which everything throws', ({ tracer }) => ({ tracer: tracerOf(tracer, (span) => breaking(span)) })],
  ['a meter that throws', ({ meter }) => ({ meter: breaking(meter) })],
  ['a meter that answers nothing', () => ({ meter: new Proxy({}, { get: () => () => undefined }) as Meter })],
  [
    'a meter whose instruments throw',
    () => ({
      meter: new Proxy(
        {},
        { get: () => () => breaking({ record: () => undefined, addCallback: () => undefined, removeCallback: () => undefined }) },
      ) as Meter,
    }),
  ],
  ['propagators that throw', () => ({ propagation: breaking(propagation) })],
  ['a propagator whose fields are no list', () => ({ propagation: { ...pick(), fields: () => null as unknown as string[] } })],
  ['a propagator that reads nonsense', () => ({ propagation: { ...pick(), extract: () => undefined as unknown as Context } })],
  [
    'a propagator that writes nonsense',
    () => ({
      propagation: {
        ...pick(),
        inject: (_active, carrier) => void Object.assign(carrier as object, { traceparent: 7n, tracestate: undefined, baggage: {} }),
      },
    }),
  ],
  ['a clock that throws', () => ({ clock: breaking(systemClock) })],
  ['a clock that answers nonsense', () => ({ clock: { ...systemClock, monotonicMs: () => Number.NaN, nowMs: () => -1 } })],
];

function pick(): Pick<typeof propagation, 'extract' | 'inject' | 'fields'> {
  return {
    extract: propagation.extract.bind(propagation),
    inject: propagation.inject.bind(propagation),
    fields: () => propagation.fields(),
  };
}

const managers: readonly (readonly [string, Partial<ContextManager>])[] = [
  ['with() throws', { with: broken }],
  [
    'with() throws when the work is done',
    {
      with: (active, work, thisArg, ...args) => {
        new AsyncLocalStorageContextManager().enable().with(active, work, thisArg, ...args);
        return broken();
      },
    },
  ],
  ['active() throws', { active: broken }],
  ['active() answers nothing', { active: () => undefined as unknown as Context }],
];

const exporter = (send: SpanExporter['export']): SimpleSpanProcessor =>
  new SimpleSpanProcessor({ exporter: { export: send, shutdown: () => Promise.reject(new Error('never')) } });

const processors: readonly (readonly [string, () => { readonly before?: SpanProcessor[]; readonly after?: SpanProcessor[] }])[] = [
  ['processors whose onStart throws', () => ({ before: [processor({ onStart: broken })] })],
  ['processors whose onEnd throws', () => ({ after: [processor({ onEnd: broken })] })],
  ['exporters that throw', () => ({ after: [exporter(broken)] })],
  ['exporters that never answer', () => ({ after: [exporter(() => undefined)] })],
  ['exporters that refuse', () => ({ after: [exporter((_spans, done) => done({ code: 1, error: new Error('refused') }))] })],
];

let ledger: Ledger | undefined;
afterEach(async () => {
  await ledger?.dispose().catch(() => undefined);
  ledger = undefined;
  trace.disable();
});

async function instrumented(pair: Pair, dependencies: Partial<McpHooksDependencies>): Promise<unknown> {
  const instrumentation = ledger?.instrumentation(dependencies);
  instrumentation?.instrumentServer(pair.server);
  instrumentation?.instrumentClient(pair.client);
  const { result, escaped } = await escaping(async () => {
    const outcomes = await exercise(pair);
    instrumentation?.disable();
    return outcomes;
  });
  expect(escaped).toEqual([]);
  return result;
}

describe.each(generations)('$name with broken telemetry converses as without any', ({ make }) => {
  it.each(faults)('%s', async (_what, fault) => {
    const expected = await exercise(make());
    ledger = new Ledger();
    expect(await instrumented(make(), fault(ledger))).toEqual(expected);
  });

  it.each(processors)('%s', async (_what, makeProcessors) => {
    const expected = await exercise(make());
    ledger = new Ledger(makeProcessors());
    expect(await instrumented(make(), {})).toEqual(expected);
    expect(ledger.open).toEqual([]);
    expect(await ledger.counted()).toEqual([]);
  });

  it.each(managers)('a context manager whose %s', async (_what, part) => {
    const expected = await exercise(make());
    ledger = new Ledger();
    context.disable();
    context.setGlobalContextManager(contextManager(part));
    expect(await instrumented(make(), {})).toEqual(expected);
  });
});
