import { SpanKind, SpanStatusCode, context } from '@opentelemetry/api';
import type { Attributes, Meter, Span, SpanContext, Tracer } from '@opentelemetry/api';
import { quietly } from '../errors/quietly.js';
import { exceptionType, stackFrames } from '../errors/exceptionFields.js';
import type { Clock } from '../time/clock.js';
import { operationMetrics } from './catalogue/operations.js';
import type { OperationName } from './catalogue/operations.js';
import { currentTool } from './currentTool.js';
import { errorType } from './errorType.js';
import { createInstrument } from './instruments.js';
import { inSpan } from './valueContext.js';
import type { Log } from './log.js';
import {
  ATTR_ERROR_TYPE,
  ATTR_EVENT_NAME,
  ATTR_EXCEPTION_STACKTRACE,
  ATTR_EXCEPTION_TYPE,
  ATTR_GEN_AI_TOOL_NAME,
  ATTR_HANDOFF_OPERATION_NAME,
  ATTR_HANDOFF_SESSION_ID,
  VALUE_OTHER,
} from './semconv.js';

/** What the work can report about itself while it runs. */
export interface OperationScope {
  /** Adds attributes known only now (a sequence number, a session id). Metrics still see only what the catalogue allows. */
  add(attributes: Attributes): void;
  /** Marks an outcome that is reported to the caller without an exception (`session_not_found`); bounded values only. */
  fail(reason: string): void;
  /** Links the operation's span to another one, of any trace. */
  link(to: SpanContext): void;
}

/**
 * Runs `work` as one operation: an INTERNAL span active during it, one point of `handoff.operation.duration` and one
 * log record, whatever the outcome. Returns or throws exactly what `work` does; a telemetry failure changes nothing.
 */
export type Observe = <T>(operation: OperationName, attributes: Attributes, work: (scope: OperationScope) => Promise<T>) => Promise<T>;

/** What is known of an operation that has ended. */
export interface EndedOperation {
  readonly name: OperationName;
  readonly durationMs: number;
  /** Absent for a success. */
  readonly errorType: string | undefined;
  readonly sessionId: string | undefined;
}

export interface ObserveDependencies {
  readonly tracer: Tracer;
  readonly meter: Meter;
  readonly log: Log;
  readonly clock: Clock;
  /** Told of every operation that has ended. */
  readonly onOperation?: (operation: EndedOperation) => void;
}

/** Builds the services' only emitter; call it once at setup and pass it down. */
export function createObserve({ tracer, meter, log, clock, onOperation }: ObserveDependencies): Observe {
  const recordDuration = createInstrument(meter, operationMetrics.duration);

  return async (operation, attributes, work) => {
    const startMs = clock.monotonicMs();
    const state = new RunningOperation({ ...attributes, [ATTR_HANDOFF_OPERATION_NAME]: operation });
    const span = startSpan(tracer, operation, state.attributes);
    state.span = span;
    return span === undefined ? run() : context.with(inSpan(context.active(), span), run);

    async function run(): ReturnType<typeof work> {
      try {
        const result = await work(state);
        finish();
        return result;
      } catch (thrown) {
        state.fail(errorType(thrown));
        finish({ thrown });
        throw thrown;
      }
    }

    /** Runs in the span's context, so that the log record carries the span's id and not the caller's. */
    function finish(failure?: Thrown): void {
      const durationMs = clock.monotonicMs() - startMs;
      quietly(() => endSpan(span, state, failure));
      recordDuration(durationMs / 1000, state.attributes);
      if (onOperation !== undefined) quietly(() => onOperation(ended(operation, durationMs, state)));
      quietly(() => writeRecord(log, operation, state, durationMs, failure));
    }
  };
}

/** What the work threw, wrapped: even `undefined` can be thrown. */
interface Thrown {
  readonly thrown: unknown;
}

class RunningOperation implements OperationScope {
  readonly attributes: Attributes;
  /** The part of `attributes` that was added after the span started. */
  readonly added: Attributes = {};
  failed = false;
  /** Set once the span has started; `undefined` where it could not. */
  span: Span | undefined;

  constructor(attributes: Attributes) {
    this.attributes = attributes;
  }

  link(to: SpanContext): void {
    quietly(() => this.span?.addLink({ context: to }));
  }

  add(attributes: Attributes): void {
    Object.assign(this.attributes, attributes);
    Object.assign(this.added, attributes);
  }

  fail(reason: string): void {
    this.failed = true;
    this.add({ [ATTR_ERROR_TYPE]: reason });
  }
}

function ended(name: OperationName, durationMs: number, { attributes, failed }: RunningOperation): EndedOperation {
  const { [ATTR_ERROR_TYPE]: type, [ATTR_HANDOFF_SESSION_ID]: sessionId } = attributes;
  return {
    name,
    durationMs,
    errorType: failed ? (typeof type === 'string' ? type : VALUE_OTHER) : undefined,
    sessionId: typeof sessionId === 'string' ? sessionId : undefined,
  };
}

function startSpan(tracer: Tracer, operation: OperationName, attributes: Attributes): Span | undefined {
  try {
    return tracer.startSpan(operation, { kind: SpanKind.INTERNAL, attributes });
  } catch {
    return undefined;
  }
}

function endSpan(span: Span | undefined, state: RunningOperation, failure: Thrown | undefined): void {
  if (span === undefined) return;
  try {
    span.setAttributes(state.added);
    if (state.failed) span.setStatus({ code: SpanStatusCode.ERROR });
    if (failure !== undefined) span.addEvent('exception', exceptionAttributes(failure.thrown));
  } finally {
    span.end();
  }
}

/** Only the class and the stack frames are exported: messages may quote the caller's content. See exceptionFields.ts. */
function exceptionAttributes(thrown: unknown): Attributes {
  const frames = stackFrames(thrown);
  return { [ATTR_EXCEPTION_TYPE]: exceptionType(thrown), ...(frames === undefined ? {} : { [ATTR_EXCEPTION_STACKTRACE]: frames }) };
}

function writeRecord(log: Log, operation: OperationName, state: RunningOperation, durationMs: number, failure: Thrown | undefined): void {
  const level = failure !== undefined ? 'error' : state.failed ? 'warn' : 'info';
  if (log.wants?.(level, operation) === false) return;
  const tool = currentTool();
  const fields = {
    [ATTR_EVENT_NAME]: operation,
    ...(tool === undefined ? {} : { [ATTR_GEN_AI_TOOL_NAME]: tool }),
    durationMs: Math.round(durationMs * 1000) / 1000,
    success: !state.failed,
    ...state.attributes,
  };
  log[level](failure === undefined ? fields : { ...fields, err: failure.thrown }, operation);
}
