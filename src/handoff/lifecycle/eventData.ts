import { activeTraceparent } from '../../telemetry/traceparent.js';

/** Why a transition happened, as `event_data.cause` says it. The meaning of a word never changes. */
export type TransitionCause = 'idle' | 'orphaned' | 'operator' | 'missing' | 'retention';

/** `event_data` of a transition as JSON: its cause, and the trace in which it was made, if any. */
export function eventData(cause: TransitionCause, more: Readonly<Record<string, unknown>> = {}): string {
  const traceparent = activeTraceparent();
  return JSON.stringify({ cause, ...more, ...(traceparent === undefined ? {} : { traceparent }) });
}
