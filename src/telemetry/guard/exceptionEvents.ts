import { SpanStatusCode } from '@opentelemetry/api';
import type { Span } from '@opentelemetry/sdk-trace';
import { framesOf } from '../../errors/exceptionFields.js';
import { ATTR_DB_RESPONSE_STATUS_CODE, ATTR_ERROR_TYPE, ATTR_EXCEPTION_STACKTRACE, ATTR_EXCEPTION_TYPE } from '../semconv.js';
import { isVetted } from './vettedTexts.js';

/** A class or an error code, as programs name them. `recordException` uses the error's `code` or `name`, which may hold any text. */
const TYPE_OR_CODE = /^(?:[A-Z][A-Za-z0-9]{0,60}|[A-Z][A-Z0-9_]{0,60}|[0-9A-Z]{5}|-?\d{1,6})$/;

/**
 * Removes error texts from a span: messages of exception events, types that are not the name of a class or code, the message part of
 * their stacks, and the status text.
 * The status then has the code (`SQLSTATE 22P02`) or the `error.type`, when the span has one.
 */
export function withoutMessages(span: Span): void {
  for (const { name, attributes } of span.events) {
    if (name !== 'exception' || attributes === undefined) continue;
    const message = attributes['exception.message'];
    if (!isVetted(span, message)) delete attributes['exception.message'];
    const errorType = span.attributes[ATTR_ERROR_TYPE];
    if (errorType !== undefined) attributes[ATTR_EXCEPTION_TYPE] ??= errorType;
    const type = attributes[ATTR_EXCEPTION_TYPE];
    if (type !== undefined && (typeof type !== 'string' || !TYPE_OR_CODE.test(type))) attributes[ATTR_EXCEPTION_TYPE] = 'Error';
    const stack = attributes[ATTR_EXCEPTION_STACKTRACE];
    if (typeof stack === 'string')
      attributes[ATTR_EXCEPTION_STACKTRACE] = framesOf(stack, typeof message === 'string' ? message : '') ?? '';
  }
  if (span.status.code !== SpanStatusCode.ERROR || span.status.message === undefined || isVetted(span, span.status.message)) return;
  const message = boundedReason(span);
  span.setStatus({ code: SpanStatusCode.ERROR, ...(message === undefined ? {} : { message }) });
}

function boundedReason(span: Span): string | undefined {
  const sqlState = span.attributes[ATTR_DB_RESPONSE_STATUS_CODE];
  if (typeof sqlState === 'string' && span.attributes['db.system.name'] === 'postgresql') return `SQLSTATE ${sqlState}`;
  const errorType = span.attributes[ATTR_ERROR_TYPE];
  return typeof errorType === 'string' ? errorType : undefined;
}
