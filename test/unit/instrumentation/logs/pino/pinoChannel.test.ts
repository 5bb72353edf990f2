import { SeverityNumber, TraceFlags, context, trace } from '@opentelemetry/api';
import type { Logger as OtelLogger, SpanContext } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { suppressTracing } from '@opentelemetry/core';
import { InMemoryLogRecordExporter, LoggerProvider, SimpleLogRecordProcessor } from '@opentelemetry/sdk-logs';
import type { ReadableLogRecord } from '@opentelemetry/sdk-logs';
import { pino } from 'pino';
import type { Logger, LoggerOptions } from 'pino';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createLogger } from '../../../../../src/logging/logger.js';
import { subscribePino } from '../../../../../src/instrumentation/logs/pino/pinoChannel.js';
import type { PinoChannelOptions, PinoSubscription } from '../../../../../src/instrumentation/logs/pino/pinoChannel.js';
import { MemoryDestination } from '../../../logging/memoryDestination.js';

const SPAN: SpanContext = { traceId: '0af7651916cd43dd8448eb211c80319c', spanId: 'b7ad6b7169203331', traceFlags: TraceFlags.SAMPLED };
const FIELDS = { trace_id: SPAN.traceId, span_id: SPAN.spanId, trace_flags: '01' };

let destination: MemoryDestination;
let exporter: InMemoryLogRecordExporter;
let otel: OtelLogger;
let subscriptions: PinoSubscription[];

beforeEach(() => {
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  destination = new MemoryDestination();
  exporter = new InMemoryLogRecordExporter();
  otel = new LoggerProvider({ processors: [new SimpleLogRecordProcessor({ exporter })] }).getLogger('test');
  subscriptions = [];
});
afterEach(() => {
  for (const subscription of subscriptions) subscription.disable();
  context.disable();
});

const subscribe = (options: PinoChannelOptions = {}): PinoSubscription => {
  const subscription = subscribePino(options);
  subscriptions.push(subscription);
  return subscription;
};
const logger = (options: LoggerOptions = {}): Logger => pino(options, destination);
const inSpan = (work: () => void): void => {
  context.with(trace.setSpanContext(context.active(), SPAN), work);
};
const records = (): ReadableLogRecord[] => exporter.getFinishedLogRecords();
const exported = (): ReadableLogRecord => {
  const [record, ...others] = records();
  if (record === undefined || others.length > 0) throw new Error(`expected one record, have ${records().length}`);
  return record;
};

describe('trace fields', () => {
  it('are on every line inside a span, of loggers and children made before, and nowhere else', () => {
    const log = logger();
    const child = log.child({ component: 'c' });
    subscribe();
    inSpan(() => {
      log.info('in');
      child.info('in child');
    });
    log.info('out');
    child.info('out');
    const [parentLine, childLine, ...outside] = destination.lines;
    expect(parentLine).toMatchObject({ msg: 'in', ...FIELDS });
    expect(childLine).toMatchObject({ msg: 'in child', component: 'c', ...FIELDS });
    for (const line of outside) expect(line).not.toHaveProperty('trace_id');
  });

  it('leave redaction intact and the logger as it was', () => {
    const log = logger({ redact: ['password'] });
    const before = log.bindings();
    subscribe();
    inSpan(() => {
      log.info({ password: 'secret' }, 'x');
    });
    expect(destination.last).toMatchObject({ password: '[Redacted]', ...FIELDS });
    expect(log.bindings()).toEqual(before);
  });

  it('are put once, whoever subscribes again or put them there already', () => {
    subscribe();
    expect(subscribe().active).toBe(false);
    inSpan(() => {
      logger().info('one');
      logger({ mixin: () => ({ trace_id: 'theirs' }) }).info('two');
      logger().child({ trace_id: 'theirs' }).info('three');
      logger()
        .child({ deeper: { trace_id: 'theirs' } })
        .info('four');
    });
    expect(destination.texts.map((text) => text.match(/trace_id/g)?.length)).toEqual([1, 1, 1, 2]);
    expect(destination.lines.slice(1)).toMatchObject([{ trace_id: 'theirs' }, { trace_id: 'theirs' }, FIELDS]);
  });

  it('survive a serializer that logs with the same logger, and one that throws', () => {
    const log: Logger = logger({
      serializers: {
        nested: (value: string) => {
          log.info('from the serializer');
          return value;
        },
        broken: () => {
          throw new Error('serializer');
        },
      },
    });
    subscribe();
    inSpan(() => {
      log.info({ nested: 'n' }, 'outer');
      expect(() => {
        log.info({ broken: 1 }, 'lost');
      }).toThrow('serializer');
      log.info('after');
    });
    expect(destination.texts.map((line) => line.match(/trace_id/g)?.length)).toEqual([1, 1, 1]);
    log.info('out');
    expect(destination.last).not.toHaveProperty('trace_id');
  });

  it('end with disable(), after which one may subscribe anew', () => {
    subscribe().disable();
    inSpan(() => {
      logger().info('x');
    });
    expect(destination.last).not.toHaveProperty('trace_id');
    expect(subscribe().active).toBe(true);
  });
});

