import { SpanKind, context } from '@opentelemetry/api';
import type { Attributes, Context, Meter, Span, Tracer } from '@opentelemetry/api';
import { databaseMetrics } from '../../../telemetry/catalogue/database.js';
import { originIn } from '../../../telemetry/detached.js';
import { redisText, redisVerb } from '../../../telemetry/guard/redisCommand.js';
import { createExactHistogram } from '../../../telemetry/instruments.js';
import type { RecordSpanPoint } from '../../../telemetry/instruments.js';
import * as semconv from '../../../telemetry/semconv.js';
import type { Clock } from '../../../time/clock.js';
import { RedisOperation } from './redisOperation.js';
import type { RedisPlace } from './redisOperation.js';
import { isIntroduction } from './redisOwnWork.js';

export interface RedisDependencies {
  readonly tracer: Tracer;
  readonly meter: Meter;
  readonly clock: Clock;
}

/** A command as ioredis publishes it; for patched copies it is built from their command. Read it with care: it is not ours. */
export interface RedisMessage extends RedisPlace {
  readonly command?: unknown;
  readonly args?: unknown;
  readonly database?: unknown;
  /** Present once it has failed. */
  readonly error?: unknown;
}

/**
 * Creates a span and a point of `db.client.operation.duration` for each command, however it was observed.
 *
 * A command outside any span is measured but gets no span: background polling would fill the trace store with single-span traces.
 * Keys, members and values are never recorded.
 */
export class RedisCommands {
  readonly #tracer: Tracer;
  readonly #clock: Clock;
  readonly #nowMs: () => number;
  readonly #record: RecordSpanPoint;
  readonly #published = new WeakMap<object, RedisOperation>();
  #spansAreOff = false;
  #wereSeen = false;

  constructor({ tracer, meter, clock }: RedisDependencies) {
    this.#tracer = tracer;
    this.#clock = clock;
    this.#nowMs = () => clock.nowMs();
    this.#record = createExactHistogram(meter, databaseMetrics.operationDuration);
  }

  /** Whether there has been a command. */
  get wereSeen(): boolean {
    return this.#wereSeen;
  }

  /** Handles a command from the channel. One message object serves it from start to end. */
  start(message: RedisMessage): void {
    this.#published.set(message, this.begin(message, this.#spansAreOff));
  }

  end(message: RedisMessage): void {
    const operation = this.#published.get(message);
    this.#published.delete(message);
    if (message.error !== undefined && isIntroduction(message.command, message.args)) operation?.drop();
    else operation?.end(message.error);
  }

  /** Commands that are published during `call` are only measured. */
  withoutSpans<T>(call: () => T): T {
    const outer = this.#spansAreOff;
    this.#spansAreOff = true;
    try {
      return call();
    } finally {
      this.#spansAreOff = outer;
    }
  }

  /**
   * @param isMeasuredOnly whether it gets no span
   * @param from the context it was created in
   */
  begin(message: RedisMessage, isMeasuredOnly: boolean, from: Context = context.active()): RedisOperation {
    this.#wereSeen = true;
    const labels = labelsOf(message);
    const span = isMeasuredOnly ? undefined : this.#startSpan(labels, message, from);
    return new RedisOperation({ labels, span, startMs: this.#clock.monotonicMs(), clock: this.#clock, record: this.#record });
  }

  #startSpan(labels: Attributes, { args, serverAddress, serverPort }: RedisMessage, from: Context): Span | undefined {
    if (originIn(from, this.#nowMs).parent === undefined) return undefined;
    const verb = String(labels[semconv.ATTR_DB_OPERATION_NAME]);
    const attributes: Attributes = { ...labels, [semconv.ATTR_DB_QUERY_TEXT]: redisText(verb, Array.isArray(args) ? args.length : 0) };
    if (typeof serverAddress === 'string') attributes[semconv.ATTR_SERVER_ADDRESS] = serverAddress;
    if (typeof serverPort === 'number') attributes[semconv.ATTR_SERVER_PORT] = serverPort;
    return this.#tracer.startSpan(verb, { kind: SpanKind.CLIENT, attributes }, from);
  }
}

function labelsOf({ command, database }: RedisMessage): Attributes {
  const labels: Attributes = { [semconv.ATTR_DB_SYSTEM_NAME]: 'redis', [semconv.ATTR_DB_OPERATION_NAME]: redisVerb(String(command)) };
  if (typeof database === 'number') labels[semconv.ATTR_DB_NAMESPACE] = String(database);
  return labels;
}
