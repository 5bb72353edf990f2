import { SpanStatusCode, createContextKey } from '@opentelemetry/api';
import type { Attributes, Span } from '@opentelemetry/api';
import { exceptionType, stackFrames } from '../../../errors/exceptionFields.js';
import { vetText } from '../../../telemetry/guard/vettedTexts.js';
import type { RecordSpanPoint } from '../../../telemetry/instruments.js';
import {
  ATTR_ERROR_TYPE,
  ATTR_EXCEPTION_MESSAGE,
  ATTR_EXCEPTION_STACKTRACE,
  ATTR_EXCEPTION_TYPE,
  ATTR_GEN_AI_CONVERSATION_ID,
  ATTR_HANDOFF_MCP_RESULT_TYPE,
  ATTR_HTTP_RESPONSE_STATUS_CODE,
  ATTR_MCP_PROTOCOL_VERSION,
  ATTR_RPC_RESPONSE_STATUS_CODE,
} from '../../../telemetry/semconv.js';
import type { Clock } from '../../../time/clock.js';
import type { Capture } from '../content/capture.js';
import { boundedCode, statusDescription } from '../message/outcome.js';
import type { Outcome } from '../message/outcome.js';
import type { Profile } from '../profiles/profile.js';
import type { RequestId } from '../shapes.js';

/** Connects the two hooks: the handler hook finds the operation it runs in under this key of the active context. */
export const OPERATION_KEY = createContextKey('handoff-otel.mcp.operation');

/** Whether a result is final or asks the caller for more input (2026-07-28). */
export type ResultType = 'complete' | 'input_required';

export interface OperationParts {
  /** `undefined` for notifications. */
  readonly id: RequestId | undefined;
  readonly method: string;
  readonly profile: Profile;
  /** Missing when the tracer failed or the span is not wanted; the metric is still recorded. */
  readonly span: Span | undefined;
  /** False when the span belongs to another instrumentation, which will end it. */
  readonly ownsSpan: boolean;
  /** The HTTP request. Its signal is created when first read, so it is read only if the response failed. */
  readonly request: { readonly signal?: AbortSignal } | undefined;
  readonly clock: Clock;
  readonly record: RecordSpanPoint;
  readonly capture: Capture | undefined;
  /** The sender, as far as known: client name and version. */
  readonly client?: Attributes | undefined;
  readonly conversation?: string | undefined;
  /** The trace context that came with the message, as it was written. */
  readonly traceparent?: string | undefined;
  /** How long ago it began, in milliseconds, when that is only known afterwards. */
  readonly waitedMs?: number;
}

/**
 * One message from its start to its end: answered, handled, cancelled, timed out, or its connection closed. It ends exactly
 * once, with whichever comes first. Later endings are ignored.
 */
export class Operation {
  readonly parts: OperationParts;
  /** Set once the response is being sent, so that a close in the meantime does not turn it into a failure. */
  answer: Outcome | undefined;
  resultType: ResultType | undefined;
  /** Whether a hooked handler has taken over and will end it; see the notification part of handlerHook. */
  handled = false;
  /** Where its connection stores it while it is open, and under which key. */
  home: { forget(operation: Operation): void } | undefined;
  key: RequestId | symbol | undefined;
  /** How long its sender waits, in milliseconds; see Sent. */
  timeoutMs: number | undefined;
  /** Boxed, because anything can be thrown, even `undefined`. */
  #thrown: { readonly value: unknown } | undefined;
  #protocolVersion: string | undefined;
  readonly #startMs: number;
  #ended = false;

  constructor(parts: OperationParts) {
    this.parts = parts;
    this.#startMs = readMs(parts.clock) - (parts.waitedMs ?? 0);
    if (parts.id !== undefined) parts.profile.active.open += 1;
  }

  get ended(): boolean {
    return this.#ended;
  }

  /** Notes what its handler threw, before the SDK turns that into a response. The innermost hook sees it first and takes precedence. */
  threw(value: unknown): void {
    this.#thrown ??= { value };
  }

  /** What is known about its sender, for log records written while it is handled. */
  get sender(): Attributes | undefined {
    const { client, conversation } = this.parts;
    return conversation === undefined ? client : { ...client, [ATTR_GEN_AI_CONVERSATION_ID]: conversation };
  }

  /** Whether the peer aborted the HTTP request. */
  get aborted(): boolean {
    return this.parts.request?.signal?.aborted === true;
  }

  get elapsedMs(): number {
    return readMs(this.parts.clock) - this.#startMs;
  }

