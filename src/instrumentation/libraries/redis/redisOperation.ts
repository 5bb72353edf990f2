import { SpanStatusCode } from '@opentelemetry/api';
import type { Attributes, Span } from '@opentelemetry/api';
import { redisErrorType } from '../../../telemetry/guard/redisErrorType.js';
import type { RecordSpanPoint } from '../../../telemetry/instruments.js';
import * as semconv from '../../../telemetry/semconv.js';
import type { Clock } from '../../../time/clock.js';

/** Where a connection leads. */
export interface RedisPlace {
  readonly serverAddress?: unknown;
  readonly serverPort?: unknown;
}

export interface RedisOperationParts {
  /** The metric's labels for a command that succeeds. */
  readonly labels: Attributes;
  readonly span: Span | undefined;
  readonly startMs: number;
  readonly clock: Clock;
  readonly record: RecordSpanPoint;
}

/** How often a client may retry one command before it gives up; a Cluster stops at 16 by default. */
const MAX_COUNTED_RETRIES = 1000;

/** One command, from the call to the reply that its caller gets, however often it is sent. Only the first end counts. */
export class RedisOperation {
  readonly #parts: RedisOperationParts;
  #retries = 0;
  #reasons: readonly string[] = [];
  #isOver = false;

  constructor(parts: RedisOperationParts) {
    this.#parts = parts;
  }

  get isOver(): boolean {
    return this.#isOver;
  }

  /** The command is sent on the connection to `place`. */
  sentTo({ serverAddress, serverPort }: RedisPlace): void {
    const { span } = this.#parts;
    if (span === undefined || this.#isOver) return;
    if (typeof serverAddress === 'string') span.setAttribute(semconv.ATTR_SERVER_ADDRESS, serverAddress);
    if (typeof serverPort === 'number') span.setAttribute(semconv.ATTR_SERVER_PORT, serverPort);
  }

  /** The client does not pass this failure to the caller: it sends the command again. */
  retriedAfter(error: unknown): void {
    if (this.#parts.span === undefined || this.#isOver || this.#retries >= MAX_COUNTED_RETRIES) return;
    this.#retries += 1;
    // All commands of a pipeline are sent again, including those that succeeded.
    if (error === undefined) return;
    const reason = redisErrorType(error);
    if (!this.#reasons.includes(reason)) this.#reasons = [...this.#reasons, reason];
  }

  /** Ends it without recording a metric, for commands that nobody asked for. */
  drop(): void {
    this.#isOver = true;
  }

  end(error?: unknown): void {
    if (this.#isOver) return;
    this.#isOver = true;
    try {
      this.#report(error);
    } catch {
      // Another vendor's SDK may throw. This runs before the host gets its reply, which must always arrive.
    }
  }

  #report(error: unknown): void {
    const { labels, span, startMs, clock, record } = this.#parts;
    const type = error === undefined ? undefined : redisErrorType(error);
    record((clock.monotonicMs() - startMs) / 1000, type === undefined ? labels : { ...labels, [semconv.ATTR_ERROR_TYPE]: type }, span);
    if (span === undefined) return;
    if (this.#retries > 0) {
      span.setAttribute(semconv.ATTR_HANDOFF_REDIS_RETRY_COUNT, this.#retries);
      span.setAttribute(semconv.ATTR_HANDOFF_REDIS_RETRY_REASONS, [...this.#reasons]);
    }
    if (type !== undefined) {
      span.setAttribute(semconv.ATTR_ERROR_TYPE, type);
      span.setStatus({ code: SpanStatusCode.ERROR });
    }
    span.end();
  }
}
