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

/** Joins the two hooks: the handler hook finds the operation it runs in by this key of the active context. */
export const OPERATION_KEY = createContextKey('handoff-otel.mcp.operation');

/** Whether a result is the last word, or asks the caller for more (2026-07-28). */
export type ResultType = 'complete' | 'input_required';

export interface OperationParts {
  /** `undefined` for notifications. */
  readonly id: RequestId | undefined;
  readonly method: string;
  readonly profile: Profile;
  /** Missing when the tracer failed or the span was not wanted; the metric is recorded all the same. */
  readonly span: Span | undefined;
  /** False when the span belongs to another instrumentation, which will end it. */
  readonly ownsSpan: boolean;
  /** Of HTTP. Its signal is made when it is first read, so it is read only where the answer failed. */
  readonly request: { readonly signal?: AbortSignal } | undefined;
  readonly clock: Clock;
  readonly record: RecordSpanPoint;
  readonly capture: Capture | undefined;
  /** Who sent it, as far as told: client name and version. */
  readonly client?: Attributes | undefined;
  readonly conversation?: string | undefined;
  /** How long ago it began, milliseconds, when that is known only afterwards. */
  readonly waitedMs?: number;
}

/**
 * One message from its start to its end: answered, handled, cancelled, timed out, or its connection closed. Ends exactly
 * once, whatever comes first. Later endings are ignored.
 */
export class Operation {
  readonly parts: OperationParts;
  /** Set when the answer is being sent, so that a close in the meantime does not turn it into a failure. */
  answer: Outcome | undefined;
  resultType: ResultType | undefined;
  /** Whether a watched handler has taken over and will end it; see the notification part of handlerHook. */
  handled = false;
  /** Where and under which key its connection keeps it while it is open. */
  home: { forget(operation: Operation): void } | undefined;
  key: RequestId | symbol | undefined;
  /** Milliseconds its sender waits; see Sent. */
  timeoutMs: number | undefined;
  /** In a box, because anything can be thrown, `undefined` too. */
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

  /** What its handler threw, seen before the SDK turned it into a response. The innermost hook sees it first, and its view counts. */
  threw(value: unknown): void {
    this.#thrown ??= { value };
  }

  /** What is known of its sender, for log records made while it is handled. */
  get sender(): Attributes | undefined {
    const { client, conversation } = this.parts;
    return conversation === undefined ? client : { ...client, [ATTR_GEN_AI_CONVERSATION_ID]: conversation };
  }

  /** Whether the peer gave the HTTP request up. */
  get aborted(): boolean {
    return this.parts.request?.signal?.aborted === true;
  }

  get elapsedMs(): number {
    return readMs(this.parts.clock) - this.#startMs;
  }

  /** Whether its sender has waited for about as long as it said it would: its timer began before ours, and timers fire early by a few ms. */
  get isOverdue(): boolean {
    return this.timeoutMs !== undefined && this.elapsedMs >= this.timeoutMs * 0.9;
  }

  /** For what only the response tells: the version negotiated by `initialize`. */
  setProtocolVersion(version: string): void {
    this.#protocolVersion = version;
    this.parts.span?.setAttribute(ATTR_MCP_PROTOCOL_VERSION, version);
  }

  /** Never throws, whatever span and clock do: handlers are watched through this. */
  end(outcome: Outcome): void {
    if (this.#ended) return;
    this.#ended = true;
    this.home?.forget(this);
    const { span, profile, record, id } = this.parts;
    if (id !== undefined) profile.active.open -= 1;
    try {
      if (span !== undefined) this.#endSpan(span, outcome);
    } catch {
      // A broken span costs itself, not the point.
    }
    try {
      const seconds = this.elapsedMs / 1000;
      // Without a beginning there is no duration, and one NaN would spoil the sum for good.
      if (!Number.isNaN(seconds)) record(seconds, this.#metricAttributes(outcome), span);
    } catch {
      // As above.
    }
  }

  #metricAttributes(outcome: Outcome): Attributes {
    const { metricAttributes } = this.parts.profile;
    const { errorType, statusCode } = outcome;
    // The usual case shares one object: no copy, no garbage.
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
    // Its owner may have ended it before us.
    if (!this.parts.ownsSpan && !span.isRecording()) return;
    const { errorType, statusCode, httpStatus } = outcome;
    if (statusCode !== undefined) span.setAttribute(ATTR_RPC_RESPONSE_STATUS_CODE, String(statusCode));
    if (httpStatus !== undefined) span.setAttribute(ATTR_HTTP_RESPONSE_STATUS_CODE, httpStatus);
    if (this.resultType !== undefined) span.setAttribute(ATTR_HANDOFF_MCP_RESULT_TYPE, this.resultType);
    if (errorType !== undefined) {
      span.setAttribute(ATTR_ERROR_TYPE, errorType);
      const message = this.#captured(outcome.message) ?? statusDescription(outcome);
      // Ours are a fixed vocabulary: the guard need not replace them.
      if (message !== undefined) vetText(span, message);
      span.setStatus({ code: SpanStatusCode.ERROR, ...(message === undefined ? {} : { message }) });
      if (this.#thrown !== undefined) this.#addException(span, this.#thrown.value);
    }
  }

  /** Not `span.recordException`: it would put the message out, and stacks begin with the message too. */
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

/** `NaN` where the clock fails: the span has begun already and must end. */
function readMs(clock: Clock): number {
  try {
    return clock.monotonicMs();
  } catch {
    return Number.NaN;
  }
}
