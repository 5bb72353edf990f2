import { SpanStatusCode, createContextKey } from '@opentelemetry/api';
import type { Attributes, Span } from '@opentelemetry/api';
import { exceptionType, stackFrames } from '../errors/exceptionFields.js';
import type { RecordPoint } from '../telemetry/instruments.js';
import {
  ATTR_ERROR_TYPE,
  ATTR_EXCEPTION_STACKTRACE,
  ATTR_EXCEPTION_TYPE,
  ATTR_MCP_PROTOCOL_VERSION,
  ATTR_RPC_RESPONSE_STATUS_CODE,
} from '../telemetry/semconv.js';
import type { Clock } from '../time/clock.js';
import { boundedCode, statusDescription } from './outcome.js';
import type { Outcome } from './outcome.js';
import type { RequestId } from './shapes.js';

/** Joins the two hooks: the handler hook finds the operation it runs in by this key of the active context. */
export const OPERATION_KEY = createContextKey('handoff-otel.mcp.operation');

export interface OperationParts {
  readonly id: RequestId;
  readonly method: string;
  /** Missing when the tracer failed; the metric is recorded all the same. */
  readonly span: Span | undefined;
  readonly metricAttributes: Attributes;
  readonly signal: AbortSignal | undefined;
  readonly clock: Clock;
  readonly record: RecordPoint;
}

/**
 * One request from its arrival to its answer. Ends exactly once, whatever comes first: the answer was sent, the peer
 * cancelled, the connection closed. Later endings are ignored.
 */
export class Operation {
  readonly id: RequestId;
  /** As the peer wrote it; telemetry has the bounded form in its attributes. */
  readonly method: string;
  /** Set when the answer is being sent, so that a close in the meantime does not turn it into a failure. */
  answer: Outcome | undefined;
  /** What the handler threw, seen before the SDK turned it into a response. */
  thrown: unknown;
  /** Under which its connection keeps it while it is open. */
  key: RequestId | symbol;
  readonly #parts: OperationParts;
  readonly #startMs: number;
  #ended = false;

  constructor(parts: OperationParts) {
    this.id = parts.id;
    this.method = parts.method;
    this.key = parts.id;
    this.#parts = parts;
    this.#startMs = parts.clock.monotonicMs();
  }

  /** Whether the peer gave the HTTP request up. */
  get aborted(): boolean {
    return this.#parts.signal?.aborted === true;
  }

  /** For what only the response tells: the version negotiated by `initialize`. */
  setProtocolVersion(version: string): void {
    this.#parts.metricAttributes[ATTR_MCP_PROTOCOL_VERSION] = version;
    this.#parts.span?.setAttribute(ATTR_MCP_PROTOCOL_VERSION, version);
  }

  end(outcome: Outcome): void {
    if (this.#ended) return;
    this.#ended = true;
    const durationMs = this.#parts.clock.monotonicMs() - this.#startMs;
    const { span, metricAttributes, record } = this.#parts;
    if (outcome.errorType !== undefined) metricAttributes[ATTR_ERROR_TYPE] = outcome.errorType;
    if (outcome.statusCode !== undefined) metricAttributes[ATTR_RPC_RESPONSE_STATUS_CODE] = boundedCode(outcome.statusCode);
    try {
      if (span !== undefined) endSpan(span, outcome, this.thrown);
    } finally {
      record(durationMs / 1000, metricAttributes);
    }
  }
}

function endSpan(span: Span, outcome: Outcome, thrown: unknown): void {
  if (outcome.statusCode !== undefined) span.setAttribute(ATTR_RPC_RESPONSE_STATUS_CODE, String(outcome.statusCode));
  if (outcome.errorType !== undefined) {
    span.setAttribute(ATTR_ERROR_TYPE, outcome.errorType);
    const message = statusDescription(outcome);
    span.setStatus({ code: SpanStatusCode.ERROR, ...(message === undefined ? {} : { message }) });
    if (thrown !== undefined) addException(span, thrown);
  }
  span.end();
}

/** Not `span.recordException`: it would put the message out, and stacks begin with the message too. */
function addException(span: Span, thrown: unknown): void {
  const frames = stackFrames(thrown);
  span.addEvent('exception', {
    [ATTR_EXCEPTION_TYPE]: exceptionType(thrown),
    ...(frames === undefined ? {} : { [ATTR_EXCEPTION_STACKTRACE]: frames }),
  });
}
