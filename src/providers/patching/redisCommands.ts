import { SpanKind, SpanStatusCode, context, trace } from '@opentelemetry/api';
import type { Attributes, Meter, Span, Tracer } from '@opentelemetry/api';
import { metrics } from '../../telemetry/catalogue.js';
import { redisErrorType, redisText, redisVerb } from '../../telemetry/guard/redisCommand.js';
import { createInstrument } from '../../telemetry/instruments.js';
import type { RecordPoint } from '../../telemetry/instruments.js';
import * as semconv from '../../telemetry/semconv.js';
import type { Clock } from '../../time/clock.js';

export interface RedisDependencies {
  readonly tracer: Tracer;
  readonly meter: Meter;
  readonly clock: Clock;
}

/** A command as ioredis publishes it; old versions have it made of their command by the patch. Read with care: it is not ours. */
export interface RedisMessage {
  readonly command?: unknown;
  readonly args?: unknown;
  readonly database?: unknown;
  readonly serverAddress?: unknown;
  readonly serverPort?: unknown;
  /** Once it has failed. */
  readonly error?: unknown;
}

interface RunningCommand {
  readonly attributes: Attributes;
  readonly span: Span | undefined;
  readonly startMs: number;
}

/** The database conventions' buckets, as instrumentation-pg has them. */
const BUCKETS_S = [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10];

/**
 * Makes a span and a point of `db.client.operation.duration` of each command, whichever way it is seen. One message object
 * serves a command from start to end.
 *
 * A command outside any span is measured but makes no span: background polling would fill the trace store with single-span
 * traces. Keys, members and values never show.
 */
export class RedisCommands {
  readonly #tracer: Tracer;
  readonly #clock: Clock;
  readonly #recordDuration: RecordPoint;
  readonly #running = new WeakMap<object, RunningCommand>();
  #spansAreOff = false;
  #wereSeen = false;

  constructor({ tracer, meter, clock }: RedisDependencies) {
    this.#tracer = tracer;
    this.#clock = clock;
    this.#recordDuration = createInstrument(meter, { ...metrics.dbOperationDuration, buckets: BUCKETS_S });
  }

  /** Whether there has been a command. */
  get wereSeen(): boolean {
    return this.#wereSeen;
  }

  start(message: RedisMessage): void {
    this.#wereSeen = true;
    const attributes = attributesOf(message);
    const span = this.#spansAreOff ? undefined : this.#startSpan(attributes, message);
    this.#running.set(message, { attributes, span, startMs: this.#clock.monotonicMs() });
  }

  end(message: RedisMessage, error: unknown = message.error): void {
    const command = this.#running.get(message);
    if (command === undefined) return;
    this.#running.delete(message);
    const { attributes, span, startMs } = command;
    if (error !== undefined) attributes[semconv.ATTR_ERROR_TYPE] = redisErrorType(error);
    this.#recordDuration((this.#clock.monotonicMs() - startMs) / 1000, attributes);
    if (span !== undefined) endSpan(span, attributes, error !== undefined);
  }

  /** Commands that start during `call` are measured only. */
  withoutSpans<T>(call: () => T): T {
    const outer = this.#spansAreOff;
    this.#spansAreOff = true;
    try {
      return call();
    } finally {
      this.#spansAreOff = outer;
    }
  }

  #startSpan(attributes: Attributes, { args, serverAddress, serverPort }: RedisMessage): Span | undefined {
    if (trace.getSpan(context.active()) === undefined) return undefined;
    const verb = String(attributes[semconv.ATTR_DB_OPERATION_NAME]);
    return this.#tracer.startSpan(verb, {
      kind: SpanKind.CLIENT,
      attributes: {
        ...attributes,
        [semconv.ATTR_DB_QUERY_TEXT]: redisText(verb, Array.isArray(args) ? args.length : 0),
        ...(typeof serverAddress === 'string' ? { [semconv.ATTR_SERVER_ADDRESS]: serverAddress } : {}),
        ...(typeof serverPort === 'number' ? { [semconv.ATTR_SERVER_PORT]: serverPort } : {}),
      },
    });
  }
}

function attributesOf({ command, database }: RedisMessage): Attributes {
  return {
    [semconv.ATTR_DB_SYSTEM_NAME]: 'redis',
    [semconv.ATTR_DB_OPERATION_NAME]: redisVerb(String(command)),
    ...(typeof database === 'number' ? { [semconv.ATTR_DB_NAMESPACE]: String(database) } : {}),
  };
}

function endSpan(span: Span, attributes: Attributes, failed: boolean): void {
  if (failed) {
    const type = attributes[semconv.ATTR_ERROR_TYPE];
    if (type !== undefined) span.setAttribute(semconv.ATTR_ERROR_TYPE, type);
    span.setStatus({ code: SpanStatusCode.ERROR });
  }
  span.end();
}
