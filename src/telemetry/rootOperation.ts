import { ROOT_CONTEXT, context, trace } from '@opentelemetry/api';
import type { Observe } from './observe.js';

/**
 * Returns an `Observe` for work that concerns many traces: its spans are roots, linked to the span that was active, if any. As a
 * child of a tool call or of a job, a sweep over a million sessions would blow up the trace of whoever happened to start it.
 */
export function asRoots(observe: Observe): Observe {
  return (operation, attributes, work) => {
    const cause = trace.getSpanContext(context.active());
    return context.with(ROOT_CONTEXT, () =>
      observe(operation, attributes, (scope) => {
        if (cause !== undefined) scope.link(cause);
        return work(scope);
      }),
    );
  };
}
