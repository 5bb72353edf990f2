/** Names of log record fields, from the OpenTelemetry conventions (general, exception) and pino. */

export const FIELD_EVENT_NAME = 'event.name';
export const FIELD_EXCEPTION_TYPE = 'exception.type';
export const FIELD_EXCEPTION_STACKTRACE = 'exception.stacktrace';

export const FIELD_TRACE_ID = 'trace_id';
export const FIELD_SPAN_ID = 'span_id';
export const FIELD_TRACE_FLAGS = 'trace_flags';
