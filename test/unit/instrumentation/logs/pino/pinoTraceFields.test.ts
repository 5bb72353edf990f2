import { TraceFlags, context, trace } from '@opentelemetry/api';
import type { SpanContext } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { pino } from 'pino';
import type { Logger, LoggerOptions } from 'pino';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { subscribePino } from '../../../../../src/instrumentation/logs/pino/pinoChannel.js';
import type { PinoSubscription } from '../../../../../src/instrumentation/logs/pino/pinoChannel.js';
import { MemoryDestination } from '../../../logging/memoryDestination.js';

const TRACE_ID = '0af7651916cd43dd8448eb211c80319';
const span = (digit: number): SpanContext => ({
  traceId: `${TRACE_ID}${digit}`,
  spanId: `b7ad6b716920333${digit}`,
  traceFlags: TraceFlags.SAMPLED,
});
const FIELDS = { trace_id: span(1).traceId, span_id: span(1).spanId, trace_flags: '01' };

let destination: MemoryDestination;
let subscription: PinoSubscription;
beforeEach(() => {
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  destination = new MemoryDestination();
  subscription = subscribePino();
});
afterEach(() => {
  subscription.disable();
  context.disable();
});

const logger = (options: LoggerOptions): Logger => pino(options, destination);
const inSpan = <T>(work: () => T, digit = 1): T => context.with(trace.setSpanContext(context.active(), span(digit)), work);
const counts = (): (number | undefined)[] => destination.texts.map((text) => text.match(/"trace_id"/g)?.length);
type Fields = Record<string, unknown>;
/** What many guides advise to do. */
const withIds = (fields: Fields): Fields => {
  const active = trace.getSpanContext(context.active());
  return active === undefined ? fields : { ...fields, trace_id: active.traceId, span_id: active.spanId };
};

describe('trace fields of a logger with formatters.log', () => {
  it('are put once where it adds them itself, also on lines of children and of errors', () => {
    const log = logger({ formatters: { log: withIds } });
    inSpan(() => {
      log.info({ a: 1 }, 'one');
      log.child({ b: 1 }).info('two');
      log.error(new Error('three'));
    });
    log.info('out');
    expect(counts()).toEqual([1, 1, 1, undefined]);
    expect(destination.lines[0]).toMatchObject({ a: 1, trace_id: FIELDS.trace_id, span_id: FIELDS.span_id });
  });

  it('are added where it adds none, whatever it returns, and through a Proxy', () => {
    for (const log of [(fields: Fields) => ({ ...fields, n: 1 }), () => undefined]) {
      const made = logger({ formatters: { log: log as (fields: Fields) => Fields }, redact: ['*.secret'] });
      inSpan(() => made.info({ a: { secret: 's' } }, 'in'));
      made.info('out');
      inSpan(() => new Proxy(made, {}).info('behind a Proxy'));
    }
    expect(counts()).toEqual([1, undefined, 1, 1, undefined, 1]);
    expect(destination.lines[0]).toMatchObject({ a: { secret: '[Redacted]' }, n: 1, ...FIELDS });
    expect(destination.lines[3]).toMatchObject(FIELDS);
  });

  it('are those of each line where lines nest, and stay nowhere: not when it throws, nor on loggers that are made meanwhile', () => {
    const made: Logger[] = [];
    const log: Logger = logger({
      formatters: {
        log: (fields) => {
          if ('broken' in fields) throw new Error('formatter');
          return fields;
        },
      },
      serializers: {
        nested: (value: string) => {
          inSpan(() => log.info('inner'), 2);
          made.push(log.child({ meanwhile: true }));
          return value;
        },
      },
    });
    inSpan(() => {
      log.info({ nested: 'n' }, 'outer');
      expect(() => log.info({ broken: true })).toThrow('formatter');
    });
    log.info('out');
    made[0]?.info('out');
    inSpan(() => made[0]?.info('in'), 3);
    const ids = destination.lines.map(({ trace_id: id }) => id);
    expect(ids).toEqual([span(2).traceId, span(1).traceId, undefined, undefined, span(3).traceId]);
    expect(counts()).toEqual([1, 1, undefined, undefined, 1]);
  });
});

describe('trace fields', () => {
  it('are added where the host has a field of that name of which nothing becomes part of the line', () => {
    inSpan(() => logger({ mixin: () => ({ trace_id: undefined }) }).info('a mixin without a span of its own'));
    inSpan(() => logger({ nestedKey: 'payload' }).info({ trace_id: 'theirs' }, 'below another key'));
    expect(destination.lines[0]).toMatchObject(FIELDS);
    expect(destination.lines[1]).toMatchObject({ ...FIELDS, payload: { trace_id: 'theirs' } });
  });

  it.each([
    ['formatters.log', { formatters: { log: (fields: Fields) => fields } }],
    ['none', {}],
  ])('stay nowhere when the subscription ends while a line is being written, with %s', (_what, options) => {
    const serializers = {
      last: (value: string) => {
        subscription.disable();
        return value;
      },
    };
    const log = logger({ ...options, serializers });
    inSpan(() => log.info({ last: 'one' }));
    log.info('out');
    expect(destination.last).not.toHaveProperty('trace_id');
  });
});
