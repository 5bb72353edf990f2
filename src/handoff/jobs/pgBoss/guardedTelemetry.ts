import type { Meter, MeterProvider, Span, Tracer, TracerProvider } from '@opentelemetry/api';
import { exceptionType } from '../../../errors/exceptionFields.js';
import { ATTR_EXCEPTION_TYPE } from '../../../telemetry/semconv.js';

/**
 * Gives pg-boss a tracer of the host whose spans carry no text of an error: pg-boss puts messages into the status and into
 * exception events, and those of a database may quote addresses, SQL and values. The class of the error stays.
 */
export function guardedTracerProvider(tracer: Tracer): TracerProvider {
  return { getTracer: () => guardedTracer(tracer) };
}

/** Its metrics have attributes that are bounded: names of queues, which are ours, and of operations. See the catalogue. */
export function meterProvider(meter: Meter): MeterProvider {
  return { getMeter: () => meter };
}

function guardedTracer(tracer: Tracer): Tracer {
  return {
    startSpan: (name, options, parent) => withoutTexts(tracer.startSpan(name, options, parent)),
    // pg-boss does not call it; whoever does gets the tracer's own.
    startActiveSpan: tracer.startActiveSpan.bind(tracer),
  };
}

/** The same object, since context, processors and children know it: only the two methods that take texts are replaced. */
function withoutTexts(span: Span): Span {
  const setStatus = span.setStatus.bind(span);
  return Object.assign(span, {
    setStatus: ({ code }: Parameters<Span['setStatus']>[0]) => setStatus({ code }),
    recordException: (thrown: unknown) => void span.addEvent('exception', { [ATTR_EXCEPTION_TYPE]: exceptionType(thrown) }),
  });
}
