import { subscribe, tracingChannel, unsubscribe } from 'node:diagnostics_channel';
import { SpanKind, SpanStatusCode, context, trace } from '@opentelemetry/api';
import type { Attributes, Meter, Span, Tracer } from '@opentelemetry/api';
import { metrics } from '../../telemetry/catalogue.js';
import { redisErrorType, redisText, redisVerb } from '../../telemetry/guard/redisCommand.js';
import { createInstrument } from '../../telemetry/instruments.js';
import * as semconv from '../../telemetry/semconv.js';
import type { Clock } from '../../time/clock.js';

export interface RedisChannelDependencies {
  readonly tracer: Tracer;
  readonly meter: Meter;
  readonly clock: Clock;
}

interface RunningCommand {
  readonly attributes: Attributes;
  readonly span: Span | undefined;
  readonly startMs: number;
}

/** The database conventions' buckets, as instrumentation-pg has them. */
const BUCKETS_S = [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10];

/** One object serves a command from start to end, so it can be the key. */
type Message = object;

/**
 * Spans and `db.client.operation.duration` for ioredis 5.11 and later, from its own diagnostics channel: works for
 * clients made before the call, needs no patch, and measures the reply rather than the write.
 *
 * A command outside any span is measured but makes no span: background polling would fill the trace store with
 * single-span traces. The same goes for commands given before the first connection is up: ioredis sends them later,
 * from outside the span that asked. Keys, members and values never show.
 */
export function subscribeRedis({ tracer, meter, clock }: RedisChannelDependencies): { disable(): void } {
  const recordDuration = createInstrument(meter, { ...metrics.dbOperationDuration, buckets: BUCKETS_S });
  const running = new WeakMap<Message, RunningCommand>();

  const start = (message: unknown): void => {
    if (!isObject(message)) return;
    const attributes = attributesOf(message);
    running.set(message, { attributes, span: startSpan(tracer, attributes, message), startMs: clock.monotonicMs() });
  };
  const end = (message: unknown): void => {
    if (!isObject(message)) return;
    const command = running.get(message);
    if (command === undefined) return;
    running.delete(message);
    const { attributes, span, startMs } = command;
    const error = property(message, 'error');
    if (error !== undefined) attributes[semconv.ATTR_ERROR_TYPE] = redisErrorType(error);
    recordDuration((clock.monotonicMs() - startMs) / 1000, attributes);
    if (span !== undefined) endSpan(span, attributes, error !== undefined);
  };

  const channel = tracingChannel('ioredis:command');
  const handlers = [[channel.start, quietly(start)], [channel.asyncEnd, quietly(end)]] as const;
  for (const [{ name }, handler] of handlers) subscribe(name, handler);
  return {
    disable: () => {
      for (const [{ name }, handler] of handlers) unsubscribe(name, handler);
    },
  };
}

function attributesOf(message: Message): Attributes {
  const database = property(message, 'database');
  return {
    [semconv.ATTR_DB_SYSTEM_NAME]: 'redis',
    [semconv.ATTR_DB_OPERATION_NAME]: redisVerb(String(property(message, 'command'))),
    ...(typeof database === 'number' ? { [semconv.ATTR_DB_NAMESPACE]: String(database) } : {}),
  };
}

function startSpan(tracer: Tracer, attributes: Attributes, message: Message): Span | undefined {
  if (trace.getSpan(context.active()) === undefined) return undefined;
  const verb = String(attributes[semconv.ATTR_DB_OPERATION_NAME]);
  const args = property(message, 'args');
  const address = property(message, 'serverAddress');
  const port = property(message, 'serverPort');
  return tracer.startSpan(verb, {
    kind: SpanKind.CLIENT,
    attributes: {
      ...attributes,
      [semconv.ATTR_DB_QUERY_TEXT]: redisText(verb, Array.isArray(args) ? args.length : 0),
      ...(typeof address === 'string' ? { [semconv.ATTR_SERVER_ADDRESS]: address } : {}),
      ...(typeof port === 'number' ? { [semconv.ATTR_SERVER_PORT]: port } : {}),
    },
  });
}

function endSpan(span: Span, attributes: Attributes, failed: boolean): void {
  if (failed) {
    const type = attributes[semconv.ATTR_ERROR_TYPE];
    if (type !== undefined) span.setAttribute(semconv.ATTR_ERROR_TYPE, type);
    span.setStatus({ code: SpanStatusCode.ERROR });
  }
  span.end();
}

/** An exception in a channel subscriber becomes an uncaught exception of the host. */
function quietly(handle: (message: unknown) => void): (message: unknown) => void {
  return (message) => {
    try {
      handle(message);
    } catch {
      // The command goes on untraced.
    }
  };
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

function property(owner: object, key: string): unknown {
  return Reflect.get(owner, key);
}