  /** Whether its sender has waited for about as long as its timeout: its timer began before ours, and timers fire a few ms early. */
  get isOverdue(): boolean {
    return this.timeoutMs !== undefined && this.elapsedMs >= this.timeoutMs * 0.9;
  }

  /** Sets what is only known from the response: the version negotiated by `initialize`. */
  setProtocolVersion(version: string): void {
    this.#protocolVersion = version;
    this.parts.span?.setAttribute(ATTR_MCP_PROTOCOL_VERSION, version);
  }

  /** Never throws, whatever span and clock do: it is called around the host's handlers. */
  end(outcome: Outcome): void {
    if (this.#ended) return;
    this.#ended = true;
    this.home?.forget(this);
    const { span, profile, record, id } = this.parts;
    if (id !== undefined) profile.active.open -= 1;
    try {
      if (span !== undefined) this.#endSpan(span, outcome);
    } catch {
      // If the span fails, the point is still recorded.
    }
    try {
      const seconds = this.elapsedMs / 1000;
      // Without a start there is no duration, and one NaN would corrupt the sum permanently.
      if (!Number.isNaN(seconds)) record(seconds, this.#metricAttributes(outcome), span);
    } catch {
      // As above.
    }
  }

  #metricAttributes(outcome: Outcome): Attributes {
    const { metricAttributes } = this.parts.profile;
    const { errorType, statusCode } = outcome;
    // The usual case shares one object, without a copy or garbage.
    if (errorType === undefined && statusCode === undefined && this.resultType === undefined && this.#protocolVersion === undefined)
      return metricAttributes;
    const attributes = { ...metricAttributes };
    if (errorType !== undefined) attributes[ATTR_ERROR_TYPE] = errorType;
    if (statusCode !== undefined) attributes[ATTR_RPC_RESPONSE_STATUS_CODE] = boundedCode(statusCode);
    if (this.resultType !== undefined) attributes[ATTR_HANDOFF_MCP_RESULT_TYPE] = this.resultType;
    if (this.#protocolVersion !== undefined) attributes[ATTR_MCP_PROTOCOL_VERSION] = this.#protocolVersion;
    return attributes;
  }

  #endSpan(span: Span, outcome: Outcome): void {
    try {
      this.#describeEnd(span, outcome);
    } finally {
      if (this.parts.ownsSpan) span.end();
    }
  }

  #describeEnd(span: Span, outcome: Outcome): void {
    // Its owner may already have ended it.
    if (!this.parts.ownsSpan && !span.isRecording()) return;
    const { errorType, statusCode, httpStatus } = outcome;
    if (statusCode !== undefined) span.setAttribute(ATTR_RPC_RESPONSE_STATUS_CODE, String(statusCode));
    if (httpStatus !== undefined) span.setAttribute(ATTR_HTTP_RESPONSE_STATUS_CODE, httpStatus);
    if (this.resultType !== undefined) span.setAttribute(ATTR_HANDOFF_MCP_RESULT_TYPE, this.resultType);
    if (errorType !== undefined) {
      span.setAttribute(ATTR_ERROR_TYPE, errorType);
      const message = this.#captured(outcome.message) ?? statusDescription(outcome);
      // Our texts are a fixed vocabulary, so the guard need not replace them.
      if (message !== undefined) vetText(span, message);
      span.setStatus({ code: SpanStatusCode.ERROR, ...(message === undefined ? {} : { message }) });
      if (this.#thrown !== undefined) this.#addException(span, this.#thrown.value);
    }
  }

  /** `span.recordException` is not used: it would expose the message, and stacks begin with the message too. */
  #addException(span: Span, thrown: unknown): void {
    const frames = stackFrames(thrown);
    const message = thrown instanceof Error ? this.#captured(thrown.message) : undefined;
    span.addEvent('exception', {
      [ATTR_EXCEPTION_TYPE]: exceptionType(thrown),
      ...(message === undefined ? {} : { [ATTR_EXCEPTION_MESSAGE]: message }),
      ...(frames === undefined ? {} : { [ATTR_EXCEPTION_STACKTRACE]: frames }),
    });
  }

  #captured(message: string | undefined): string | undefined {
    const { capture, span } = this.parts;
    const text = message === undefined ? undefined : capture?.errorMessage(message);
    if (text !== undefined && span !== undefined) vetText(span, text);
    return text;
  }
}

/** Returns `NaN` if the clock fails: the span has already started and must end. */
function readMs(clock: Clock): number {
  try {
    return clock.monotonicMs();
  } catch {
    return Number.NaN;
  }
}