describe('exported records', () => {
  it('carry body, severity, event name, attributes, bindings and the span', () => {
    subscribe({ logger: otel });
    const log = logger({ timestamp: () => ',"time":1700000000123' }).child({ component: 'storage' });
    inSpan(() => {
      log.warn({ 'event.name': 'handoff.x', n: 1, ok: true, nested: { list: [1, 'a'], at: new Date(0) }, big: 7n }, 'text %s', 'formatted');
    });
    const record = exported();
    expect(record).toMatchObject({
      body: 'text formatted',
      severityNumber: SeverityNumber.WARN,
      severityText: 'warn',
      eventName: 'handoff.x',
      hrTime: [1_700_000_000, 123_000_000],
    });
    expect(record.attributes).toEqual({
      component: 'storage',
      n: 1,
      ok: true,
      nested: { list: [1, 'a'], at: '1970-01-01T00:00:00.000Z' },
      big: '7',
    });
    expect(record.spanContext).toMatchObject({ traceId: SPAN.traceId, spanId: SPAN.spanId });
    expect(destination.lines).toHaveLength(1);
  });

  it.each([
    ['redact', { redact: ['password', 'user.email'] }],
    ['wildcard redact', { redact: ['*.email', 'password'] }],
    ['serializers', { serializers: { password: () => 'x', user: () => ({}) } }],
    ['formatters.log', { formatters: { log: ({ n }: Record<string, unknown>) => ({ n }) } }],
    ['streamWrite', { hooks: { streamWrite: (line: string) => line.replaceAll('secret', '***') } }],
  ] satisfies [string, LoggerOptions][])('never show what %s hides from the line', (_what, options) => {
    subscribe({ logger: otel });
    inSpan(() => {
      logger(options).info({ password: 'secret', user: { email: 'secret' }, n: 1 }, 'hidden');
    });
    expect(exported()).toMatchObject({ body: 'hidden', attributes: { n: 1 } });
    expect(JSON.stringify([exported().attributes, exported().body, destination.texts])).not.toContain('secret');
    expect(exported().attributes).not.toHaveProperty('trace_id');
  });

  it('tell the type and frames of errors, not their message, unless asked', () => {
    const error = Object.assign(new RangeError('secret'), { detail: 'secret detail' });
    subscribe({ logger: otel });
    for (const log of [logger(), logger({ redact: ['err.detail'] }), createLogger({ destination: new MemoryDestination() })]) {
      exporter.reset();
      log.error({ err: error }, 'failed');
      expect(exported()).toMatchObject({ body: 'failed', attributes: { 'exception.type': 'RangeError' } });
      expect(exported().attributes['exception.stacktrace']).toMatch(/^ {4}at /);
      log.error(error);
      expect(records().map((record) => record.body)).toEqual(['failed', 'RangeError']);
      expect(JSON.stringify(records().map(({ body, attributes }) => [body, attributes]))).not.toContain('secret');
    }
    exporter.reset();
    logger().error({ attempt: { inner: error } }, 'nested');
    expect(exported().attributes).toEqual({ attempt: { inner: { type: 'RangeError' } } });
  });

  it('are bounded in number, size and depth, and cycles end', () => {
    const cycle: Record<string, unknown> = { text: 'y'.repeat(10_000) };
    cycle['self'] = cycle;
    const many = Object.fromEntries(Array.from({ length: 100 }, (_, index) => [`f${index}`, index]));
    subscribe({ logger: otel });
    logger().info({ cycle, bytes: Buffer.from('abc'), ...many }, 'x'.repeat(10_000));
    const { attributes, body } = exported();
    expect(Object.keys(attributes)).toHaveLength(64);
    expect(JSON.stringify(attributes).length).toBeLessThan(30_000);
    expect(String(body).length).toBeLessThan(4100);
    expect(attributes['bytes']).toBe('[3 bytes]');
  });

  it('of custom levels have a severity', () => {
    subscribe({ logger: otel });
    const log = pino({ customLevels: { notice: 35, panic: 70 } }, destination);
    log.notice('a');
    log.panic('b');
    expect(records().map(({ severityNumber, severityText }) => [severityNumber, severityText])).toEqual([
      [SeverityNumber.WARN, 'notice'],
      [SeverityNumber.FATAL, 'panic'],
    ]);
  });

  it('are not made of lines the export itself writes, directly or with tracing suppressed', () => {
    const log = logger();
    const emitted: unknown[] = [];
    const noisy: OtelLogger = {
      emit: (record) => {
        emitted.push(record);
        log.info('from the exporter');
      },
      enabled: () => true,
    };
    subscribe({ logger: noisy });
    log.info('one');
    context.with(suppressTracing(context.active()), () => {
      log.info('from a suppressed context');
    });
    expect(emitted).toHaveLength(1);
    expect(destination.lines).toHaveLength(3);
  });

  it('that cannot be made or sent change nothing for the host', () => {
    const failing: OtelLogger = {
      emit: () => {
        throw new Error('exporter');
      },
      enabled: () => true,
    };
    subscribe({ logger: failing });
    const hostile = {
      get boom(): string {
        return destination.texts.length === 0 ? 'fine for the line' : 'x';
      },
      toJSON: undefined,
    };
    logger().info({ hostile }, 'written');
    logger().info('also written');
    expect(destination.lines.map((line) => line['msg'])).toEqual(['written', 'also written']);
  });
});
